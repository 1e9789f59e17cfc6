# SPDX-License-Identifier: Apache-2.0
"""Sessions that get the same messages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from pyfly.websocket.disconnect import WebSocketDisconnect
from pyfly.websocket.handler import WebSocketSession

__all__ = ["Broadcast", "SessionRegistry"]

_TOO_SLOW: Final = 1008
_CLOSING: Final = 1.0


@dataclass(frozen=True, slots=True)
class Broadcast:
    """How a broadcast went.

    Attributes:
        delivered: How many sessions took the message.
        lost: The sessions that did not; they have left the registry.
    """

    delivered: int
    lost: tuple[WebSocketSession, ...]


class SessionRegistry:
    """Send messages to a group of sessions, none of which can hold the others up.

    It belongs to one event loop and one process: several instances of a service need a broker between them.

    Args:
        send_timeout: Seconds that a session may take to accept a message; then it is closed.
    """

    def __init__(self, *, send_timeout: float = 5.0) -> None:
        self._sessions: dict[WebSocketSession, None] = {}
        self._send_timeout = send_timeout

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[WebSocketSession]:
        return iter(tuple(self._sessions))

    def __contains__(self, session: object) -> bool:
        return session in self._sessions

    def add(self, session: WebSocketSession) -> None:
        """Let a session take part.

        Args:
            session: The session.

        Raises:
            RuntimeError: It is not accepted yet.
        """
        if not session.accepted:
            raise RuntimeError("The session is not accepted yet: await session.accept() before it takes part")

        self._sessions[session] = None

    def discard(self, session: WebSocketSession) -> None:
        """Let a session go; one that does not take part does not matter."""
        self._sessions.pop(session, None)

    @asynccontextmanager
    async def joined(self, session: WebSocketSession) -> AsyncIterator[WebSocketSession]:
        """Let a session take part for the time of a block."""
        self.add(session)
        try:
            yield session
        finally:
            self.discard(session)

    async def broadcast_text(self, data: str, *, exclude: Collection[WebSocketSession] = ()) -> Broadcast:
        """Send a text message to all sessions at once.

        Args:
            data: The message.
            exclude: Sessions that do not get it.

        Returns:
            How many took it; order between broadcasts that overlap is not promised.
        """
        return await self._broadcast(lambda session: session.send_text(data), exclude)

    async def broadcast_bytes(self, data: bytes, *, exclude: Collection[WebSocketSession] = ()) -> Broadcast:
        """Send a binary message to all sessions at once; see `broadcast_text`."""
        return await self._broadcast(lambda session: session.send_bytes(data), exclude)

    async def broadcast_json(self, data: Any, *, exclude: Collection[WebSocketSession] = ()) -> Broadcast:
        """Send a value as JSON text to all sessions at once; see `broadcast_text`.

        It is written once for all sessions that write JSON the same way.

        Args:
            data: The value.
            exclude: Sessions that do not get it.
        """
        encoders = {session.options.encode for session in self._sessions}
        texts = {encode: str(encode(data), "utf-8") for encode in encoders}
        return await self._broadcast(
            lambda session: session.send_text(texts[session.options.encode]), exclude
        )

    async def close_all(self, code: int = 1001, reason: str | None = None) -> None:
        """Close all sessions, and let them go.

        Args:
            code: The close code.
            reason: A few words for the clients.
        """
        sessions = tuple(self._sessions)
        self._sessions.clear()
        await asyncio.gather(*(self._close(session, code, reason) for session in sessions))

    async def _broadcast(
        self,
        send: Callable[[WebSocketSession], Awaitable[None]],
        exclude: Collection[WebSocketSession],
    ) -> Broadcast:
        sessions = [session for session in self._sessions if session not in exclude]
        taken = await asyncio.gather(*(self._deliver(send, session) for session in sessions))
        lost = tuple(session for session, took in zip(sessions, taken, strict=True) if not took)
        return Broadcast(len(sessions) - len(lost), lost)

    async def _deliver(
        self, send: Callable[[WebSocketSession], Awaitable[None]], session: WebSocketSession
    ) -> bool:
        try:
            async with asyncio.timeout(self._send_timeout):
                await send(session)
        except TimeoutError:
            self.discard(session)
            await self._close(session, _TOO_SLOW, "The client takes no messages")
            return False
        except (WebSocketDisconnect, RuntimeError):
            # It has ended; sockets of other makes say so with a RuntimeError.
            self.discard(session)
            return False

        return True

    async def _close(self, session: WebSocketSession, code: int, reason: str | None) -> None:
        try:
            async with asyncio.timeout(_CLOSING):
                await session.close(code, reason)
        except (TimeoutError, RuntimeError):
            return
