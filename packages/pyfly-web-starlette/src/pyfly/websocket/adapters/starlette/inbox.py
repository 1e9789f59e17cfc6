# SPDX-License-Identifier: Apache-2.0
"""Messages of a client that wait for the handler."""

import asyncio
from collections import deque

from pyfly.websocket.disconnect import WebSocketDisconnect


class Inbox:
    """A bounded queue with an end: what came before the end can still be taken.

    Args:
        size: The most messages that wait.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._messages: deque[str | bytes] = deque()
        self._changed = asyncio.Event()
        self._end: tuple[int, str] | None = None

    @property
    def end(self) -> tuple[int, str] | None:
        """Code and reason of the end, once there is one."""
        return self._end

    async def put(self, message: str | bytes) -> None:
        """Add a message; wait for room first. After the end it is dropped."""
        while len(self._messages) >= self._size and self._end is None:
            await self._change()

        if self._end is None:
            self._messages.append(message)
            self._changed.set()

    async def take(self) -> str | bytes:
        """Return the oldest message; wait for one.

        Raises:
            WebSocketDisconnect: There are none left, and none will come.
        """
        while not self._messages:
            if self._end is not None:
                raise WebSocketDisconnect(*self._end)

            await self._change()

        message = self._messages.popleft()
        self._changed.set()
        return message

    def finish(self, code: int, reason: str) -> None:
        """Set the end; only the first one counts."""
        if self._end is None:
            self._end = (code, reason)
            self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
