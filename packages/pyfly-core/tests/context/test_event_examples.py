# SPDX-License-Identifier: Apache-2.0
"""What users write with application events, as they write it."""

from dataclasses import dataclass

import pytest

from pyfly.config.store import Config
from pyfly.container import order, service
from pyfly.context import ApplicationContext, ApplicationEventPublisher
from pyfly.context.events import (
    ApplicationEvent,
    ApplicationEventBus,
    ApplicationReadyEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
    app_event_listener,
)


async def test_bus_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    bus = ApplicationEventBus()

    async def on_ready(event: ApplicationReadyEvent) -> None:
        print("Application is ready!")

    # Subscribe by event type (Python class)
    bus.subscribe(ApplicationReadyEvent, on_ready)

    # Publish
    await bus.publish(ApplicationReadyEvent())

    assert capsys.readouterr().out == "Application is ready!\n"


@service
class LifecycleManager:
    @app_event_listener
    async def on_ready(self, event: ApplicationReadyEvent) -> None:
        print("Application is ready -- starting background workers")
        await self._start_workers()

    @app_event_listener
    async def on_shutdown(self, event: ContextClosedEvent) -> None:
        print("Shutting down -- stopping background workers")
        await self._stop_workers()

    async def _start_workers(self) -> None:
        print("started")

    async def _stop_workers(self) -> None:
        print("stopped")


async def test_listeners_of_the_life_cycle(capsys: pytest.CaptureFixture[str]) -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(LifecycleManager)

    await context.start()
    assert capsys.readouterr().out == "Application is ready -- starting background workers\nstarted\n"

    await context.stop()
    assert capsys.readouterr().out == "Shutting down -- stopping background workers\nstopped\n"


@dataclass
class OrderPlacedEvent:  # a plain object, not an ApplicationEvent subclass
    order_id: str


@service
class FulfillmentService:
    @app_event_listener
    async def on_order_placed(self, event: OrderPlacedEvent) -> None:
        print(f"Fulfilling order {event.order_id}")


@service
class OrderService:
    def __init__(self, events: ApplicationEventPublisher) -> None:
        self._events = events

    async def place(self, order_id: str) -> None:
        await self._events.publish(OrderPlacedEvent(order_id))


async def test_events_of_any_class(capsys: pytest.CaptureFixture[str]) -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(FulfillmentService)
    context.register_bean(OrderService)
    await context.start()

    await context.get_bean(OrderService).place("42")

    assert capsys.readouterr().out == "Fulfilling order 42\n"
    await context.stop()


async def test_synchronous_listener_does_not_break_the_start() -> None:
    seen: list[type] = []

    @service
    class Recorder:
        @app_event_listener
        def on_any(self, event: ApplicationEvent) -> None:
            seen.append(type(event))

    context = ApplicationContext(Config({}))
    context.register_bean(Recorder)

    await context.start()
    await context.stop()

    assert seen == [ContextRefreshedEvent, ApplicationReadyEvent, ContextClosedEvent]


async def test_listeners_follow_the_order_of_their_classes() -> None:
    seen: list[str] = []

    @order(2)
    @service
    class Second:
        @app_event_listener
        async def on_ready(self, event: ApplicationReadyEvent) -> None:
            seen.append("second")

    @order(1)
    @service
    class First:
        @app_event_listener
        async def on_event(self, event: ApplicationReadyEvent | ContextClosedEvent) -> None:
            seen.append("first")

    context = ApplicationContext(Config({}))
    context.register_bean(Second)
    context.register_bean(First)

    await context.start()
    await context.stop()

    assert seen == ["first", "second", "first"]
