# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with orders. Nothing here knows of HTTP."""

from orders.models import Order


class OrderClosedError(Exception):
    """An order that has arrived, or was cancelled, does not change any more."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order.id} is {order.status.value} and cannot be changed")
        self.order = order
