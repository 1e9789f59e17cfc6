# SPDX-License-Identifier: Apache-2.0
"""Orders as a resource: create, read, update, delete, search."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from orders.models import ClosedOrder, NewOrder, Order, OrderChange, OrderPage, Statistics
from orders.search import OrderSearch
from orders.service import OrderService
from orders.statistics import OrderStatistics
from pyfly.web import (
    Cookie,
    Header,
    PathVar,
    QueryParam,
    Valid,
    delete_mapping,
    get_mapping,
    patch_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.openapi import operation

Client = Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,40}$")]
PageSize = Annotated[int, Field(ge=1, le=100)]
NOT_FOUND = "There is no such order"
CLOSED = (ClosedOrder, "The order does not change any more")


@rest_controller
@request_mapping("/orders")
@operation(tags=["orders"])
class OrderController:
    """Orders over HTTP."""

    def __init__(self, orders: OrderService, statistics: OrderStatistics) -> None:
        self._orders = orders
        self._statistics = statistics

    @post_mapping("", status_code=201)
    async def place(self, order: Valid[NewOrder], x_client: Header[Client] = "unknown") -> Order:
        """Take an order.

        With the header `Idempotency-Key`, a request that is sent twice places one order.
        """
        return await self._orders.place(order, channel=x_client)

    @get_mapping("")
    async def search(
        self, search: Valid[QueryParam[OrderSearch]], page_size: Cookie[PageSize] = 20
    ) -> OrderPage:
        """Search for orders, page by page; the browser's cookie says how many make a page."""
        return await self._orders.search(search, page_size)

    @get_mapping("/statistics")
    async def statistics(self) -> Statistics:
        """Tell what has been ordered."""
        return self._statistics.read()

    @get_mapping("/{order_id:uuid}")
    @operation(responses={404: NOT_FOUND})
    async def find(self, order_id: PathVar[UUID]) -> Order:
        """Find an order."""
        return await self._orders.find(order_id)

    @put_mapping("/{order_id:uuid}")
    @operation(responses={404: NOT_FOUND, 409: CLOSED})
    async def replace(self, order_id: PathVar[UUID], order: Valid[NewOrder]) -> Order:
        """Replace all that a customer has said."""
        return await self._orders.replace(order_id, order)

    @patch_mapping("/{order_id:uuid}")
    @operation(responses={404: NOT_FOUND, 409: CLOSED}, request_example={"status": "shipped"})
    async def change(self, order_id: PathVar[UUID], change: Valid[OrderChange]) -> Order:
        """Change some of it; what is left out stays as it is."""
        return await self._orders.change(order_id, change)

    @delete_mapping("/{order_id:uuid}")
    @operation(responses={404: NOT_FOUND})
    async def remove(self, order_id: PathVar[UUID]) -> None:
        """Forget an order."""
        await self._orders.remove(order_id)
