# SPDX-License-Identifier: Apache-2.0
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pyfly.container import BeanCreationException, Scope, component, lazy, order
from pyfly.context import ApplicationContext, post_construct
from pyfly.context.wiring import ContextWirer

Start = Callable[..., Awaitable[ApplicationContext]]

steps: list[str] = []


@pytest.fixture(autouse=True)
def _no_steps() -> None:
    steps.clear()


class Broker:
    @post_construct
    def begin(self) -> None:
        steps.append("init broker")

    async def start(self) -> None:
        steps.append("start broker")

    async def stop(self) -> None: ...


@component
class Listeners:
    wiring_key = "message_listeners"

    async def before_start(self, context: Any) -> None:
        assert context.container.instances_of(Broker)
        steps.append("subscribe")

    async def wire(self, context: Any) -> int:
        steps.append("wire")
        return 3


async def test_counts_go_under_the_key_and_subscriptions_come_before_the_broker_starts(start: Start) -> None:
    context = await start(Broker, Listeners)

    assert isinstance(context.get_bean(Listeners), ContextWirer)
    assert context.wiring_counts["message_listeners"] == 3
    assert steps == ["subscribe", "init broker", "start broker", "wire"]


async def test_by_order(start: Start) -> None:
    @order(-1)
    @component
    class First:
        wiring_key = "first"

        async def wire(self, context: Any) -> int:
            steps.append("first")
            return 0

    await start(Broker, Listeners, First)

    assert [step for step in steps if "broker" not in step] == ["subscribe", "first", "wire"]


async def test_failure_stops_the_start(start: Start) -> None:
    @component
    class Broken:
        wiring_key = "broken"

        async def wire(self, context: Any) -> int:
            raise OSError("no channel")

    with pytest.raises(BeanCreationException, match="no channel"):
        await start(Broken)


async def test_counts_are_a_copy(start: Start) -> None:
    context = await start()
    counts = context.wiring_counts
    context.wiring_counts["event_listeners"] = 99

    assert context.wiring_counts == counts


class Schedules:
    wiring_key = "scheduled"

    def __init__(self) -> None:
        self.wired: list[object] = []

    async def wire(self, context: Any) -> int:
        return 0

    def wires(self, cls: type) -> bool:
        return hasattr(cls, "tick")

    def wire_bean(self, bean: object) -> int:
        self.wired.append(bean)
        return 1


class Ticking:
    def tick(self) -> None: ...


class Silent: ...


async def test_singletons_created_later_are_wired_once(start: Start) -> None:
    context = await start(Schedules, lazy(type("Late", (Ticking,), {})), lazy(Silent))
    late = next(it.impl_type for it in context.container.registrations() if it.impl_type.__name__ == "Late")

    first, again = context.get_bean(late), context.get_bean(late)
    context.get_bean(Silent)

    assert first is again
    assert context.get_bean(Schedules).wired == [first]
    assert context.wiring_counts["scheduled"] == 1


async def test_beans_that_are_no_singletons_are_not_wired(start: Start) -> None:
    context = await start(Schedules)
    context.container.register(Ticking, Scope.TRANSIENT)

    context.get_bean(Ticking)

    assert context.get_bean(Schedules).wired == []
