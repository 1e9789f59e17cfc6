# SPDX-License-Identifier: Apache-2.0
"""The messages of a client on their way into the application."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from hypercorn.typing import ASGIReceiveEvent

__all__ = ["ApplicationMessages"]

_LIMIT: Final = 10
_ENDS: Final = frozenset({"http.disconnect", "websocket.disconnect"})

_Taken = Callable[[], Awaitable[None]]


class ApplicationMessages:
    """Hold what a client has sent until the application asks for it.

    Hypercorn's own queue waits for ever for an application that has ended without reading it.
    """

    def __init__(self) -> None:
        self._messages: deque[tuple[ASGIReceiveEvent, _Taken | None]] = deque()
        self._arrival = asyncio.Event()
        self._room = asyncio.Event()
        self._end: ASGIReceiveEvent | None = None
        self._is_closed = False

    async def __call__(self, message: ASGIReceiveEvent) -> None:
        """Add a message; one with content waits until there is room for more."""
        await self.offer(message)
        while len(self._messages) > _LIMIT and _has_content(message):
            self._room.clear()
            await self._room.wait()

    async def offer(self, message: ASGIReceiveEvent, taken: _Taken | None = None) -> None:
        """Add a message, however many there are.

        Args:
            message: The message.
            taken: Awaited once the application has it, or has ended without it.
        """
        if not self._is_closed:
            self._messages.append((message, taken))
            self._arrival.set()
        elif taken is not None:
            await taken()

    async def get(self) -> ASGIReceiveEvent:
        """Return the next message; after the end of the connection, that end again and again."""
        while not self._messages:
            if self._end is not None:
                return self._end

            self._arrival.clear()
            await self._arrival.wait()

        message, taken = self._messages.popleft()
        self._room.set()
        if message["type"] in _ENDS:
            self._end = message

        if taken is not None:
            await taken()

        return message

    async def close(self) -> None:
        """Drop what there is and what comes: the application has ended."""
        self._is_closed = True
        dropped = list(self._messages)
        self._messages.clear()
        self._room.set()
        for _, taken in dropped:
            if taken is not None:
                await taken()


def _has_content(message: ASGIReceiveEvent) -> bool:
    return message["type"] == "websocket.receive" or bool(cast(dict[str, Any], message).get("more_body"))
