# SPDX-License-Identifier: Apache-2.0
"""A bounded queue between many senders and one reader, in one event loop."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from enum import Enum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Overflow(Enum):
    """What becomes of an event when too many wait for a slow client already.

    Attributes:
        WAIT: Its sender waits.
        DROP_OLDEST: It takes the place of the oldest one.
        DROP_NEWEST: It is dropped.
    """

    WAIT = "wait"
    DROP_OLDEST = "drop-oldest"
    DROP_NEWEST = "drop-newest"


class EventQueue(Generic[T]):
    """Hold items for a reader, no more than allowed; senders that wait are served in their order.

    Args:
        size: The most items.
        overflow: What becomes of further ones.
        timeout: The most seconds that a sender waits for room.

    Attributes:
        dropped: How many items were dropped for lack of room.
        is_awaited: Whether the reader waits.
    """

    def __init__(self, size: int, overflow: Overflow, timeout: float) -> None:
        self._size = size
        self._overflow = overflow
        self._timeout = timeout
        self._items: deque[T] = deque()
        self._senders: deque[tuple[asyncio.Future[bool], T]] = deque()
        self._reader: asyncio.Future[None] | None = None
        self.dropped = 0

    @property
    def is_awaited(self) -> bool:
        """Whether the reader waits."""
        return self._reader is not None

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> Awaitable[bool]:
        """Add an item: at once if there is room, else by the overflow rule."""
        if len(self._items) < self._size and not self._senders:
            self._add(item)
            return Outcome(True)

        if self._overflow is Overflow.WAIT:
            return self._wait_for_room(item)

        self.dropped += 1
        if self._overflow is Overflow.DROP_NEWEST:
            return Outcome(False)

        self._items.popleft()
        self._add(item)
        return Outcome(True)

    def take(self) -> T:
        """Take the oldest item; there has to be one."""
        item = self._items.popleft()
        while self._senders and len(self._items) < self._size:
            turn, waiting = self._senders.popleft()
            if not turn.done():
                self._add(waiting)
                turn.set_result(True)

        return item

    async def wait(self, until: float | None) -> None:
        """Wait for an item, for `wake`, or for a time of the event loop's clock."""
        self._reader = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout_at(until):
                await self._reader
        except TimeoutError:
            return
        finally:
            self._reader = None

    def wake(self) -> None:
        """Let the reader look again."""
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def dismiss(self) -> None:
        """Let all senders that wait go, without their items."""
        while self._senders:
            turn, _ = self._senders.popleft()
            if not turn.done():
                turn.set_result(False)

    def change(self, change: Callable[[T], T]) -> None:
        """Replace each item by another one."""
        self._items = deque(change(item) for item in self._items)

    def clear(self) -> None:
        """Drop all items and let all senders go."""
        self._items.clear()
        self.dismiss()

    def _add(self, item: T) -> None:
        self._items.append(item)
        self.wake()

    async def _wait_for_room(self, item: T) -> bool:
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        entry = (turn, item)
        self._senders.append(entry)
        try:
            async with asyncio.timeout(self._timeout):
                return await turn
        except TimeoutError:
            # Its turn may have come in the very last moment.
            if turn.done() and not turn.cancelled():
                return turn.result()

            raise TimeoutError(
                f"{self._size} events wait, and the client took none of them for {self._timeout:g} s;"
                " has the handler returned the emitter yet?"
            ) from None
        finally:
            if entry in self._senders:
                self._senders.remove(entry)


class Outcome:
    """A result that nobody has to wait for, awaitable all the same."""

    __slots__ = ("_value",)

    def __init__(self, value: bool) -> None:
        self._value = value

    def __await__(self) -> Generator[Any, None, bool]:
        yield from ()
        return self._value
