# SPDX-License-Identifier: Apache-2.0
"""What the service does."""

from datetime import UTC, datetime
from uuid import uuid4

from orders.events import OrderPlaced
from orders.models import NewOrder, Order
from orders.properties import OrderProperties
from orders.repository import OrderRepository
from pyfly.container import service
from pyfly.context import ApplicationEventPublisher
from pyfly.kernel import BusinessException, ResourceNotFoundException


@service
class OrderService:
    """Takes orders and finds them again."""

    def __init__(
        self, orders: OrderRepository, events: ApplicationEventPublisher, limits: OrderProperties
    ) -> None:
        self._orders = orders
        self._events = events
        self._limits = limits

    async def place(self, new: NewOrder) -> Order:
        if len(new.items) > self._limits.max_lines:
            raise BusinessException(
                f"An order has at most {self._limits.max_lines} lines, this one has {len(new.items)}",
                code="TOO_MANY_LINES",
            )

        order = Order(id=str(uuid4()), placed_at=datetime.now(UTC), customer=new.customer, items=new.items)
        await self._orders.save(order)
        await self._events.publish(OrderPlaced(order))
        return order

    async def find(self, order_id: str) -> Order:
        order = await self._orders.find(order_id)
        if order is None:
            raise ResourceNotFoundException(f"There is no order {order_id}", code="ORDER_NOT_FOUND")

        return order
