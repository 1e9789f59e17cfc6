# SPDX-License-Identifier: Apache-2.0
"""What every `Clock` does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

from pyfly.kernel.clock import Clock

_DEADLINE = 10.0  # seconds of real time


class ClockContract:
    """Derive a test class from this and define two fixtures.

    - ``clock``: the clock under test, made for each test.
    - ``let_pass``: takes seconds, lets at least as much time pass on that clock, and is awaited. For a
      clock that runs by itself it waits; for a manual one it moves the time.

    ``step`` is the time that a test sleeps, in seconds.
    """

    step = 0.02

    async def test_now_is_aware_and_in_utc(self, clock: Clock) -> None:
        now = clock.now()

        assert now.utcoffset() == timedelta(0), f"now() is {now!r}"
        assert now.tzinfo is UTC, f"now() is {now!r}"

    async def test_time_moves_on_both_scales(
        self, clock: Clock, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        wall, mark = clock.now(), clock.monotonic()

        await let_pass(self.step)

        assert clock.monotonic() - mark >= self.step
        assert clock.now() > wall

    async def test_monotonic_never_goes_back(self, clock: Clock) -> None:
        marks = [clock.monotonic() for _ in range(1000)]

        assert marks == sorted(marks)

    async def test_sleeper_wakes_once_the_time_has_passed(
        self, clock: Clock, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        mark = clock.monotonic()
        sleeper = asyncio.create_task(clock.sleep(self.step))

        await let_pass(2 * self.step)

        await asyncio.wait_for(sleeper, _DEADLINE)
        assert clock.monotonic() - mark >= self.step

    async def test_sleepers_wake_by_their_deadlines(
        self, clock: Clock, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        woken: list[int] = []

        async def sleep(steps: int) -> None:
            await clock.sleep(steps * self.step)
            woken.append(steps)

        sleepers = [asyncio.create_task(sleep(steps)) for steps in (3, 1, 2)]
        await let_pass(4 * self.step)

        await asyncio.wait_for(asyncio.gather(*sleepers), _DEADLINE)
        assert woken == [1, 2, 3]

    async def test_zero_and_less_return(self, clock: Clock) -> None:
        for seconds in (0, 0.0, -1.5):
            await asyncio.wait_for(clock.sleep(seconds), _DEADLINE)

    async def test_zero_gives_others_a_turn(self, clock: Clock) -> None:
        other = asyncio.create_task(asyncio.sleep(0))

        for _ in range(3):
            await clock.sleep(0)

        assert other.done()

    async def test_what_is_no_number_of_seconds_is_refused(self, clock: Clock) -> None:
        for seconds in (float("nan"), float("inf"), float("-inf")):
            try:
                await asyncio.wait_for(clock.sleep(seconds), _DEADLINE)
            except ValueError:
                continue

            raise AssertionError(f"sleep({seconds}) did not raise ValueError")

    async def test_cancelled_sleeper_is_gone_at_once(
        self, clock: Clock, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        sleeper = asyncio.create_task(clock.sleep(1000 * self.step))
        other = asyncio.create_task(clock.sleep(self.step))
        await asyncio.sleep(0)

        sleeper.cancel()
        await asyncio.wait([sleeper], timeout=_DEADLINE)
        await let_pass(2 * self.step)

        assert sleeper.cancelled()
        await asyncio.wait_for(other, _DEADLINE)
