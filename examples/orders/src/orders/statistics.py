# SPDX-License-Identifier: Apache-2.0
"""A listener that counts."""

from collections import Counter

from orders.events import OrderPlaced
from orders.models import Statistics
from pyfly.container import component
from pyfly.context import app_event_listener

MOST_KINDS = 1000


@component
class OrderStatistics:
    """Counts what is ordered; beyond so many kinds of things, the rest counts as ``other``."""

    def __init__(self) -> None:
        self._orders = 0
        self._quantities: Counter[str] = Counter()

    @app_event_listener
    async def on_order_placed(self, event: OrderPlaced) -> None:
        self._orders += 1
        for item in event.order.items:
            known = item.sku in self._quantities or len(self._quantities) < MOST_KINDS
            self._quantities[item.sku if known else "other"] += item.quantity

    def read(self) -> Statistics:
        return Statistics(orders=self._orders, quantities=dict(self._quantities))
