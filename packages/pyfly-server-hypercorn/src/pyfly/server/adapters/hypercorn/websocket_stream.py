# SPDX-License-Identifier: Apache-2.0
"""A WebSocket: Hypercorn's, whose application hears with which code the client has closed it."""

from typing import Any, Final

from hypercorn.protocol.events import Event, StreamClosed
from hypercorn.protocol.ws_stream import ASGIWebsocketState, FrameTooLargeError, WSStream
from wsproto.connection import ConnectionState
from wsproto.events import CloseConnection, Message, Ping, Pong
from wsproto.frame_protocol import CloseReason

__all__ = ["WebSocketStream"]

_SERVICE_RESTART: Final = 1012
_PING_INTERVAL: Final = 20.0


class WebSocketStream(WSStream):
    """Serve one WebSocket; the arguments are those of Hypercorn's class."""

    _client_end: CloseConnection | None = None
    _awaits_pong = False

    async def handle(self, event: Event) -> None:
        """Take what the client sends, or hear that the connection is gone."""
        if isinstance(event, StreamClosed) and self._client_end is not None and not self.closed:
            self.closed = True
            await self._tell_application(self._client_end.code, self._client_end.reason or "")
            return

        was_closed = self.closed
        await super().handle(event)
        if self.closed and not was_closed and not isinstance(event, StreamClosed):
            # The handshake is refused: what its application may have been doing is over.
            await self._tell_application(CloseReason.ABNORMAL_CLOSURE, "")
            await self.send(StreamClosed(self.stream_id))

    async def say_goodbye(self) -> None:
        """Close the WebSocket because the server goes; one that is not open yet is left alone."""
        if self.state is ASGIWebsocketState.HANDSHAKE or self.closed:
            return

        if self.state is ASGIWebsocketState.CONNECTED:
            await self.app_send({"type": "websocket.close", "code": _SERVICE_RESTART, "reason": None})

        self.closed = True
        await self._tell_application(_SERVICE_RESTART, "")
        await self.send(StreamClosed(self.stream_id))

    async def _send_pings(self) -> None:
        while not self.closed:
            await self.context.sleep(_PING_INTERVAL)
            if self._awaits_pong:
                end = CloseConnection(code=CloseReason.INTERNAL_ERROR, reason="keepalive ping timeout")
                await self._send_wsproto_event(end)
                await self.send(StreamClosed(self.stream_id))
                return

            self._awaits_pong = True
            await self._send_wsproto_event(Ping())

    async def _tell_application(self, code: int, reason: str) -> None:
        if self.app_put is not None:
            await self.app_put({"type": "websocket.disconnect", "code": int(code), "reason": reason})

    async def _handle_events(self) -> None:
        for event in self.connection.events():
            if isinstance(event, Message):
                if not await self._take(event):
                    break
            elif isinstance(event, Ping):
                await self._send_wsproto_event(event.response())
            elif isinstance(event, Pong):
                self._awaits_pong = False
            elif isinstance(event, CloseConnection):
                self._client_end = event
                is_answer = self.connection.state is ConnectionState.REMOTE_CLOSING
                # Where a frame is malformed the code is ours to tell.
                await self._send_wsproto_event(event.response() if is_answer else event)
                await self.send(StreamClosed(self.stream_id))

    async def _take(self, event: Message[Any]) -> bool:
        try:
            self.buffer.extend(event)
        except FrameTooLargeError:
            await self._send_wsproto_event(CloseConnection(code=CloseReason.MESSAGE_TOO_BIG))
            return False

        if event.message_finished and self.app_put is not None:
            await self.app_put(self.buffer.to_message())
            self.buffer.clear()

        return True
