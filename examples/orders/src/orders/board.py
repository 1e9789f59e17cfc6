# SPDX-License-Identifier: Apache-2.0
"""The board that the staff looks at: each change reaches everybody at once."""

from contextlib import suppress

from orders.events import OrderChanged, OrderPlaced
from orders.models import Order
from pyfly.container import component
from pyfly.context import app_event_listener
from pyfly.web.background import BackgroundWork, BackgroundWorkRefused
from pyfly.websocket import SessionRegistry


@component
class OrderBoard:
    """Sends changes to all sessions, without making a customer wait for it."""

    def __init__(self, work: BackgroundWork) -> None:
        self.sessions = SessionRegistry()
        self._work = work

    @app_event_listener
    async def on_order_placed(self, event: OrderPlaced) -> None:
        self._show(event.order)

    @app_event_listener
    async def on_order_changed(self, event: OrderChanged) -> None:
        self._show(event.order)

    def _show(self, order: Order) -> None:
        if not self.sessions:
            return

        # When there is too much to do, a board misses a change; no order is refused for it.
        with suppress(BackgroundWorkRefused):
            self._work.submit(self.sessions.broadcast_json, order)
