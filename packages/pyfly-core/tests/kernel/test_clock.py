# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.kernel.clock import Clock, ManualClock, SystemClock
from pyfly.kernel.testing import ClockContract


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()

    @pytest.fixture
    def let_pass(self) -> Callable[[float], Awaitable[object]]:
        return asyncio.sleep


class TestManualClock(ClockContract):
    step = 5.0

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def let_pass(self, clock: ManualClock) -> Callable[[float], Awaitable[object]]:
        return clock.advance


def test_both_are_clocks() -> None:
    assert isinstance(SystemClock(), Clock)
    assert isinstance(ManualClock(), Clock)


def test_system_clock_tells_the_time_of_the_machine() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_manual_clock_stands_still() -> None:
    clock = ManualClock()
    assert (clock.now(), clock.monotonic()) == (datetime(2026, 1, 1, tzinfo=UTC), 0.0)
    assert (clock.now(), clock.monotonic()) == (datetime(2026, 1, 1, tzinfo=UTC), 0.0)


def test_manual_clock_starts_where_it_is_told_to() -> None:
    clock = ManualClock(datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone") as caught:
        ManualClock(datetime(2026, 3, 1))

    assert str(caught.value) == (
        "ManualClock(start): expected a datetime with a time zone, got 2026-03-01 00:00:00"
    )


def test_jump_moves_both_scales_without_an_event_loop() -> None:
    clock = ManualClock()
    clock.jump(90)
    assert (clock.now(), clock.monotonic()) == (datetime(2026, 1, 1, 0, 1, 30, tzinfo=UTC), 90.0)


def test_ten_tenths_make_one() -> None:
    clock = ManualClock()
    for _ in range(10):
        clock.jump(0.1)

    assert clock.monotonic() == 1.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "ManualClock.jump(seconds): expected 0 or more, got -1"),
        (float("nan"), "ManualClock.jump(seconds): expected a finite number, got nan"),
    ],
)
def test_time_does_not_go_back(seconds: float, text: str) -> None:
    with pytest.raises(ValueError, match="ManualClock") as caught:
        ManualClock().jump(seconds)

    assert str(caught.value) == text


async def test_loop_of_sleeps_wakes_at_each_of_its_times() -> None:
    clock = ManualClock()
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            await clock.sleep(1)
            ticks.append(clock.monotonic())

    ticking = asyncio.create_task(tick())
    await clock.advance(3.5)

    assert ticks == [1.0, 2.0, 3.0]
    assert clock.monotonic() == 3.5
    ticking.cancel()


async def test_jump_wakes_a_late_sleeper_once() -> None:
    clock = ManualClock()
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            await clock.sleep(1)
            ticks.append(clock.monotonic())

    ticking = asyncio.create_task(tick())
    await clock.advance(0)
    clock.jump(3.5)
    await clock.advance(0)

    assert ticks == [3.5]
    ticking.cancel()


async def test_nobody_wakes_early() -> None:
    clock = ManualClock()
    sleeper = asyncio.create_task(clock.sleep(10))

    await clock.advance(9.999)

    assert not sleeper.done()
    await clock.advance(0.001)
    assert sleeper.done()


async def test_equal_deadlines_wake_in_the_order_of_going_to_sleep() -> None:
    clock = ManualClock()
    woken: list[str] = []

    async def sleep(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    sleepers = [asyncio.create_task(sleep(name, 1)) for name in "abc"]
    await clock.advance(1)

    assert woken == ["a", "b", "c"]
    assert all(sleeper.done() for sleeper in sleepers)


async def test_cancelled_sleeper_vanishes() -> None:
    clock = ManualClock()
    sleeper = asyncio.create_task(clock.sleep(10))
    await clock.advance(0)
    assert clock.sleepers == 1

    sleeper.cancel()
    await clock.advance(0)

    assert clock.sleepers == 0


async def test_sleeper_that_moves_time_does_not_turn_it_back() -> None:
    clock = ManualClock()

    async def leap() -> None:
        await clock.sleep(1)
        clock.jump(100)

    leaping = asyncio.create_task(leap())
    await clock.advance(2)

    assert leaping.done()
    assert clock.monotonic() == 101.0


@given(st.lists(st.integers(0, 50), max_size=12))
def test_sleepers_wake_in_the_order_of_their_deadlines(delays: list[int]) -> None:
    async def woken() -> list[tuple[int, int]]:
        clock = ManualClock()
        found: list[tuple[int, int]] = []

        async def sleep(number: int, delay: int) -> None:
            await clock.sleep(1 + delay / 10)
            found.append((delay, number))

        tasks = [asyncio.create_task(sleep(number, delay)) for number, delay in enumerate(delays)]
        await clock.advance(7)
        await asyncio.gather(*tasks)
        return found

    assert asyncio.run(woken()) == sorted((delay, number) for number, delay in enumerate(delays))
