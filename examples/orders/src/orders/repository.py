# SPDX-License-Identifier: Apache-2.0
"""Where orders are kept: the port, and an adapter that keeps them in memory."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from orders.models import Order
from orders.properties import OrderProperties
from pyfly.container import repository


class OrderRepository(Protocol):
    """Keeps orders."""

    async def save(self, order: Order) -> Order | None:
        """Keep an order, new or changed.

        Returns:
            An order that had to be forgotten for it, if there is one.
        """
        ...

    async def find(self, order_id: UUID) -> Order | None:
        """Return the order of an id, if there is one."""
        ...

    async def all(self) -> Sequence[Order]:
        """Return all orders, the oldest first."""
        ...

    async def remove(self, order_id: UUID) -> None:
        """Forget an order."""
        ...


@repository
class InMemoryOrderRepository(OrderRepository):
    """Keeps the latest orders as long as the process lives."""

    def __init__(self, limits: OrderProperties) -> None:
        self._orders: dict[UUID, Order] = {}
        self._most = limits.max_orders

    async def save(self, order: Order) -> Order | None:
        oldest = next(iter(self._orders.values()), None)
        self._orders[order.id] = order
        if oldest is None or len(self._orders) <= self._most:
            return None

        return self._orders.pop(oldest.id)

    async def find(self, order_id: UUID) -> Order | None:
        return self._orders.get(order_id)

    async def all(self) -> Sequence[Order]:
        return list(self._orders.values())

    async def remove(self, order_id: UUID) -> None:
        self._orders.pop(order_id, None)
