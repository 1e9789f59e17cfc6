# SPDX-License-Identifier: Apache-2.0
"""What the service does."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from orders.audit import AuditTrail
from orders.errors import OrderClosedError
from orders.events import OrderChanged, OrderPlaced, OrderRemoved
from orders.models import NewOrder, Order, OrderChange, OrderPage, OrderStatus
from orders.properties import OrderProperties
from orders.repository import OrderRepository
from orders.search import OrderSearch
from pyfly.container import Provider, service
from pyfly.context import ApplicationEventPublisher
from pyfly.kernel import BusinessException, ResourceNotFoundException

CLOSED = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)


@service
class OrderService:
    """Takes orders, finds them again, and follows what becomes of them."""

    def __init__(
        self,
        orders: OrderRepository,
        events: ApplicationEventPublisher,
        limits: OrderProperties,
        audit: Provider[AuditTrail],
    ) -> None:
        self._orders = orders
        self._events = events
        self._limits = limits
        self._audit = audit

    async def place(self, new: NewOrder, channel: str) -> Order:
        self._check_size(new)
        order = Order(id=uuid4(), placed_at=datetime.now(UTC), channel=channel, **dict(new))
        forgotten = await self._orders.save(order)
        self._audit().note(f"placed {order.id}")
        await self._events.publish(OrderPlaced(order))
        if forgotten is not None:
            await self._events.publish(OrderRemoved(forgotten))

        return order

    async def find(self, order_id: UUID) -> Order:
        order = await self._orders.find(order_id)
        if order is None:
            raise ResourceNotFoundException(f"There is no order {order_id}", code="ORDER_NOT_FOUND")

        return order

    async def search(self, search: OrderSearch, size: int) -> OrderPage:
        found = search.sorted(filter(search.accepts, await self._orders.all()))
        start = (search.page - 1) * size
        return OrderPage(orders=found[start : start + size], total=len(found), page=search.page, size=size)

    async def all(self) -> Sequence[Order]:
        return await self._orders.all()

    async def replace(self, order_id: UUID, new: NewOrder) -> Order:
        self._check_size(new)
        return await self._change(order_id, dict(new))

    async def change(self, order_id: UUID, change: OrderChange) -> Order:
        return await self._change(order_id, {name: value for name, value in change if value is not None})

    async def mark_confirmed(self, order_id: UUID) -> None:
        order = await self._orders.find(order_id)
        if order is not None:
            await self._orders.save(order.model_copy(update={"confirmed": True}))

    async def remove(self, order_id: UUID) -> None:
        order = await self.find(order_id)
        await self._orders.remove(order_id)
        self._audit().note(f"removed {order_id}")
        await self._events.publish(OrderRemoved(order))

    async def _change(self, order_id: UUID, changes: dict[str, object]) -> Order:
        order = await self.find(order_id)
        if order.status in CLOSED:
            raise OrderClosedError(order)

        changed = order.model_copy(update=changes)
        await self._orders.save(changed)
        self._audit().note(f"changed {order_id}")
        await self._events.publish(OrderChanged(changed))
        return changed

    def _check_size(self, new: NewOrder) -> None:
        if len(new.items) > self._limits.max_lines:
            raise BusinessException(
                f"An order has at most {self._limits.max_lines} lines, this one has {len(new.items)}",
                code="TOO_MANY_LINES",
            )
