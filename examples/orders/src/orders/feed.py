# SPDX-License-Identifier: Apache-2.0
"""Changes as they happen, for whoever follows them."""

from asyncio import Queue
from collections.abc import Iterator
from contextlib import contextmanager

from orders.events import OrderChanged, OrderPlaced
from orders.models import Order
from orders.properties import OrderProperties
from pyfly.container import component
from pyfly.context import app_event_listener
from pyfly.kernel import ServiceUnavailableException

MOST_WAITING = 100


@component
class OrderFeed:
    """Hands each change to everybody who follows; who is too slow misses the oldest ones."""

    def __init__(self, limits: OrderProperties) -> None:
        self._followers: set[Queue[Order]] = set()
        self._most = limits.max_listeners

    @contextmanager
    def follow(self) -> Iterator["Queue[Order]"]:
        if len(self._followers) >= self._most:
            raise ServiceUnavailableException("Too many clients follow the orders", code="TOO_MANY_LISTENERS")

        changes: Queue[Order] = Queue(MOST_WAITING)
        self._followers.add(changes)
        try:
            yield changes
        finally:
            self._followers.remove(changes)

    @app_event_listener
    async def on_order_placed(self, event: OrderPlaced) -> None:
        self._hand_on(event.order)

    @app_event_listener
    async def on_order_changed(self, event: OrderChanged) -> None:
        self._hand_on(event.order)

    def _hand_on(self, order: Order) -> None:
        for changes in self._followers:
            if changes.full():
                changes.get_nowait()

            changes.put_nowait(order)
