# SPDX-License-Identifier: Apache-2.0
"""Where orders are kept: the port, and an adapter that keeps them in memory."""

from typing import Protocol

from orders.models import Order
from pyfly.container import repository


class OrderRepository(Protocol):
    """Keeps orders."""

    async def save(self, order: Order) -> None:
        """Keep an order."""
        ...

    async def find(self, order_id: str) -> Order | None:
        """Return the order of an id, if there is one."""
        ...


@repository
class InMemoryOrderRepository(OrderRepository):
    """Keeps orders as long as the process lives."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    async def save(self, order: Order) -> None:
        self._orders[order.id] = order

    async def find(self, order_id: str) -> Order | None:
        return self._orders.get(order_id)
