# SPDX-License-Identifier: Apache-2.0
"""What happens to orders, and who listens."""

from collections import Counter
from dataclasses import dataclass

from orders.models import Order, Statistics
from pyfly.container import component
from pyfly.context import app_event_listener


@dataclass(frozen=True)
class OrderPlaced:
    """An order was taken."""

    order: Order


@component
class OrderStatistics:
    """Counts what is ordered."""

    def __init__(self) -> None:
        self._orders = 0
        self._quantities: Counter[str] = Counter()

    @app_event_listener
    async def on_order_placed(self, event: OrderPlaced) -> None:
        self._orders += 1
        for item in event.order.items:
            self._quantities[item.sku] += item.quantity

    def read(self) -> Statistics:
        return Statistics(orders=self._orders, quantities=dict(self._quantities))
