# SPDX-License-Identifier: Apache-2.0
"""The application context: a container with a life."""

from functools import partial
from typing import Any, TypeVar

from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.ordering import get_order
from pyfly.container.provider import BeanType
from pyfly.container.refresh_scope import REFRESH_SCOPE_NAME, RefreshScope
from pyfly.container.types import Scope, ScopeSpec
from pyfly.context._initializer import Initializer, LiveBean
from pyfly.context._settings import shutdown_timeout, switched_on
from pyfly.context._wirers import Wirers
from pyfly.context.condition_report import ConditionReport
from pyfly.context.environment import Environment
from pyfly.context.events import (
    ApplicationEventBus,
    ApplicationEventPublisher,
    ApplicationReadyEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
)
from pyfly.context.exceptions import StartupError
from pyfly.context.post_processor import BeanPostProcessor, is_post_processor
from pyfly.context.refresh import ContextRefresher
from pyfly.context.runners import ApplicationArguments

T = TypeVar("T")


class ApplicationContext:
    """Decides which beans there are, creates them in order, and brings them to an orderly end.

    Args:
        config: The configuration of the application.
        check_keys: Whether a key that nothing reads stops the start, as far as `pyfly.config.key_check` can
            tell; ``pyfly.config.strict: false`` makes that a warning.
    """

    def __init__(self, config: Config, *, check_keys: bool = False) -> None:
        self._config = config
        self._check_keys = check_keys
        self._container = Container()
        self._environment = Environment(config)
        self._event_bus = ApplicationEventBus()
        self._report = ConditionReport()
        self._wirers = Wirers()
        self._initializer = Initializer(self._container, self._event_bus, self._wirers)
        self._refresh_scope = RefreshScope()
        self._processors: list[BeanPostProcessor] = []
        self._started = self._stopped = self._announced = self._ready = self._refuses = False
        self._preparation: Any = None
        self._starting: Any = None
        self._start_ended: Any = None
        self._container.allow_overriding(
            switched_on(config, "pyfly.context.allow-bean-definition-overriding")
        )
        self._container.use_lifecycle(self._initializer)
        self._container.register_scope(REFRESH_SCOPE_NAME, self._refresh_scope)
        self._refresher = ContextRefresher(self._container, self._refresh_scope, self._event_bus, config)
        publisher = ApplicationEventPublisher(self._event_bus)
        for kind, bean in (
            (Config, config),
            (Container, self._container),
            (ApplicationContext, self),
            (Environment, self._environment),
            (ApplicationEventBus, self._event_bus),
            (ApplicationEventPublisher, publisher),
            (ContextRefresher, self._refresher),
        ):
            self._container.register_instance(kind, bean)

    @property
    def container(self) -> Container:
        """The container that holds the beans."""
        return self._container

    @property
    def config(self) -> Config:
        """The configuration of the application."""
        return self._config

    @property
    def environment(self) -> Environment:
        """The active profiles."""
        return self._environment

    @property
    def event_bus(self) -> ApplicationEventBus:
        """The bus of the application events."""
        return self._event_bus

    @property
    def is_running(self) -> bool:
        """Whether the context has been started, and not been stopped yet."""
        return self._started and not self._stopped

    @property
    def is_ready(self) -> bool:
        """Whether requests are welcome: from `ApplicationReadyEvent` until a stop is asked for."""
        return self._ready and not self._refuses and not self._stopped

    @property
    def condition_report(self) -> ConditionReport:
        """What conditions decided, and why; complete also after a start that failed."""
        return self._report

    @property
    def bean_count(self) -> int:
        """How many beans exist as singletons."""
        return sum(it.instance is not None for it in self._container.registrations())

    @property
    def wiring_counts(self) -> dict[str, int]:
        """How many methods and helpers were wired, by kind."""
        counts = dict(self._wirers.counts)
        if "event_listeners" in counts:
            counts["event_listeners"] = self._initializer.listeners

        return counts

    def get_bean_counts_by_stereotype(self) -> dict[str, int]:
        """Count the beans by stereotype; ``"other"`` for those without one."""
        counts: dict[str, int] = {}
        for definition in self._container.registrations():
            stereotype = vars(definition.impl_type).get("__pyfly_stereotype__", "other")
            counts[stereotype] = counts.get(stereotype, 0) + 1

        return counts

    def register_bean(self, cls: type, *, name: str = "", scope: ScopeSpec = Scope.SINGLETON) -> None:
        """Register a class as a bean, with the markers it carries, and bind it to the ports it inherits."""
        self._container.register(cls, scope=scope, name=name)
        self._container.bind_ports_of(cls)

    def register_post_processor(self, processor: BeanPostProcessor) -> None:
        """Add a post-processor that is not a bean itself."""
        self._processors.append(processor)

    def get_bean(self, bean_type: BeanType[T]) -> T:
        """Return the bean of a type; see `Container.resolve`."""
        return self._container.resolve(bean_type)

    async def aget_bean(self, bean_type: BeanType[T]) -> T:
        """Return the bean of a type, awaiting asynchronous factories and hooks."""
        return await self._container.aresolve(bean_type)

    def get_bean_by_name(self, name: str) -> Any:
        """Return the bean of a name."""
        return self._container.resolve_by_name(name)

    def get_beans_of_type(self, bean_type: BeanType[T]) -> list[T]:
        """Return every bean of a type, by the ``@order`` of their classes."""
        return sorted(self._container.resolve_all(bean_type), key=lambda bean: get_order(type(bean)))

    def contains_bean(self, name: str) -> bool:
        """Return whether a bean has this name."""
        return self._container.contains(name)

    def prepare(self) -> None:
        """Decide which beans there are, and check them, without making any; `start` goes on from there.

        Profiles and conditions are evaluated, settings are bound and checked, the graph is checked. What is
        decided stays decided: further calls have no effect, and beans that say when they take part have to be
        registered before.

        Raises:
            BeanCreationException: Something is wrong, as it would be at the start; a start fails likewise.
        """
        if not self._started:
            self._refuse_second_life()
            self._prepared()

    async def start(self, *, publish_ready: bool = True) -> None:
        """Select, check, create, initialise, wire and start the beans.

        Args:
            publish_ready: Publish `ApplicationReadyEvent` at the end. A server passes ``False`` and calls
                `publish_ready` once it listens.

        Raises:
            BeanCreationException: Something is wrong; what had been started is stopped again.
        """
        self._refuse_second_life()
        # The loop's machinery is only imported by an application that runs.
        import asyncio

        self._started = True
        self._starting, start_ended = asyncio.current_task(), asyncio.Event()
        self._start_ended = start_ended
        try:
            await self._bring_up()
            if publish_ready:
                await self.publish_ready()
        except BeanCreationException:
            await self._bring_down(None)
            raise
        except Exception as error:
            await self._bring_down(None)
            raise StartupError(error) from error
        except BaseException:
            await self._bring_down(None)
            raise
        finally:
            self._starting = None
            start_ended.set()

    async def publish_ready(self) -> None:
        """Publish `ApplicationReadyEvent`, once; the context is ready when every listener has heard it."""
        if not self._announced:
            self._announced = True
            await self._event_bus.publish(ApplicationReadyEvent())
            self._ready = True

    async def refuse_requests(self) -> None:
        """Be no longer ready, for good; a server calls it as soon as it is asked to stop.

        Every bean still works, and requests in flight are still answered.
        """
        self._refuses = True

    async def stop(self, timeout: float | None = None) -> None:
        """Stop and destroy the beans, the last one first; without effect before a start and after a stop.

        A start that is still under way in another task is cancelled, and waited for.

        Args:
            timeout: Limit of the whole stop in seconds; each step is limited by
                ``pyfly.context.shutdown-timeout`` too.

        Raises:
            BeanCreationException: It is called by something that the start itself waits for.
        """
        if not self._started or self._stopped:
            self._stopped = True
            return

        if self._starting is not None:
            await self._give_up_start()
            return

        await self._bring_down(timeout, closing=True)

    async def _give_up_start(self) -> None:
        import asyncio

        if self._starting is asyncio.current_task():
            raise BeanCreationException(
                "startup",
                "ApplicationContext",
                "stop() is called while the same task starts the context",
                action="To give up the start, raise an error. Otherwise stop the context after its start.",
            )

        self._starting.cancel("the context is stopped before it has started")
        await self._start_ended.wait()

    async def _bring_up(self) -> None:
        # What runs once is imported by an application that starts, not with the core.
        from pyfly.context._runners import run_all

        container, preparation = self._container, self._prepared()
        eager = preparation.eager()
        self._initializer.begin_first_round()
        self._initializer.use_processors(await self._find_processors())
        for definition in eager:
            await container.aobtain(definition)

        await self._wirers.find(container)
        await self._wirers.before_start(self)
        self._initializer.end_first_round()
        self._refresher.remember()
        await self._initializer.second_round()
        await self._wire(preparation.bound_classes)
        await self._event_bus.publish(ContextRefreshedEvent())
        await self._initializer.start_late_phases()
        await run_all(container, self._arguments())

    def _refuse_second_life(self) -> None:
        if self._started or self._stopped:
            state = "stopped" if self._stopped else "started"
            raise BeanCreationException(
                "startup",
                "ApplicationContext",
                f"the context is {state} already; a context starts once, make a new one",
            )

    def _prepared(self) -> Any:
        # What decides once is imported by an application that starts, not with the core.
        from pyfly.context._preparation import Preparation

        if self._preparation is None:
            self._preparation = Preparation(
                self._config,
                self._container,
                self._environment,
                self._report,
                self._refresher,
                check_keys=self._check_keys,
            )

        self._preparation.run()
        return self._preparation

    async def _find_processors(self) -> list[BeanPostProcessor]:
        found: list[Any] = list(self._processors)
        for definition in self._container.registrations():
            if definition.scope is Scope.SINGLETON and is_post_processor(definition.impl_type):
                found.append(await self._container.aobtain(definition))

        unique = {type(processor): processor for processor in found[::-1]}
        self._wirers.counts["post_processors"] = len(unique)
        in_order_of_registration = list(unique.values())[::-1]
        return sorted(in_order_of_registration, key=lambda processor: get_order(type(processor)))

    async def _wire(self, config_properties: int) -> None:
        given = [
            it.instance for it in self._container.registrations() if it.ready_made and it.instance is not None
        ]
        self._initializer.begin_listening(given)
        self._wirers.counts["config_properties"] = config_properties
        self._wirers.counts["event_listeners"] = self._initializer.listeners
        await self._wirers.wire(self)

    def _arguments(self) -> ApplicationArguments:
        given = self._container.instances_of(ApplicationArguments)
        return given[0] if given else ApplicationArguments()

    async def _bring_down(self, timeout: float | None, *, closing: bool = False) -> None:
        # The loop's machinery is only imported by an application that runs.
        from pyfly.context._shutdown import Shutdown

        self._stopped = True
        shutdown = Shutdown(shutdown_timeout(self._config), timeout)
        if closing:
            await shutdown.step(self._publish_closed, "context_closed_event", {})

        # A hook may ask for a lazy bean, which then has to end too.
        while living := self._initializer.take_in_order_of_end():
            for live in living:
                await self._end(live, shutdown)

        await shutdown.end_evicted(self._container, self._refresh_scope.evict())
        for label, cleanup in self._container.cleanups():
            await shutdown.step(cleanup, "bean_cleanup", {"bean": label})

        shutdown.finish()

    async def _publish_closed(self) -> None:
        failures = await self._event_bus.publish_to_all(ContextClosedEvent())
        if failures:
            raise ExceptionGroup("listeners of ContextClosedEvent failed", failures)

    async def _end(self, live: LiveBean, shutdown: Any) -> None:
        bean, adapter = live.carrier("pre_destroy"), live.carrier("lifecycle")
        if live.ready:
            destroy = partial(self._initializer.destroy, bean)
            await shutdown.step(destroy, "pre_destroy", {"bean": type(bean).__name__})

        if live.running:
            live.running = False
            facts = {"adapter": type(adapter).__name__}
            await shutdown.step(adapter.stop, "adapter_stop", facts)
