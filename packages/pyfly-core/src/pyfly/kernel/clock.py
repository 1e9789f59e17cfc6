# SPDX-License-Identifier: Apache-2.0
"""Time as a port: what reads or waits for time takes a `Clock`, so that a test can move it."""

import time
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from math import isfinite
from typing import Any, Final, NamedTuple, Protocol, runtime_checkable

__all__ = ["Clock", "ManualClock", "SystemClock"]

_SECOND: Final = 1_000_000_000  # nanoseconds
_TURNS: Final = 16


@runtime_checkable
class Clock(Protocol):
    """Tell the time, and wait for it to pass.

    `now` is for what people and other systems read: it follows corrections of the system's clock and may jump
    both ways. `monotonic` is for durations and deadlines: it never goes back, and only differences between
    two of its values mean anything, within one process.

    `now` and `monotonic` may be called from any thread. `sleep` belongs to the event loop it is awaited in.
    """

    def now(self) -> datetime:
        """Return the present time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds since a moment of the clock's choice; never less than an earlier value."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait until at least ``seconds`` have passed on `monotonic`.

        Zero and less give other tasks a turn and return. A cancelled sleep raises at once and leaves nothing
        behind. How late a sleeper wakes is not promised.

        Args:
            seconds: How long; fractions count.

        Raises:
            ValueError: ``seconds`` is infinite or not a number.
        """
        ...


class SystemClock(Clock):
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        # The kernel stays importable without asyncio, which costs more than all the rest of it.
        from asyncio import sleep

        await sleep(max(0.0, _finite("SystemClock.sleep", seconds)))


class _Sleeper(NamedTuple):
    deadline: int
    number: int
    future: Any  # an asyncio.Future; naming the class would import asyncio


class ManualClock(Clock):
    """A clock for tests: its time stands still until the test moves it.

    Sleepers wake in the order of their deadlines; those with the same deadline in the order in which they
    went to sleep. Time is counted in whole nanoseconds, so ten steps of 0.1 make 1.

    Tasks that sleep and the test that moves time share one event loop.

    Args:
        start: What `now` returns at first; the beginning of 2026 unless given.

    Raises:
        ValueError: ``start`` has no time zone.
    """

    def __init__(self, start: datetime | None = None) -> None:
        if start is not None and start.utcoffset() is None:
            raise ValueError(f"ManualClock(start): expected a datetime with a time zone, got {start}")

        self._start = datetime(2026, 1, 1, tzinfo=UTC) if start is None else start.astimezone(UTC)
        self._passed = 0
        self._sleepers: list[_Sleeper] = []
        self._number = 0

    @property
    def sleepers(self) -> int:
        """How many tasks sleep on this clock."""
        return len(self._sleepers)

    def now(self) -> datetime:
        return self._start + timedelta(microseconds=self._passed // 1000)

    def monotonic(self) -> float:
        return self._passed / _SECOND

    async def sleep(self, seconds: float) -> None:
        from asyncio import get_running_loop, sleep

        delay = round(_finite("ManualClock.sleep", seconds) * _SECOND)
        if delay <= 0:
            await sleep(0)
            return

        self._number += 1
        sleeper = _Sleeper(self._passed + delay, self._number, get_running_loop().create_future())
        heappush(self._sleepers, sleeper)
        try:
            await sleeper.future
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)
                heapify(self._sleepers)

    async def advance(self, seconds: float) -> None:
        """Move time on, from one deadline to the next, and let tasks run at each of them.

        A task that sleeps in a loop therefore wakes once per turn of its loop. Around each deadline tasks
        get 16 turns of the event loop, first of all to reach their sleep; a task that needs longer,
        because it waits for a thread or for real input, finds a later time.

        Args:
            seconds: How far; fractions count.

        Raises:
            ValueError: ``seconds`` is negative, infinite or not a number.
        """
        target = self._target("ManualClock.advance", seconds)
        await _let_others_run()
        while self._sleepers and self._sleepers[0].deadline <= target:
            self._wake_until(self._sleepers[0].deadline)
            await _let_others_run()

        self._wake_until(target)

    def jump(self, seconds: float) -> None:
        """Move time on at once, also outside of an event loop.

        Whoever should have woken meanwhile wakes when the event loop gets its next turn, and finds the
        new time.

        Args:
            seconds: How far; fractions count.

        Raises:
            ValueError: ``seconds`` is negative, infinite or not a number.
        """
        self._wake_until(self._target("ManualClock.jump", seconds))

    def _target(self, where: str, seconds: float) -> int:
        if _finite(where, seconds) < 0:
            raise ValueError(f"{where}(seconds): expected 0 or more, got {seconds}")

        return self._passed + round(seconds * _SECOND)

    def _wake_until(self, moment: int) -> None:
        # A task that woke may have moved time itself: it never goes back.
        self._passed = max(self._passed, moment)
        while self._sleepers and self._sleepers[0].deadline <= moment:
            future = heappop(self._sleepers).future
            if not future.done():
                future.set_result(None)


async def _let_others_run() -> None:
    from asyncio import sleep

    for _ in range(_TURNS):
        await sleep(0)


def _finite(where: str, seconds: float) -> float:
    if not isfinite(seconds):
        raise ValueError(f"{where}(seconds): expected a finite number, got {seconds}")

    return seconds
