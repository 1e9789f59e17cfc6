# SPDX-License-Identifier: Apache-2.0
import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pyfly.kernel.clock import ManualClock
from pyfly.kernel.lease import InMemoryLeases, LeasePort
from pyfly.kernel.testing import LeaseContract


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def leases(clock: ManualClock) -> InMemoryLeases:
    return InMemoryLeases(clock)


class TestInMemoryLeases(LeaseContract):
    @pytest.fixture
    def leases(self, clock: ManualClock) -> LeasePort:
        return InMemoryLeases(clock)

    @pytest.fixture
    def let_pass(self, clock: ManualClock) -> Callable[[float], Awaitable[object]]:
        return clock.advance


async def test_lease_ends_at_the_very_moment(clock: ManualClock, leases: InMemoryLeases) -> None:
    lease = await leases.acquire("report", 10)
    assert lease is not None

    clock.jump(9.999)
    assert await leases.acquire("report", 10) is None
    clock.jump(0.001)

    assert clock.now() == lease.expires_at
    assert await leases.acquire("report", 10) is not None


async def test_leases_work_by_the_system_clock_unless_told_otherwise() -> None:
    leases = InMemoryLeases()
    lease = await leases.acquire("report", 60)
    assert lease is not None
    assert await leases.renew(lease) is not None
    assert await leases.release(lease)


def test_one_of_many_threads_gets_the_name(leases: InMemoryLeases) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: asyncio.run(leases.acquire("report", 60)), range(40)))

    assert len([lease for lease in found if lease is not None]) == 1


def test_no_token_is_given_twice_to_threads(leases: InMemoryLeases) -> None:
    async def hold() -> list[int]:
        held = [lease for _ in range(50) if (lease := await leases.acquire("report", 60)) is not None]
        for lease in held:
            await leases.release(lease)

        return [lease.token for lease in held]

    with ThreadPoolExecutor(4) as threads:
        tokens = [token for held in threads.map(lambda _: asyncio.run(hold()), range(20)) for token in held]

    assert tokens
    assert len(set(tokens)) == len(tokens)


async def test_expired_leases_do_not_accumulate(clock: ManualClock, leases: InMemoryLeases) -> None:
    class Name(str):
        pass

    remembered = weakref.WeakSet[Name]()
    for number in range(2000):
        name = Name(number)
        remembered.add(name)
        await leases.acquire(name, 1)
        clock.jump(1)

    del name
    gc.collect()
    assert len(remembered) <= 64


@pytest.mark.parametrize(
    ("name", "ttl", "text"),
    [
        ("", 10, "acquire(name): expected a name, got an empty text"),
        ("report", 0, "acquire('report', ttl): expected seconds above 0 and up to 1e9, got 0"),
        (
            "report",
            1e12,
            "acquire('report', ttl): expected seconds above 0 and up to 1e9, got 1000000000000.0",
        ),
    ],
)
async def test_mistakes_are_named(leases: InMemoryLeases, name: str, ttl: float, text: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        await leases.acquire(name, ttl)

    assert str(caught.value) == text


async def test_fencing_keeps_a_late_writer_out(clock: ManualClock, leases: InMemoryLeases) -> None:
    newest = 0
    written: list[str] = []

    def write(text: str, token: int) -> None:
        nonlocal newest
        if token >= newest:
            newest = token
            written.append(text)

    slow = await leases.acquire("report", 10)
    assert slow is not None
    clock.jump(10)
    quick = await leases.acquire("report", 10)
    assert quick is not None

    write("quick", quick.token)
    write("slow", slow.token)

    assert written == ["quick"]
