# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from pyfly.kernel.clock import ManualClock
from pyfly.web.idempotency import (
    CacheIdempotencyStore,
    IdempotencyStore,
    IdempotencyStoreException,
    InFlight,
    InMemoryIdempotencyStore,
    Started,
    Stored,
    StoredAnswer,
)
from pyfly.web.testing import IdempotencyStoreContract

LEASE = timedelta(seconds=30)
DAY = timedelta(days=1)
OK = StoredAnswer(200, {}, b"ok")


class PlainCache:
    """A cache with the three operations that every one has; each of them takes a turn of the event loop."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.entries: dict[str, tuple[Any, float]] = {}

    async def get(self, key: str) -> Any:
        await asyncio.sleep(0)
        value, deadline = self.entries.get(key, (None, 0.0))
        return value if deadline > self.clock.monotonic() else None

    async def put(self, key: str, value: Any, ttl: timedelta) -> None:
        await asyncio.sleep(0)
        self.entries[key] = (value, self.clock.monotonic() + ttl.total_seconds())

    async def evict(self, key: str) -> bool:
        await asyncio.sleep(0)
        return self.entries.pop(key, None) is not None


class SharedCache(PlainCache):
    """A cache that can also store a value where there is none."""

    async def put_if_absent(self, key: str, value: Any, ttl: timedelta) -> bool:
        await asyncio.sleep(0)
        present = self.entries.get(key, (None, 0.0))[1] > self.clock.monotonic()
        if not present:
            self.entries[key] = (value, self.clock.monotonic() + ttl.total_seconds())

        return not present


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def let_pass(clock: ManualClock) -> Callable[[float], Awaitable[object]]:
    return clock.advance


class TestInMemoryIdempotencyStore(IdempotencyStoreContract):
    @pytest.fixture
    def store(self, clock: ManualClock) -> IdempotencyStore:
        return InMemoryIdempotencyStore(clock)


class TestCacheIdempotencyStoreOverSharedCache(IdempotencyStoreContract):
    @pytest.fixture
    def store(self, clock: ManualClock) -> IdempotencyStore:
        return CacheIdempotencyStore(SharedCache(clock))


class TestCacheIdempotencyStoreOverPlainCache(IdempotencyStoreContract):
    @pytest.fixture
    def store(self, clock: ManualClock) -> IdempotencyStore:
        return CacheIdempotencyStore(PlainCache(clock), clock)


async def begun(store: IdempotencyStore, key: str) -> Started:
    started = await store.begin(key, "f", LEASE)
    assert isinstance(started, Started)
    return started


async def test_two_processes_with_one_cache_start_a_key_once(clock: ManualClock) -> None:
    cache = SharedCache(clock)
    stores = [CacheIdempotencyStore(cache) for _ in range(2)]

    found = await asyncio.gather(*(store.begin("k", "f", LEASE) for store in stores for _ in range(50)))

    assert len([it for it in found if isinstance(it, Started)]) == 1


async def test_another_process_replays_what_is_in_the_cache(clock: ManualClock) -> None:
    cache = SharedCache(clock)
    first, second = CacheIdempotencyStore(cache), CacheIdempotencyStore(cache)
    await first.complete("k", await begun(first, "k"), OK, DAY)

    assert await second.begin("k", "f", LEASE) == Stored("f", OK)


async def test_cache_holds_status_headers_and_text(clock: ManualClock) -> None:
    cache = SharedCache(clock)
    store = CacheIdempotencyStore(cache)
    answer = StoredAnswer(201, {"location": "/orders/1"}, b"na\xc3\xafve\xff")
    await store.complete("idem:POST:/orders:k", await begun(store, "idem:POST:/orders:k"), answer, DAY)

    assert await cache.get("idem:POST:/orders:k") == {
        "status": 201,
        "headers": {"location": "/orders/1"},
        "body": "na\xc3\xafve\xff",
        "fingerprint": "f",
    }
    assert cache.entries["idem:POST:/orders:k"][1] == DAY.total_seconds()


async def test_answer_without_a_fingerprint_is_read(clock: ManualClock) -> None:
    cache = SharedCache(clock)
    await cache.put("k", {"status": 200, "headers": {}, "body": "ok"}, DAY)

    assert await CacheIdempotencyStore(cache).begin("k", "f", LEASE) == Stored(None, OK)


@pytest.mark.parametrize(
    "value", ["text", 7, [], {}, {"status": "x", "headers": {}, "body": ""}, {"status": 200}]
)
async def test_anything_else_in_the_cache_is_an_error(clock: ManualClock, value: object) -> None:
    cache = SharedCache(clock)
    await cache.put("k", value, DAY)

    with pytest.raises(IdempotencyStoreException, match="'k'"):
        await CacheIdempotencyStore(cache).begin("k", "f", LEASE)


async def test_cache_without_put_if_absent_is_told_about(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    CacheIdempotencyStore(PlainCache(clock))

    assert "PlainCache has no put_if_absent" in caplog.text


async def test_cache_that_fails_leaves_no_key_in_flight(clock: ManualClock) -> None:
    cache = PlainCache(clock)
    store = CacheIdempotencyStore(cache, clock)
    working, cache.entries = cache.entries, None  # type: ignore[assignment]

    with pytest.raises(AttributeError):
        await store.begin("k", "f", LEASE)

    cache.entries = working
    await begun(store, "k")


async def test_cancelled_beginning_leaves_no_key_in_flight(clock: ManualClock) -> None:
    store = CacheIdempotencyStore(PlainCache(clock), clock)
    task = asyncio.create_task(store.begin("k", "f", LEASE))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await begun(store, "k")


class VanishingCache(SharedCache):
    async def put_if_absent(self, key: str, value: Any, ttl: timedelta) -> bool:
        return False


async def test_key_that_others_keep_taking_and_leaving_counts_as_in_flight(clock: ManualClock) -> None:
    assert await CacheIdempotencyStore(VanishingCache(clock)).begin("k", "f", LEASE) == InFlight(None)


async def test_oldest_answers_make_room_and_the_log_tells_once(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = InMemoryIdempotencyStore(clock, max_entries=3)
    for number in range(5):
        await store.complete(f"k{number}", await begun(store, f"k{number}"), OK, DAY)

    assert [isinstance(await store.begin(f"k{number}", "f", LEASE), Stored) for number in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert len(caplog.records) == 1
    assert "answers are forgotten before their time" in caplog.text


async def test_answers_make_room_for_bytes_too(clock: ManualClock) -> None:
    store = InMemoryIdempotencyStore(clock, max_bytes=250)
    for key in "abc":
        await store.complete(key, await begun(store, key), StoredAnswer(200, {}, b"x" * 100), DAY)

    assert [type(await store.begin(key, "f", LEASE)) for key in "abc"] == [Started, Stored, Stored]


async def test_answer_larger_than_the_store_is_an_error_and_frees_its_key(clock: ManualClock) -> None:
    store = InMemoryIdempotencyStore(clock, max_bytes=50)
    started = await begun(store, "k")

    with pytest.raises(IdempotencyStoreException, match="larger than the store"):
        await store.complete("k", started, StoredAnswer(200, {}, b"x" * 100), DAY)

    await begun(store, "k")


async def test_too_many_keys_in_flight_are_refused_until_leases_end(clock: ManualClock) -> None:
    store = InMemoryIdempotencyStore(clock, max_entries=2)
    await begun(store, "a")
    await store.begin("b", "f", timedelta(seconds=5))

    with pytest.raises(IdempotencyStoreException, match="2 requests"):
        await store.begin("c", "f", LEASE)

    clock.jump(5)
    await begun(store, "c")


@pytest.mark.parametrize("limit", ["max_entries", "max_bytes"])
def test_limit_below_one_is_refused(limit: str) -> None:
    with pytest.raises(ValueError, match=rf"InMemoryIdempotencyStore\({limit}\): expected 1 or more, got 0"):
        InMemoryIdempotencyStore(**{limit: 0})


def test_one_of_many_threads_starts_a_key() -> None:
    store = InMemoryIdempotencyStore()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: asyncio.run(store.begin("k", "f", LEASE)), range(40)))

    assert len([it for it in found if isinstance(it, Started)]) == 1
