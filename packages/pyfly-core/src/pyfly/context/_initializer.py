# SPDX-License-Identifier: Apache-2.0
"""Bringing beans to life, and to their end."""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyfly.container.container import Container
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.lifecycle import BeanLifecycle
from pyfly.container.registry import Registration
from pyfly.container.types import Scope
from pyfly.context._hooks import hooks_of, method_of
from pyfly.context._log import log
from pyfly.context._wirers import Wirers
from pyfly.context.events import ApplicationEventBus, listener_event_types
from pyfly.context.post_processor import BeanPostProcessor


@dataclass(slots=True, eq=False)
class LiveBean:
    """A bean that was created in a context, and how far it has come.

    Attributes:
        definition: Its definition.
        made: The object as it was made.
        bean: The same, or what a post-processor put in its place.
        ready: Its end has something to run.
        running: It was started.
    """

    definition: Registration
    made: Any
    bean: Any
    ready: bool = False
    running: bool = False

    @property
    def title(self) -> str:
        return self.definition.name or type(self.bean).__name__

    @property
    def phase(self) -> int:
        return hooks_of(type(self.carrier("lifecycle"))).phase

    def carrier(self, hook: str) -> Any:
        """Return whose hook is called: a wrapper need not repeat the hooks of what it stands for."""
        return self.bean if getattr(hooks_of(type(self.bean)), hook) else self.made


class Initializer(BeanLifecycle):
    """Runs post-processors, hooks and ``start``: in two rounds during the start, at once afterwards."""

    def __init__(self, container: Container, bus: ApplicationEventBus, wirers: Wirers) -> None:
        self._container = container
        self._bus = bus
        self._wirers = wirers
        self._processors: list[BeanPostProcessor] = []
        self._first_round = False
        self._listening = False
        self.live: list[LiveBean] = []
        self.listeners = 0

    def begin_first_round(self) -> None:
        """From now on, only collect what is created: the second round initialises it."""
        self._first_round = True

    def end_first_round(self) -> None:
        """From now on, initialise each bean as soon as it is created."""
        self._first_round = False

    def use_processors(self, processors: list[BeanPostProcessor]) -> None:
        """Set the post-processors, and show them the beans that exist because the processors needed them."""
        self._processors = processors
        for live in self.live:
            if live.bean not in processors:
                self._replace(live, self._before_init(live.bean, live.definition))

    def concerns(self, cls: type) -> bool:
        if self._first_round or self._processors or not hooks_of(cls).none:
            return True

        return self._wirers.concern(cls)

    async def complete(self, definition: Registration, bean: Any, *, may_await: bool) -> Any:
        live = LiveBean(definition, bean, self._before_init(bean, definition))
        # Without a hook to come, a bean is complete by its construction: from now on it has an end to run.
        live.ready = not hooks_of(type(live.carrier("post_construct"))).post_construct
        if self._first_round:
            self.live.append(live)
            return live.bean

        if definition.scope is Scope.SINGLETON:
            self.live.append(live)

        try:
            await self._initialise(live, may_await=may_await)
            await self._start(live, may_await=may_await)
        except Exception:
            await self._undo(live, may_await=may_await)
            raise

        if definition.scope is Scope.SINGLETON and self._listening:
            self.subscribe(live.carrier("listeners"))
            self._wirers.wire_late(live.bean)

        return live.bean

    async def _undo(self, live: LiveBean, *, may_await: bool) -> None:
        """End a bean that failed to come up; where that means to wait, the context does it at its end."""
        bean = live.carrier("pre_destroy")
        names = hooks_of(type(bean)).pre_destroy if live.ready else ()
        if not may_await and any(inspect.iscoroutinefunction(getattr(bean, name)) for name in names):
            return

        self.live = [other for other in self.live if other is not live]
        if live.ready and live.definition.scope is not Scope.TRANSIENT:
            await self.destroy(bean)

    async def second_round(self) -> None:
        """Initialise what the first round created, in that order, and start what is not to start later."""
        for live in list(self.live):
            before = live.bean
            await self._initialise(live, may_await=True)
            if live.bean is not before:
                self._replace(live, live.bean)

            if live.phase <= 0:
                await self._start(live, may_await=True)

        self.live = [live for live in self.live if live.definition.scope is Scope.SINGLETON]

    def take_in_order_of_end(self) -> list[LiveBean]:
        """Hand over what lives: the highest late phase first, then the last created first."""
        living = [live for live in reversed(self.live) if live.definition.scope is Scope.SINGLETON]
        self.live = []
        return sorted(living, key=lambda live: -max(live.phase, 0))

    async def start_late_phases(self) -> None:
        """Start the beans of positive phases, lower phases first."""
        late = [live for live in self.live if not live.running and live.phase > 0]
        for live in sorted(late, key=lambda live: live.phase):
            await self._start(live, may_await=True)

    def begin_listening(self, given: Iterable[Any]) -> None:
        """Subscribe the listeners of all that exists, and from now on those of each new bean."""
        self._listening = True
        for bean in [*given, *(live.carrier("listeners") for live in self.live)]:
            self.subscribe(bean)

    def subscribe(self, bean: Any) -> None:
        """Subscribe the application event listeners of a bean."""
        cls = type(bean)
        for name in hooks_of(cls).listeners:
            self._bus.subscribe(
                listener_event_types(method_of(cls, name), cls), getattr(bean, name), owner_cls=cls
            )
            self.listeners += 1

    def ending(self, definition: Registration, bean: Any) -> Callable[[], Awaitable[None] | None] | None:
        """Return what runs the ``@pre_destroy`` methods of a bean, or ``None`` when it has none."""
        names = hooks_of(type(bean)).pre_destroy
        if not names:
            return None

        def end() -> Awaitable[None] | None:
            if any(inspect.iscoroutinefunction(getattr(bean, name)) for name in names):
                return self.destroy(bean)

            for name in names:
                _report_failure(bean, name, getattr(bean, name))

            return None

        return end

    async def destroy(self, bean: Any) -> None:
        """Run the ``@pre_destroy`` methods of a bean; failures are logged and stop nothing."""
        for name in hooks_of(type(bean)).pre_destroy:
            outcome = _report_failure(bean, name, getattr(bean, name))
            if inspect.isawaitable(outcome):
                try:
                    await outcome
                except Exception as error:
                    log_destroy_failure(bean, name, error)

    async def _initialise(self, live: LiveBean, *, may_await: bool) -> None:
        bean = live.carrier("post_construct")
        cls = type(bean)
        for name in hooks_of(cls).post_construct:
            try:
                await _called(getattr(bean, name), live, name, may_await)
            except BeanCreationException:
                raise
            except Exception as error:
                raise BeanCreationException(
                    "lifecycle",
                    cls.__name__,
                    f"{name}() failed: {_told(error)}",
                    action=_remedy(error),
                ) from error
            except BaseException:
                # A hook that is cancelled half-way may have opened something, like the hooks before it.
                live.ready = True
                raise

            live.ready = True

        for processor in self._processors:
            if live.bean is not processor:
                live.bean = _processed(
                    processor.after_init(live.bean, live.title), processor, live.title, "after_init"
                )

    async def _start(self, live: LiveBean, *, may_await: bool) -> None:
        bean = live.carrier("lifecycle")
        cls = type(bean)
        if live.running or live.definition.scope is not Scope.SINGLETON or not hooks_of(cls).lifecycle:
            return

        # A start that is cancelled half-way may have opened something, so stop() has to run; one that
        # fails has not started.
        live.running = True
        try:
            await _called(bean.start, live, "start", may_await)
        except Exception as error:
            live.running = False
            raise BeanCreationException(
                _subsystem(cls), cls.__name__, f"start() failed: {_told(error)}", action=_remedy(error)
            ) from error

    def _before_init(self, bean: Any, definition: Registration) -> Any:
        for processor in self._processors:
            if bean is not processor:
                title = definition.name or type(bean).__name__
                bean = _processed(processor.before_init(bean, title), processor, title, "before_init")

        return bean

    def _replace(self, live: LiveBean, replacement: Any) -> None:
        old = live.definition.instance
        live.bean = replacement
        if old is replacement or live.definition.scope is not Scope.SINGLETON:
            return

        holders = self._container.holders_of(live.definition)
        self._container.replace_instance(live.definition, replacement)
        if holders:
            # Constructors have run already; only before_init comes early enough to reach them.
            log.warning(
                "bean_replaced_after_injection",
                extra={"bean": live.title, "still_held_by": ", ".join(holder.label for holder in holders)},
            )


async def _called(method: Callable[[], Any], live: LiveBean, name: str, may_await: bool) -> None:
    if not may_await and inspect.iscoroutinefunction(method):
        raise BeanCreationException(
            "lifecycle",
            type(live.bean).__name__,
            f"{name}() is asynchronous and cannot run inside a synchronous resolve",
            action="Take the bean with `await context.aget_bean(...)` or `await provider.aget()`.",
        )

    outcome = method()
    if inspect.isawaitable(outcome):
        await outcome


def _processed(bean: Any, processor: BeanPostProcessor, title: str, step: str) -> Any:
    if bean is None:
        raise BeanCreationException(
            "lifecycle",
            type(processor).__name__,
            f"{step}() returned None for '{title}'",
            action=f"Return the bean, or its replacement, from {type(processor).__name__}.{step}().",
        )

    return bean


def _report_failure(bean: Any, name: str, method: Callable[[], Any]) -> Any:
    try:
        return method()
    except Exception as error:
        log_destroy_failure(bean, name, error)
        return None


def log_destroy_failure(bean: Any, name: str, error: Exception) -> None:
    """Tell that a ``@pre_destroy`` method failed."""
    log.warning(
        "pre_destroy_failed",
        exc_info=error,
        extra={"bean": type(bean).__name__, "method": name, "error": _told(error)},
    )


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _remedy(error: Exception) -> str:
    return getattr(error, "action", "") or "The traceback names the line that raised it."


def _subsystem(cls: type) -> str:
    parts = cls.__module__.split(".")
    return parts[1] if parts[0] == "pyfly" and len(parts) > 1 else "infrastructure"
