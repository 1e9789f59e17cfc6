# SPDX-License-Identifier: Apache-2.0
"""The HTTP face of the service."""

from orders.events import OrderStatistics
from orders.models import NewOrder, Order, Statistics
from orders.service import OrderService
from pyfly.web import PathVar, Valid, get_mapping, post_mapping, request_mapping, rest_controller


@rest_controller
@request_mapping("/orders")
class OrderController:
    """Orders over HTTP."""

    def __init__(self, orders: OrderService, statistics: OrderStatistics) -> None:
        self._orders = orders
        self._statistics = statistics

    @post_mapping("", status_code=201)
    async def place(self, order: Valid[NewOrder]) -> Order:
        """Take an order."""
        return await self._orders.place(order)

    @get_mapping("/statistics")
    async def statistics(self) -> Statistics:
        """Tell what has been ordered."""
        return self._statistics.read()

    @get_mapping("/{order_id}")
    async def find(self, order_id: PathVar[str]) -> Order:
        """Find an order."""
        return await self._orders.find(order_id)
