# SPDX-License-Identifier: Apache-2.0
"""The socket of an ASGI server, read ahead so that the end of the connection is known at once."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pyfly.websocket.adapters.starlette.inbox import Inbox
from pyfly.websocket.disconnect import WebSocketDisconnect
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect as StarletteDisconnect

_CLOSING: Final = 1.0
_ABNORMAL: Final = 1006
_TOO_BIG: Final = 1009
_WRONG_TYPE: Final = 1003


class SocketClosed(WebSocketDisconnect, StarletteDisconnect):
    """The end of a connection, also for handlers that expect Starlette's own exception."""


class AsgiSocket:
    """The socket below a session, after the server's ``websocket.connect``.

    Servers tell of the end of a connection only to those who read; some let the others send into the void.

    Args:
        scope: The ASGI connection scope.
        receive: The channel from the server.
        send: The channel to the server.
        queue_size: Messages that wait for the handler before the client has to wait.
        allows: Tells whether a message is short enough; the first one that is not ends the connection.

    Attributes:
        ended: Done when the connection is over.
    """

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        queue_size: int,
        allows: Callable[[str | bytes], bool],
    ) -> None:
        self._connection = HTTPConnection(scope)
        self._receive = receive
        self._send = send
        self._inbox = Inbox(queue_size)
        self._allows = allows
        self._accepted = self._closed = False
        self._reading: asyncio.Task[None] | None = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def accepted(self) -> bool:
        """Whether the handshake is complete."""
        return self._accepted

    @property
    def path_params(self) -> Mapping[str, Any]:
        """The variables of the path."""
        return self._connection.path_params

    @property
    def query_params(self) -> Mapping[str, str]:
        """The query parameters; of repeated ones the last."""
        return self._connection.query_params

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the handshake, by name in any case."""
        return self._connection.headers

    @property
    def subprotocols(self) -> Sequence[str]:
        """The subprotocols that the client offers."""
        offered: Sequence[str] = self._connection.scope.get("subprotocols") or ()
        return offered

    def start_reading(self) -> None:
        """Take in messages from now on, until the connection ends or `stop_reading` is called."""
        self._reading = asyncio.create_task(self._read())

    async def stop_reading(self) -> None:
        """Take in no more messages; without effect in the task that does."""
        reading, self._reading = self._reading, None
        if reading is not None and reading is not asyncio.current_task():
            reading.cancel()
            await asyncio.wait({reading}, timeout=_CLOSING)

    def end(self, code: int, reason: str) -> None:
        """Let the other methods know that the connection is over."""
        self._inbox.finish(code, reason)
        if not self.ended.done():
            self.ended.set_result(None)

    async def accept(self, subprotocol: str | None = None) -> None:
        """Complete the handshake.

        Raises:
            RuntimeError: It is complete already.
            ValueError: The client does not offer this subprotocol.
        """
        if self._accepted:
            raise RuntimeError("The handshake is complete already")

        if subprotocol is not None and subprotocol not in self.subprotocols:
            offered = ", ".join(self.subprotocols) or "none"
            raise ValueError(f"subprotocol: the client does not offer {subprotocol!r}; it offers {offered}")

        await self._put({"type": "websocket.accept", "subprotocol": subprotocol, "headers": []})
        self._accepted = True

    async def send_text(self, data: str) -> None:
        """Send a text message."""
        await self._put({"type": "websocket.send", "text": data})

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        await self._put({"type": "websocket.send", "bytes": data})

    async def receive_message(self) -> str | bytes:
        """Return the next message."""
        try:
            return await self._inbox.take()
        except WebSocketDisconnect as disconnect:
            raise SocketClosed(disconnect.code, disconnect.reason) from None

    async def receive_text(self) -> str:
        """Return the next message; one that is not text ends the connection."""
        message = await self.receive_message()
        if isinstance(message, str):
            return message

        raise await self._wrong_type("Text was expected")

    async def receive_bytes(self) -> bytes:
        """Return the next message; one that is not binary ends the connection."""
        message = await self.receive_message()
        if isinstance(message, bytes):
            return message

        raise await self._wrong_type("A binary message was expected")

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close the connection, or refuse the handshake; without effect after the end."""
        if self._closed or self._inbox.end is not None:
            return

        self._closed = True
        # Granian does not send the end of a connection while somebody reads from it.
        await self.stop_reading()
        message = {"type": "websocket.close", "code": code, "reason": reason or ""}
        try:
            async with asyncio.timeout(_CLOSING):
                await self._send(message)
        except OSError:
            # The client has gone, or takes nothing any more: a TimeoutError is one of these.
            return
        finally:
            self.end(code, reason or "")

    async def _read(self) -> None:
        try:
            message = await self._receive()
            while message["type"] == "websocket.receive":
                text = message.get("text")
                content = message["bytes"] if text is None else text
                if not self._allows(content):
                    await self.close(_TOO_BIG, "The message is too long")
                    return

                await self._inbox.put(content)
                message = await self._receive()
        except Exception:
            # Not every server puts the loss of a connection into a message.
            message = {"code": _ABNORMAL}

        self.end(message.get("code") or _ABNORMAL, message.get("reason") or "")

    async def _put(self, message: Message) -> None:
        if self._inbox.end is not None:
            raise SocketClosed(*self._inbox.end)

        try:
            await self._send(message)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise

            self.end(_ABNORMAL, "")
            raise SocketClosed(_ABNORMAL) from None

    async def _wrong_type(self, reason: str) -> SocketClosed:
        await self.close(_WRONG_TYPE, reason)
        return SocketClosed(_WRONG_TYPE, reason)
