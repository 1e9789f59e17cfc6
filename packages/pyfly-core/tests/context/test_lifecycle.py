# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import pytest

from pyfly.container import BeanCreationException, bean, component, configuration, lazy, order, service
from pyfly.context import (
    ApplicationContext,
    ApplicationReadyEvent,
    ContextRefreshedEvent,
    app_event_listener,
    post_construct,
    pre_destroy,
)

Start = Callable[..., Awaitable[ApplicationContext]]


@pytest.fixture
def steps() -> list[str]:
    return []


def adapter(name: str, steps: list[str], phase: int = 0) -> type:
    """Make a class with a whole life that writes down its steps."""

    class Adapter:
        def __init__(self) -> None:
            steps.append(f"create {name}")

        @post_construct
        def begin(self) -> None:
            steps.append(f"init {name}")

        async def start(self) -> None:
            steps.append(f"start {name}")

        @pre_destroy
        def end(self) -> None:
            steps.append(f"destroy {name}")

        async def stop(self) -> None:
            steps.append(f"stop {name}")

    Adapter.__name__ = Adapter.__qualname__ = name
    Adapter.phase = phase  # type: ignore[attr-defined]
    return Adapter


class TestOrder:
    async def test_beans_come_by_order_then_registration_dependencies_first(
        self, start: Start, steps: list[str]
    ) -> None:
        third = adapter("third", steps)
        first = order(-1)(adapter("first", steps))
        second = adapter("second", steps)

        class Needy(adapter("needy", steps)):  # type: ignore[misc]
            def __init__(self, third: third) -> None:  # type: ignore[valid-type]
                super().__init__()

        context = await start(second, Needy, third, first)
        created = [step for step in steps if step.startswith("create")]
        started = [step for step in steps if step.startswith("start")]
        steps.clear()
        await context.stop()

        assert created == ["create first", "create second", "create third", "create needy"]
        assert started == ["start first", "start second", "start third", "start needy"]
        assert [step for step in steps if step.startswith("stop")] == [
            "stop needy",
            "stop third",
            "stop second",
            "stop first",
        ]

    async def test_bean_starts_after_its_own_init_and_before_that_of_its_dependents(
        self, start: Start, steps: list[str]
    ) -> None:
        broker = adapter("broker", steps)

        @service
        class Publisher:
            def __init__(self, broker: broker) -> None: ...  # type: ignore[valid-type]

            @post_construct
            async def announce(self) -> None:
                steps.append("announce")

        await start(Publisher, broker)

        assert steps == ["create broker", "init broker", "start broker", "announce"]

    async def test_pre_destroy_comes_before_stop(self, start: Start, steps: list[str]) -> None:
        context = await start(adapter("broker", steps))
        await context.stop()

        assert steps[-2:] == ["destroy broker", "stop broker"]


class TestHooks:
    async def test_sync_async_several_private_and_inherited(self, start: Start, steps: list[str]) -> None:
        class Base:
            @post_construct
            def first(self) -> None:
                steps.append("first")

        @service
        class Service(Base):
            @post_construct
            async def second(self) -> None:
                await asyncio.sleep(0)
                steps.append("second")

            @post_construct
            def _third(self) -> None:
                steps.append("third")

            @pre_destroy
            async def _end(self) -> None:
                steps.append("end")

        context = await start(Service)
        await context.stop()

        assert steps == ["first", "second", "third", "end"]

    async def test_properties_are_never_evaluated(self, start: Start) -> None:
        @service
        class Service:
            @property
            def trap(self) -> str:
                raise AssertionError("evaluated")

            @post_construct
            def begin(self) -> None: ...

        await start(Service)

    async def test_failing_post_construct_names_class_method_and_cause(self, start: Start) -> None:
        @service
        class Service:
            @post_construct
            def warm_up(self) -> None:
                raise OSError("no cache")

        with pytest.raises(BeanCreationException) as caught:
            await start(Service)

        error = caught.value
        assert (error.subsystem, error.provider) == ("lifecycle", "Service")
        assert "warm_up" in error.reason
        assert "no cache" in error.reason
        assert isinstance(error.__cause__, OSError)


class TestWhatStarts:
    async def test_plain_component_with_synchronous_methods(self, start: Start, steps: list[str]) -> None:
        @component
        class Ticker:
            def start(self) -> None:
                steps.append("start")

            def stop(self) -> None:
                steps.append("stop")

        context = await start(Ticker)
        await context.stop()

        assert steps == ["start", "stop"]

    async def test_only_what_has_both_methods_in_its_class(self, start: Start) -> None:
        class Magic:
            def __getattr__(self, name: str) -> Any:
                raise AssertionError(name)

        class OnlyStart:
            def start(self) -> None:
                raise AssertionError("started")

        await start(Magic, OnlyStart)

    async def test_product_declared_as_a_port(self, start: Start, steps: list[str]) -> None:
        class Port(Protocol):
            def send(self) -> None: ...

        class Broker(Port):
            def send(self) -> None: ...

            async def start(self) -> None:
                steps.append("start")

            async def stop(self) -> None:
                steps.append("stop")

        @configuration
        class Setup:
            @bean
            def broker(self) -> Port:
                return Broker()

        context = await start(Setup)
        assert context.get_bean(Broker) is context.get_bean(Port)  # type: ignore[type-abstract]
        await context.stop()

        assert steps == ["start", "stop"]

    async def test_lazy_one_starts_when_it_is_first_used(self, start: Start, steps: list[str]) -> None:
        ticker = lazy(adapter("ticker", steps))
        context = await start(ticker)
        assert steps == []

        await context.aget_bean(ticker)
        await context.aget_bean(ticker)
        await context.stop()

        assert steps == ["create ticker", "init ticker", "start ticker", "destroy ticker", "stop ticker"]

    async def test_given_instances_belong_to_their_giver(self, start: Start, steps: list[str]) -> None:
        cls = adapter("given", steps)
        given = cls()

        @configuration
        class Empty: ...

        context = await start(Empty)
        context.container.register_instance(cls, given)
        assert context.get_bean(cls) is given
        await context.stop()

        assert steps == ["create given"]


class TestPhase:
    async def test_negative_before_everything_positive_after_the_refreshed_event(
        self, start: Start, steps: list[str]
    ) -> None:
        classes = [adapter(f"p{phase}", steps, phase) for phase in (2, 0, -1, 1)]

        @service
        class Watcher:
            @app_event_listener
            def refreshed(self, event: ContextRefreshedEvent) -> None:
                steps.append("refreshed")

            @app_event_listener
            def ready(self, event: ApplicationReadyEvent) -> None:
                steps.append("ready")

        context = await start(Watcher, *classes)
        risen = [step for step in steps if not step.startswith(("create", "init"))]
        steps.clear()
        await context.stop()

        assert risen == ["start p-1", "start p0", "refreshed", "start p1", "start p2", "ready"]
        assert [step for step in steps if step.startswith("stop")] == [
            "stop p2",
            "stop p1",
            "stop p0",
            "stop p-1",
        ]

    async def test_attribute_of_that_name_means_nothing_elsewhere(
        self, start: Start, steps: list[str]
    ) -> None:
        def moon(name: str, phase: int) -> type:
            class Moon:
                def __init__(self) -> None:
                    steps.append(f"create {name}")

                @pre_destroy
                def end(self) -> None:
                    steps.append(f"destroy {name}")

            Moon.phase = phase  # type: ignore[attr-defined]
            return Moon

        context = await start(moon("full", 0), moon("new", -3), moon("half", 2))
        await context.stop()

        assert steps == [
            "create full",
            "create new",
            "create half",
            "destroy half",
            "destroy new",
            "destroy full",
        ]


class TestLazy:
    async def test_first_use_runs_the_whole_life(self, start: Start, steps: list[str]) -> None:
        @lazy
        @service
        class Rare:
            @post_construct
            def begin(self) -> None:
                steps.append("begin")

            @app_event_listener
            def heard(self, event: ApplicationReadyEvent) -> None:
                steps.append("heard")

            @pre_destroy
            def end(self) -> None:
                steps.append("end")

        context = await start(Rare)
        assert steps == []

        context.get_bean(Rare)
        await context.event_bus.publish(ApplicationReadyEvent())
        await context.stop()

        assert steps == ["begin", "heard", "end"]

    async def test_first_use_in_a_hook_during_the_start_too(self, start: Start, steps: list[str]) -> None:
        @lazy
        @service
        class Rare:
            @post_construct
            def begin(self) -> None:
                steps.append("begin")

            @app_event_listener
            def heard(self, event: ApplicationReadyEvent) -> None:
                steps.append("heard")

            @pre_destroy
            def end(self) -> None:
                steps.append("end")

        class User:
            def __init__(self, context: ApplicationContext) -> None:
                self.context = context

            @post_construct
            def use(self) -> None:
                self.context.get_bean(Rare)

        # What is installed may listen too.
        before = (await start()).wiring_counts.get("event_listeners", 0)
        context = await start(Rare, User)
        await context.stop()

        assert steps == ["begin", "heard", "end"]
        assert context.wiring_counts["event_listeners"] == before + 1

    async def test_asynchronous_hook_needs_aget_bean(self, start: Start, steps: list[str]) -> None:
        @lazy
        @service
        class Rare:
            @post_construct
            async def begin(self) -> None:
                steps.append("begin")

        context = await start(Rare)

        with pytest.raises(BeanCreationException, match=r"begin\(\) is asynchronous") as caught:
            context.get_bean(Rare)

        assert "aget_bean" in caught.value.action

        await context.aget_bean(Rare)
        assert steps == ["begin"]

    async def test_everything_can_be_lazy_except_what_starts(self, start: Start, steps: list[str]) -> None:
        @service
        class Plain:
            def __init__(self) -> None:
                steps.append("create plain")

        config = {"pyfly": {"context": {"lazy-initialization": "true"}}}
        context = await start(Plain, adapter("broker", steps), config=config)
        assert steps == ["create broker", "init broker", "start broker"]

        context.get_bean(Plain)
        assert steps[-1] == "create plain"
