# SPDX-License-Identifier: Apache-2.0
"""What clients are told about the service's own errors."""

from orders.errors import OrderClosedError
from orders.models import ClosedOrder
from pyfly.web import controller_advice, exception_handler


@controller_advice
class OrderErrors:
    """Answers errors of all controllers."""

    @exception_handler(OrderClosedError)
    async def closed(self, error: OrderClosedError) -> tuple[int, ClosedOrder]:
        """Answer a change of an order that does not change any more."""
        order = error.order
        return 409, ClosedOrder(message=str(error), order_id=order.id, status=order.status)
