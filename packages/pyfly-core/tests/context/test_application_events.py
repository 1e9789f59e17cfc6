# SPDX-License-Identifier: Apache-2.0
import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, Union, runtime_checkable

import pytest

from pyfly.container.exceptions import BeanCreationException
from pyfly.container.ordering import order
from pyfly.context.events import (
    ApplicationEvent,
    ApplicationEventBus,
    ApplicationEventPublisher,
    ApplicationReadyEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
    RefreshScopeRefreshedEvent,
    app_event_listener,
    listener_event_types,
)


@dataclass
class OrderPlaced:
    order_id: str


class LargeOrderPlaced(OrderPlaced): ...


class Unchecked(Protocol):
    tag: str


@pytest.fixture
def bus() -> ApplicationEventBus:
    return ApplicationEventBus()


class TestDispatch:
    async def test_by_class_and_its_bases(self, bus: ApplicationEventBus) -> None:
        seen: list[object] = []
        bus.subscribe(OrderPlaced, lambda event: seen.append(("base", event.order_id)))
        bus.subscribe(LargeOrderPlaced, lambda event: seen.append(("large", event.order_id)))

        await bus.publish(OrderPlaced("1"))
        await bus.publish(LargeOrderPlaced("2"))

        assert seen == [("base", "1"), ("base", "2"), ("large", "2")]

    async def test_base_event_gets_all_lifecycle_events(self, bus: ApplicationEventBus) -> None:
        seen: list[type] = []
        bus.subscribe(ApplicationEvent, lambda event: seen.append(type(event)))
        events = [
            ContextRefreshedEvent(),
            ApplicationReadyEvent(),
            ContextClosedEvent(),
            RefreshScopeRefreshedEvent(["a"]),
            OrderPlaced("1"),
        ]

        for event in events:
            await bus.publish(event)

        assert seen == [type(event) for event in events[:4]]

    async def test_sync_and_async_one_after_the_other(self, bus: ApplicationEventBus) -> None:
        steps: list[str] = []

        async def slow(event: OrderPlaced) -> None:
            steps.append("slow begins")
            await asyncio.sleep(0)
            steps.append("slow ends")

        bus.subscribe(OrderPlaced, slow)
        bus.subscribe(OrderPlaced, lambda event: steps.append("sync"))

        await bus.publish(OrderPlaced("1"))

        assert steps == ["slow begins", "slow ends", "sync"]

    async def test_sync_function_that_returns_an_awaitable_is_awaited(self, bus: ApplicationEventBus) -> None:
        seen: list[str] = []

        async def work() -> None:
            seen.append("done")

        bus.subscribe(OrderPlaced, lambda event: work())

        await bus.publish(OrderPlaced("1"))

        assert seen == ["done"]

    async def test_returned_event_is_not_published(self, bus: ApplicationEventBus) -> None:
        seen: list[str] = []

        def echo(event: OrderPlaced) -> OrderPlaced:
            seen.append(event.order_id)
            return event

        bus.subscribe(OrderPlaced, echo)

        await bus.publish(OrderPlaced("1"))

        assert seen == ["1"]

    async def test_several_classes_are_one_subscription(self, bus: ApplicationEventBus) -> None:
        seen: list[object] = []
        bus.subscribe((OrderPlaced, LargeOrderPlaced, str), seen.append)
        large = LargeOrderPlaced("1")

        await bus.publish(large)
        await bus.publish("text")
        await bus.publish(1)

        assert seen == [large, "text"]

    async def test_protocol_matches_by_the_attributes_of_the_instance(self, bus: ApplicationEventBus) -> None:
        @runtime_checkable
        class Tagged(Protocol):
            tag: str

        class Anything: ...

        seen: list[object] = []
        bus.subscribe(Tagged, seen.append)
        bare, tagged = Anything(), Anything()
        tagged.tag = "x"

        await bus.publish(bare)
        await bus.publish(tagged)

        assert seen == [tagged]

    async def test_failure_reaches_the_publisher_and_ends_delivery(self, bus: ApplicationEventBus) -> None:
        seen: list[object] = []

        def fail(event: OrderPlaced) -> None:
            raise RuntimeError("no stock")

        bus.subscribe(OrderPlaced, fail)
        bus.subscribe(OrderPlaced, seen.append)

        with pytest.raises(RuntimeError, match="no stock"):
            await bus.publish(OrderPlaced("1"))
        assert seen == []

    async def test_publish_to_all_goes_on_and_returns_the_failures(self, bus: ApplicationEventBus) -> None:
        seen: list[object] = []
        failure = RuntimeError("no stock")

        async def fail(event: OrderPlaced) -> None:
            raise failure

        bus.subscribe(OrderPlaced, fail)
        bus.subscribe(OrderPlaced, seen.append)
        event = OrderPlaced("1")

        assert await bus.publish_to_all(event) == [failure]
        assert seen == [event]

    async def test_publisher_delegates_to_the_bus(self, bus: ApplicationEventBus) -> None:
        seen: list[object] = []
        bus.subscribe(OrderPlaced, seen.append)
        event = OrderPlaced("1")

        await ApplicationEventPublisher(bus).publish(event)

        assert seen == [event]


class TestSubscriptions:
    async def test_subscribing_while_publishing_counts_next_time(self, bus: ApplicationEventBus) -> None:
        seen: list[str] = []

        def subscribe_more(event: OrderPlaced) -> None:
            bus.subscribe(OrderPlaced, lambda event: seen.append(event.order_id))

        bus.subscribe(OrderPlaced, subscribe_more)

        await bus.publish(OrderPlaced("1"))
        await bus.publish(OrderPlaced("2"))

        assert seen == ["2"]

    async def test_new_listener_is_seen_for_a_class_published_before(self, bus: ApplicationEventBus) -> None:
        seen: list[str] = []
        await bus.publish(OrderPlaced("1"))

        bus.subscribe(OrderPlaced, lambda event: seen.append(event.order_id))
        await bus.publish(OrderPlaced("2"))

        assert seen == ["2"]

    @pytest.mark.parametrize("event_type", ["order.placed", list[int], (OrderPlaced, Unchecked)])
    def test_what_instances_cannot_be_checked_against_is_refused(
        self, bus: ApplicationEventBus, event_type: Any
    ) -> None:
        with pytest.raises(TypeError, match="cannot be the class of an event"):
            bus.subscribe(event_type, print)

    async def test_unsubscribed_listener_is_not_called(self, bus: ApplicationEventBus) -> None:
        seen: list[object] = []
        gone = bus.subscribe(OrderPlaced, seen.append)
        bus.subscribe(OrderPlaced, lambda event: seen.append(event.order_id))

        bus.unsubscribe(gone)
        bus.unsubscribe(gone)
        await bus.publish(OrderPlaced("1"))

        assert seen == ["1"]


class TestOrder:
    async def test_one_order_over_all_matching_classes(self, bus: ApplicationEventBus) -> None:
        @order(5)
        class Late: ...

        @order(-5)
        class Early: ...

        seen: list[str] = []
        bus.subscribe(LargeOrderPlaced, lambda event: seen.append("late"), owner_cls=Late)
        bus.subscribe(object, lambda event: seen.append("second"))
        bus.subscribe(OrderPlaced, lambda event: seen.append("early"), owner_cls=Early)
        bus.subscribe(OrderPlaced, lambda event: seen.append("third"))

        await bus.publish(LargeOrderPlaced("1"))

        assert seen == ["early", "second", "third", "late"]

    async def test_order_of_the_method_wins_over_the_class(self, bus: ApplicationEventBus) -> None:
        seen: list[str] = []

        @order(1)
        class Both:
            @order(9)
            def last(self, event: OrderPlaced) -> None:
                seen.append("last")

            @app_event_listener(order=-9)
            def first(self, event: OrderPlaced) -> None:
                seen.append("first")

            def middle(self, event: OrderPlaced) -> None:
                seen.append("middle")

        owner = Both()
        for listener in (owner.last, owner.middle, owner.first):
            bus.subscribe(OrderPlaced, listener, owner_cls=Both)

        await bus.publish(OrderPlaced("1"))

        assert seen == ["first", "middle", "last"]


async def test_condition_selects_events(bus: ApplicationEventBus) -> None:
    seen: list[str] = []

    class Auditor:
        @app_event_listener(condition=lambda event: event.order_id.startswith("big-"))
        async def on_big(self, event: OrderPlaced) -> None:
            seen.append(event.order_id)

    bus.subscribe(OrderPlaced, Auditor().on_big, owner_cls=Auditor)

    await bus.publish(OrderPlaced("small-1"))
    await bus.publish(OrderPlaced("big-2"))

    assert seen == ["big-2"]


class Listeners:
    @app_event_listener
    async def by_parameter(self, event: OrderPlaced) -> int: ...

    @app_event_listener
    def by_first_class(self, note: Any, event: OrderPlaced, other: int) -> None: ...

    @app_event_listener
    def by_union(self, event: OrderPlaced | ContextClosedEvent) -> None: ...

    @app_event_listener
    def by_old_union(self, event: Union[OrderPlaced, ContextClosedEvent, None]) -> None: ...  # noqa: UP007

    @app_event_listener
    def by_annotated(self, event: Annotated[OrderPlaced, "meta"]) -> None: ...

    @app_event_listener
    def by_generic(self, event: list[int]) -> None: ...

    @app_event_listener
    def by_name(self, event: "OrderPlaced") -> None: ...

    @app_event_listener
    def own_class(self, event: "Listeners") -> None: ...

    @app_event_listener
    def untyped(self, event) -> int: ...  # type: ignore[no-untyped-def]

    @app_event_listener
    def anything(self, event: Any) -> None: ...

    @app_event_listener(event=ContextClosedEvent)
    def declared(self, event: OrderPlaced) -> None: ...

    @app_event_listener(event=(ContextClosedEvent, OrderPlaced))
    def declared_twice(self, event: object) -> None: ...


@pytest.mark.parametrize(
    ("method", "types"),
    [
        (Listeners.by_parameter, (OrderPlaced,)),
        (Listeners.by_first_class, (OrderPlaced,)),
        (Listeners.by_union, (OrderPlaced, ContextClosedEvent)),
        (Listeners.by_old_union, (OrderPlaced, ContextClosedEvent)),
        (Listeners.by_annotated, (OrderPlaced,)),
        (Listeners.by_generic, (list,)),
        (Listeners.by_name, (OrderPlaced,)),
        (Listeners.own_class, (Listeners,)),
        (Listeners.untyped, (ApplicationEvent,)),
        (Listeners.anything, (ApplicationEvent,)),
        (Listeners.declared, (ContextClosedEvent,)),
        (Listeners.declared_twice, (ContextClosedEvent, OrderPlaced)),
    ],
)
def test_event_types_of_a_listener(method, types) -> None:
    assert method.__pyfly_app_event_listener__ is True
    assert listener_event_types(method, Listeners) == types


def test_annotation_that_cannot_be_resolved_is_named() -> None:
    class Broken:
        @app_event_listener
        def on(self, event: "NeverImported") -> None: ...  # noqa: F821

    with pytest.raises(BeanCreationException, match="NeverImported") as caught:
        listener_event_types(Broken.on, Broken)

    assert caught.value.provider.endswith("Broken.on()")


def test_refreshed_keys() -> None:
    event = RefreshScopeRefreshedEvent(["rates"])

    assert event.refreshed == ["rates"]
    assert repr(event) == "RefreshScopeRefreshedEvent(refreshed=['rates'])"
