# SPDX-License-Identifier: Apache-2.0
"""One WebSocket connection, as a handler sees it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final, Literal, NoReturn, Protocol, TypeAlias, TypeVar, runtime_checkable

from pydantic_core import from_json

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.websocket.disconnect import WebSocketDisconnect
from pyfly.websocket.raw_socket import RawSocket
from pyfly.websocket.session_options import SessionOptions

__all__ = ["WebSocketHandler", "WebSocketSession"]

T = TypeVar("T")
Mode: TypeAlias = Literal["text", "binary"]

_CLOSING: Final = 1.0
_GOING_AWAY: Final = 1001
_ABNORMAL: Final = 1006
_POLICY: Final = 1008
_TOO_BIG: Final = 1009


class WebSocketSession(AsyncIterator[str | bytes]):
    """A connection to one client: accept it, exchange messages, close it.

    Any task of the event loop may send; one at a time may receive. Iteration yields the messages, text or
    bytes, until the connection ends.

    Args:
        raw: The socket; it is not touched before it is used.
        options: Limits and choices.
    """

    def __init__(self, raw: RawSocket, options: SessionOptions | None = None) -> None:
        self._raw = raw
        self._options = options or SessionOptions()
        self._accepted = False
        self._end: tuple[int, str] | None = None
        self._subprotocol: str | None = None
        self._sending = asyncio.Lock()

    @property
    def accepted(self) -> bool:
        """Whether the handshake was completed; it stays true after the end."""
        return self._accepted

    @property
    def closed(self) -> bool:
        """Whether the connection has ended, as far as this session has noticed."""
        return self._end is not None

    @property
    def options(self) -> SessionOptions:
        """Limits and choices of this session."""
        return self._options

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that was agreed on."""
        return self._subprotocol

    @property
    def path_params(self) -> dict[str, Any]:
        """The variables of the path."""
        return dict(self._raw.path_params)

    @property
    def query_params(self) -> Mapping[str, str]:
        """The query parameters; of repeated ones the last."""
        return self._raw.query_params

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the handshake, by name in any case."""
        return self._raw.headers

    async def accept(self, subprotocol: str | None = None) -> None:
        """Complete the handshake.

        Args:
            subprotocol: One that the client offers; None for the first that the handler speaks and the client
                offers, if there is one.

        Raises:
            WebSocketDisconnect: The client has gone away already.
            ValueError: The client does not offer this subprotocol.
        """
        chosen = self._offered() if subprotocol is None else subprotocol
        await self._watched(self._raw.accept(subprotocol=chosen))
        self._subprotocol = chosen
        self._accepted = True

    async def send_text(self, data: str) -> None:
        """Send a text message.

        Raises:
            WebSocketDisconnect: The connection has ended, or ends because the client takes nothing.
            RuntimeError: The session is not accepted.
        """
        await self._send(self._raw.send_text, data)

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message; see `send_text`."""
        await self._send(self._raw.send_bytes, data)

    async def send_json(self, data: Any, mode: Mode = "text") -> None:
        """Send a value as JSON.

        Args:
            data: What the application can write as JSON: models, dataclasses, containers and so on.
            mode: Whether the message is text or binary.

        Raises:
            WebSocketDisconnect: The connection has ended, or ends because the client takes nothing.
            RuntimeError: The session is not accepted.
            ValueError: There is no such mode.
        """
        _check_mode(mode)
        content = self._options.encode(data)
        if mode == "binary":
            await self.send_bytes(content)
        else:
            await self.send_text(str(content, "utf-8"))

    async def receive_text(self) -> str:
        """Return the next message, which has to be text.

        Raises:
            WebSocketDisconnect: The connection has ended; or it is ended because the message is too long or
                binary, or none came in time.
            RuntimeError: The session is not accepted.
        """
        return await self._receive(self._raw.receive_text)

    async def receive_bytes(self) -> bytes:
        """Return the next message, which has to be binary; see `receive_text`."""
        return await self._receive(self._raw.receive_bytes)

    async def receive_json(self, mode: Mode = "text") -> Any:
        """Return the value of the next message.

        Args:
            mode: Whether the message has to be text or binary.

        Raises:
            InvalidRequestException: The message is not JSON; the connection goes on.
            WebSocketDisconnect: As in `receive_text`.
            RuntimeError: The session is not accepted.
            ValueError: There is no such mode.
        """
        _check_mode(mode)
        content = await (self.receive_bytes() if mode == "binary" else self.receive_text())
        try:
            return from_json(content)
        except ValueError as error:
            raise InvalidRequestException(f"Invalid JSON: {error}", code="INVALID_JSON") from None

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close the connection, or refuse it if it is not accepted; without effect once it has ended.

        Args:
            code: The close code: 1000, 1001 and so on of RFC 6455, or one of your own from 4000 to 4999.
            reason: A few words for the client, at most 123 bytes.
        """
        if self._end is not None:
            return

        self._end = (code, reason or "")
        try:
            await self._raw.close(code=code, reason=reason)
        except WebSocketDisconnect:
            return

    def __aiter__(self) -> "WebSocketSession":
        return self

    async def __anext__(self) -> str | bytes:
        """Return the next message.

        Raises:
            StopAsyncIteration: The connection has ended.
            RuntimeError: The session is not accepted.
        """
        receive: Callable[[], Awaitable[str | bytes]] = getattr(
            self._raw, "receive_message", self._raw.receive_text
        )
        try:
            return await self._receive(receive)
        except WebSocketDisconnect:
            raise StopAsyncIteration from None

    def _offered(self) -> str | None:
        spoken = self._options.subprotocols
        offers = getattr(self._raw, "subprotocols", ()) if spoken else ()
        return next((name for name in spoken if name in offers), None)

    async def _send(self, send: Callable[[T], Awaitable[None]], data: T) -> None:
        self._check()
        try:
            async with asyncio.timeout(self._options.send_timeout), self._sending:
                self._check()
                await self._watched(send(data))
        except TimeoutError:
            await self._give_up(_POLICY, "The client takes no messages", told=_ABNORMAL)

    async def _receive(self, receive: Callable[[], Awaitable[T]]) -> T:
        self._check()
        try:
            async with asyncio.timeout(self._options.idle_timeout):
                message = await self._watched(receive())
        except TimeoutError:
            await self._give_up(_GOING_AWAY, "No message came in time")

        if not self._options.allows(message):
            await self._give_up(_TOO_BIG, "The message is too long")

        return message

    async def _watched(self, action: Awaitable[T]) -> T:
        try:
            return await action
        except WebSocketDisconnect as disconnect:
            self._end = self._end or (disconnect.code, disconnect.reason)
            raise

    async def _give_up(self, code: int, reason: str, *, told: int | None = None) -> NoReturn:
        try:
            async with asyncio.timeout(_CLOSING):
                await self.close(code, reason)
        except TimeoutError:
            # A client that takes nothing does not take this either.
            self._end = (_ABNORMAL, reason)

        raise WebSocketDisconnect(told or code, reason)

    def _check(self) -> None:
        if self._end is not None:
            raise WebSocketDisconnect(*self._end)

        if not self._accepted:
            raise RuntimeError("The session is not accepted: await session.accept() first")


@runtime_checkable
class WebSocketHandler(Protocol):
    """The shape of a class that handles connections.

    The framework itself calls ``on_disconnect`` alone, on any controller that has it.
    """

    async def on_connect(self, session: WebSocketSession) -> None:
        """Begin with a connection."""
        ...

    async def on_message(self, session: WebSocketSession, data: str) -> None:
        """Take a message."""
        ...

    async def on_disconnect(self, session: WebSocketSession) -> None:
        """Take leave of a connection that was accepted, however it ended."""
        ...


def _check_mode(mode: str) -> None:
    if mode not in ("text", "binary"):
        raise ValueError(f"mode: expected 'text' or 'binary', got {mode!r}")
