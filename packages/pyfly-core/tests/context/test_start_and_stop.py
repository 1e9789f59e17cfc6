# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated

import pytest

from pyfly.config.store import Config
from pyfly.config.value import Value
from pyfly.container import (
    BeanCreationException,
    BeanCurrentlyInCreationError,
    Container,
    NoSuchBeanError,
    NoUniqueBeanError,
    Provider,
    Scope,
    ScopeMismatchError,
    WiringError,
    lazy,
    refresh_scope,
    service,
)
from pyfly.context import (
    ApplicationContext,
    ApplicationEvent,
    ApplicationEventBus,
    ApplicationEventPublisher,
    ApplicationReadyEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
    ContextRefresher,
    Environment,
    app_event_listener,
    post_construct,
    pre_destroy,
)

Start = Callable[..., Awaitable[ApplicationContext]]


class Missing: ...


def context_of(*classes: type, **keys: object) -> ApplicationContext:
    context = ApplicationContext(Config(keys))
    for cls in classes:
        context.register_bean(cls)

    return context


class TestNewContext:
    def test_its_parts_are_injectable_at_once(self) -> None:
        config = Config({})
        context = ApplicationContext(config)

        assert context.get_bean(Config) is config is context.config
        assert context.get_bean(Container) is context.container
        assert context.get_bean(ApplicationContext) is context
        assert context.get_bean(Environment) is context.environment
        assert context.get_bean(ApplicationEventBus) is context.event_bus
        assert isinstance(context.get_bean(ApplicationEventPublisher), ApplicationEventPublisher)
        assert isinstance(context.get_bean(ContextRefresher), ContextRefresher)

    async def test_starts_empty(self, start: Start) -> None:
        context = await start()

        assert context.get_bean(ApplicationContext) is context

    def test_registers_with_name_and_scope_and_binds_ports(self) -> None:
        class Port: ...

        Port.__module__ = "shop.ports.outbound"

        class Adapter(Port): ...

        context = ApplicationContext(Config({}))
        context.register_bean(Adapter, name="adapter", scope=Scope.TRANSIENT)

        assert context.contains_bean("adapter")
        assert context.get_bean(Port) is not context.get_bean(Port)
        assert type(context.get_bean_by_name("adapter")) is Adapter


class TestEvents:
    async def test_refreshed_then_ready_then_closed(self) -> None:
        seen: list[type] = []

        @service
        class Watcher:
            @app_event_listener
            def on(self, event: ApplicationEvent) -> None:
                seen.append(type(event))

        context = context_of(Watcher)
        await context.start()
        await context.stop()

        assert seen == [ContextRefreshedEvent, ApplicationReadyEvent, ContextClosedEvent]

    async def test_ready_waits_for_the_server_where_asked_to(self) -> None:
        seen: list[type] = []

        @service
        class Watcher:
            @app_event_listener
            def on(self, event: ApplicationReadyEvent) -> None:
                seen.append(type(event))

        context = context_of(Watcher)
        await context.start(publish_ready=False)
        assert seen == []

        await context.publish_ready()
        await context.publish_ready()
        await context.stop()
        assert seen == [ApplicationReadyEvent]

    async def test_listeners_of_given_instances_are_wired(self) -> None:
        seen: list[type] = []

        class Watcher:
            @app_event_listener
            def on(self, event: ApplicationReadyEvent) -> None:
                seen.append(type(event))

        context = ApplicationContext(Config({}))
        context.container.register_instance(Watcher, Watcher())
        await context.start()
        await context.stop()

        assert seen == [ApplicationReadyEvent]

    async def test_beans_work_while_closing_and_one_failing_listener_stops_nobody(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        steps: list[str] = []

        @service
        class Failing:
            @app_event_listener
            def closing(self, event: ContextClosedEvent) -> None:
                raise OSError("flush failed")

        @service
        class Buffer:
            @app_event_listener
            async def closing(self, event: ContextClosedEvent) -> None:
                steps.append("flush")

            @pre_destroy
            def end(self) -> None:
                steps.append("end")

        context = context_of(Failing, Buffer)
        await context.start()
        await context.stop()

        assert steps == ["flush", "end"]
        assert "flush failed" in caplog.text


class TestGraphCheck:
    async def expect(
        self, error: type[BaseException], *classes: type, **keys: object
    ) -> BeanCreationException:
        created: list[str] = []

        class Canary:
            def __init__(self) -> None:
                created.append("canary")

        with pytest.raises(error) as caught:
            await context_of(Canary, *classes, **keys).start()

        assert created == []
        assert isinstance(caught.value, BeanCreationException)
        return caught.value

    async def test_missing(self) -> None:
        class Service:
            def __init__(self, missing: Missing) -> None: ...

        await self.expect(NoSuchBeanError, Service)

    async def test_ambiguous(self) -> None:
        class Base: ...

        class One(Base): ...

        class Two(Base): ...

        class Service:
            def __init__(self, base: Base) -> None: ...

        await self.expect(NoUniqueBeanError, One, Two, Service)

    async def test_circle(self) -> None:
        class Egg: ...

        class Chicken:
            def __init__(self, egg: Egg) -> None: ...

        class LaidEgg(Egg):
            def __init__(self, chicken: Chicken) -> None: ...

        await self.expect(BeanCurrentlyInCreationError, Chicken, LaidEgg)

    @pytest.mark.parametrize("scope", [Scope.REQUEST, Scope.SESSION, "refresh"])
    async def test_captive_bean(self, scope: Scope | str) -> None:
        @service(scope=scope)
        class Short: ...

        class Between:
            __pyfly_scope__ = Scope.TRANSIENT

            def __init__(self, short: Short) -> None: ...

        class Long:
            def __init__(self, between: Between) -> None: ...

        error = await self.expect(ScopeMismatchError, Short, Between, Long)

        assert "Provider[Short]" in str(error)

    async def test_provider_of_a_shorter_lived_bean_is_fine(self, start: Start) -> None:
        @refresh_scope
        @service
        class Short: ...

        class Long:
            def __init__(self, short: Provider[Short]) -> None:
                self.short = short

        context = await start(Short, Long)

        assert context.get_bean(Long).short() is context.get_bean(Short)

    async def test_values_without_setting(self) -> None:
        class Service:
            def __init__(self, limit: Annotated[int, Value("${shop.limit}")]) -> None: ...

        error = await self.expect(BeanCreationException, Service)

        assert "shop.limit" in str(error)
        assert "Service.__init__" in str(error)

    async def test_beans_of_every_eager_scope_are_checked(self) -> None:
        @service(scope=Scope.TRANSIENT)
        class Job:
            def __init__(self, missing: Missing) -> None: ...

        await self.expect(NoSuchBeanError, Job)

    async def test_all_findings_come_at_once(self) -> None:
        class Base: ...

        class One(Base): ...

        class Two(Base): ...

        class First:
            def __init__(self, missing: Missing) -> None: ...

        class Second:
            def __init__(self, base: Base) -> None: ...

        error = await self.expect(WiringError, One, Two, First, Second)

        assert isinstance(error, WiringError)
        assert [type(problem) for problem in error.problems] == [NoSuchBeanError, NoUniqueBeanError]
        assert "First" in str(error)
        assert "Second" in str(error)

    async def test_lazy_bean_is_checked_when_it_is_needed(self, start: Start) -> None:
        @lazy
        @service
        class Rare:
            def __init__(self, missing: Missing) -> None: ...

        context = await start(Rare)

        with pytest.raises(NoSuchBeanError):
            context.get_bean(Rare)


class TestFailedStart:
    async def test_creation_error_keeps_its_type_or_is_wrapped(self) -> None:
        class Broken:
            def __init__(self) -> None:
                raise OSError("no disk")

        with pytest.raises(BeanCreationException) as caught:
            await context_of(Broken).start()

        error = caught.value
        assert (error.subsystem, error.provider, error.reason) == ("startup", "OSError", "no disk")
        assert isinstance(error.__cause__, OSError)

    async def test_failing_start_of_a_bean_names_it(self) -> None:
        class Broker:
            async def start(self) -> None:
                raise OSError("refused")

            async def stop(self) -> None: ...

        with pytest.raises(BeanCreationException) as caught:
            await context_of(Broker).start()

        error = caught.value
        assert (error.subsystem, error.provider) == ("infrastructure", "Broker")
        assert "refused" in error.reason

    async def test_subsystem_of_a_framework_class_comes_from_its_module(self) -> None:
        class Broker:
            async def start(self) -> None:
                raise OSError("refused")

            async def stop(self) -> None: ...

        Broker.__module__ = "pyfly.messaging.adapters.kafka.adapter"

        with pytest.raises(BeanCreationException) as caught:
            await context_of(Broker).start()

        assert caught.value.subsystem == "messaging"

    async def test_rolls_back_in_reverse(self) -> None:
        steps: list[str] = []

        class Pool:
            async def start(self) -> None:
                steps.append("start pool")

            async def stop(self) -> None:
                steps.append("stop pool")

            @pre_destroy
            def drain(self) -> None:
                steps.append("drain pool")

        class Cache:
            @pre_destroy
            def clear(self) -> None:
                steps.append("clear cache")

        class Broken:
            @post_construct
            def fail(self) -> None:
                raise OSError("no")

            @pre_destroy
            def never(self) -> None:
                steps.append("never")

        context = context_of(Pool, Cache, Broken)
        with pytest.raises(BeanCreationException):
            await context.start()

        assert steps == ["start pool", "clear cache", "drain pool", "stop pool"]
        await context.stop()
        assert len(steps) == 4

    async def test_what_was_created_is_destroyed_when_a_later_constructor_fails(self) -> None:
        steps: list[str] = []

        class Connection:
            def __init__(self) -> None:
                steps.append("connect")

            @pre_destroy
            def close(self) -> None:
                steps.append("close")

        class Broken:
            def __init__(self) -> None:
                raise OSError("no")

        with pytest.raises(BeanCreationException):
            await context_of(Connection, Broken).start()

        assert steps == ["connect", "close"]

    async def test_cancelled_start_rolls_back(self) -> None:
        steps: list[str] = []
        waiting = asyncio.Event()

        class Pool:
            async def start(self) -> None:
                steps.append("start")

            async def stop(self) -> None:
                steps.append("stop")

        class Slow:
            async def start(self) -> None:
                waiting.set()
                await asyncio.Event().wait()

            async def stop(self) -> None:
                steps.append("stop slow")

        starting = asyncio.ensure_future(context_of(Pool, Slow).start())
        await asyncio.wait_for(waiting.wait(), 5)
        starting.cancel()

        with pytest.raises(asyncio.CancelledError):
            await starting

        assert steps == ["start", "stop slow", "stop"]


class TestOnlyOnce:
    async def test_second_start_is_an_error(self) -> None:
        context = context_of()
        await context.start()

        with pytest.raises(BeanCreationException, match="started"):
            await context.start()

        await context.stop()
        with pytest.raises(BeanCreationException, match="stopped"):
            await context.start()

    async def test_stop_is_idempotent_and_safe_without_a_start(self) -> None:
        ends: list[int] = []

        class Service:
            @pre_destroy
            def end(self) -> None:
                ends.append(1)

        await context_of(Service).stop()
        context = context_of(Service)
        await context.start()
        await context.stop()
        await context.stop()

        assert ends == [1]


class TestStop:
    async def test_errors_are_logged_and_stop_nobody(self, caplog: pytest.LogCaptureFixture) -> None:
        ends: list[str] = []

        class First:
            @pre_destroy
            def end(self) -> None:
                ends.append("first")

        class Broken:
            async def start(self) -> None: ...

            async def stop(self) -> None:
                raise OSError("stop failed")

            @pre_destroy
            async def end(self) -> None:
                raise OSError("end failed")

            @pre_destroy
            def more(self) -> None:
                ends.append("more")

        context = context_of(First, Broken)
        await context.start()
        with caplog.at_level(logging.WARNING):
            await context.stop()

        assert ends == ["more", "first"]
        events = {record.message: record for record in caplog.records}
        assert events["pre_destroy_failed"].bean == "Broken"  # type: ignore[attr-defined]
        assert events["pre_destroy_failed"].method == "end"  # type: ignore[attr-defined]
        assert events["adapter_stop_failed"].adapter == "Broken"  # type: ignore[attr-defined]

    async def test_step_that_takes_too_long_is_given_up(self, caplog: pytest.LogCaptureFixture) -> None:
        ends: list[str] = []

        class First:
            @pre_destroy
            def end(self) -> None:
                ends.append("first")

        class Stuck:
            async def start(self) -> None: ...

            async def stop(self) -> None:
                await asyncio.Event().wait()

            @pre_destroy
            async def end(self) -> None:
                await asyncio.Event().wait()

        context = context_of(First, Stuck, **{"pyfly.context.shutdown-timeout": 0.05})
        await context.start()
        await asyncio.wait_for(context.stop(), 5)

        assert ends == ["first"]
        events = {record.message: record for record in caplog.records}
        assert events["pre_destroy_timeout"].bean == "Stuck"  # type: ignore[attr-defined]
        assert events["adapter_stop_timeout"].adapter == "Stuck"  # type: ignore[attr-defined]
        assert events["adapter_stop_timeout"].timeout_s == 0.05  # type: ignore[attr-defined]

    async def test_whole_stop_has_a_budget(self) -> None:
        class Stuck:
            async def start(self) -> None: ...

            async def stop(self) -> None:
                await asyncio.Event().wait()

        context = context_of(Stuck)
        await context.start()

        await asyncio.wait_for(context.stop(timeout=0.05), 5)

    async def test_cancellation_waits_until_everything_has_ended(self) -> None:
        ends: list[str] = []
        began, may_end = asyncio.Event(), asyncio.Event()

        class First:
            @pre_destroy
            def end(self) -> None:
                ends.append("first")

        class Slow:
            @pre_destroy
            async def end(self) -> None:
                began.set()
                await may_end.wait()
                ends.append("slow")

        context = context_of(First, Slow)
        await context.start()
        stopping = asyncio.ensure_future(context.stop())
        await asyncio.wait_for(began.wait(), 5)
        stopping.cancel()
        may_end.set()

        with pytest.raises(asyncio.CancelledError):
            await stopping

        assert ends == ["slow", "first"]


class TestAfterTheStart:
    async def test_beans_can_still_be_added(self, start: Start) -> None:
        begun: list[str] = []

        class Late:
            @post_construct
            def begin(self) -> None:
                begun.append("late")

        context = await start()
        context.register_bean(Late)

        assert context.get_bean(Late) is context.get_bean(Late)
        assert begun == ["late"]

    async def test_counts(self, start: Start) -> None:
        @service
        class One: ...

        @service
        class Two:
            @app_event_listener
            def on(self, event: ApplicationReadyEvent) -> None: ...

        class Plain: ...

        before = await start()
        context = await start(One, Two, Plain)

        assert context.bean_count == before.bean_count + 3
        assert context.get_bean_counts_by_stereotype()["service"] == 2
        # What is installed may listen too.
        listeners = before.wiring_counts.get("event_listeners", 0)
        assert context.wiring_counts["event_listeners"] == listeners + 1
        assert {"post_processors", "config_properties"} <= context.wiring_counts.keys()
