# SPDX-License-Identifier: Apache-2.0
"""What type checkers make of user code: checked by `hatch run types`, never run."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, assert_type

from pyfly.web import PathVar, rest_controller
from pyfly.web.sse import LastEventId, SseEmitter, SseEvent, format_sse_event, sse_mapping
from pyfly.websocket import Broadcast, SessionRegistry, WebSocketSession, websocket_mapping


@rest_controller
class Desk:
    @sse_mapping("/news")
    async def news(self, last: LastEventId) -> AsyncIterator[SseEvent]:
        yield SseEvent({"after": last}, event="news", id=1)

    @websocket_mapping("/chat/{room}", subprotocols=["v1"])
    async def chat(self, session: WebSocketSession, room: PathVar[int]) -> None:
        await session.accept()


async def use(desk: Desk, session: WebSocketSession, emitter: SseEmitter, registry: SessionRegistry) -> None:
    assert_type(desk.news(LastEventId("1")), AsyncIterator[SseEvent])
    chat: Callable[[WebSocketSession, int], Coroutine[Any, Any, None]] = desk.chat
    await chat(session, 1)
    assert_type(await emitter.send({"a": 1}, event="news"), bool)
    assert_type(format_sse_event("x"), str)
    assert_type(await session.receive_text(), str)
    assert_type(await registry.broadcast_text("x"), Broadcast)
    async for message in session:
        assert_type(message, str | bytes)
    async for frame in emitter:
        assert_type(frame, str)
