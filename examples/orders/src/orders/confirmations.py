# SPDX-License-Identifier: Apache-2.0
"""Work that no client waits for."""

import logging

from orders.events import OrderPlaced
from orders.models import Order
from orders.service import OrderService
from pyfly.container import component
from pyfly.context import app_event_listener
from pyfly.web.background import BackgroundWork, BackgroundWorkRefused

log = logging.getLogger("orders.confirmations")


@component
class Confirmations:
    """Tells customers that their orders were taken, after the answer to the request."""

    def __init__(self, work: BackgroundWork, orders: OrderService) -> None:
        self._work = work
        self._orders = orders

    @app_event_listener
    async def on_order_placed(self, event: OrderPlaced) -> None:
        try:
            self._work.submit(self.confirm, event.order)
        except BackgroundWorkRefused as refused:
            log.warning("order %s is not confirmed: %s", event.order.id, refused)

    async def confirm(self, order: Order) -> None:
        log.info("dear %s, we have got your order %s", order.customer, order.id)
        await self._orders.mark_confirmed(order.id)
