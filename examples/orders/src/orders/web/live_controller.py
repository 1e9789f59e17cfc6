# SPDX-License-Identifier: Apache-2.0
"""Orders as they happen: a stream of events for customers, a WebSocket for the staff."""

from collections.abc import AsyncIterator
from uuid import UUID

from orders.board import OrderBoard
from orders.feed import OrderFeed
from orders.models import Order, OrderStatus
from orders.properties import OrderProperties
from orders.service import OrderService
from pyfly.kernel import ResourceNotFoundException
from pyfly.web import QueryParam, request_mapping, rest_controller
from pyfly.web.openapi import operation
from pyfly.web.sse import SseEvent, sse_mapping
from pyfly.websocket import WebSocketSession, websocket_mapping

TRY_AGAIN_LATER = 1013


@rest_controller
@request_mapping("/orders")
@operation(tags=["live"])
class LiveController:
    """What is happening now."""

    def __init__(
        self, orders: OrderService, feed: OrderFeed, board: OrderBoard, limits: OrderProperties
    ) -> None:
        self._orders = orders
        self._feed = feed
        self._board = board
        self._most = limits.max_listeners

    @sse_mapping("/events")
    async def events(self, status: QueryParam[list[OrderStatus] | None] = None) -> AsyncIterator[SseEvent]:
        """Follow all orders, or those of some states; events are named after the state."""
        with self._feed.follow() as changes:
            while True:
                order = await changes.get()
                if not status or order.status in status:
                    yield SseEvent(order, event=order.status.value)

    @websocket_mapping("/board")
    async def board(self, session: WebSocketSession) -> None:
        """Send every change, and answer questions: the text of a question is the id of an order."""
        if len(self._board.sessions) >= self._most:
            await session.close(TRY_AGAIN_LATER, "too many boards")
            return

        await session.accept()
        async with self._board.sessions.joined(session):
            async for question in session:
                await session.send_json(await self._answer(question))

    async def _answer(self, question: str | bytes) -> Order | dict[str, str]:
        try:
            return await self._orders.find(UUID(str(question)))
        except (ValueError, ResourceNotFoundException):
            return {"unknown": str(question)[:100]}
