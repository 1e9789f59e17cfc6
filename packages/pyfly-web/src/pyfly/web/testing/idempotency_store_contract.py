# SPDX-License-Identifier: Apache-2.0
"""What every `IdempotencyStore` does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from pyfly.web.idempotency import IdempotencyStore, InFlight, Started, Stored, StoredAnswer

CREATED = StoredAnswer(201, {"content-type": "application/json", "location": "/orders/1"}, b'{"id":1}')


class IdempotencyStoreContract:
    """Derive a test class from this and define two fixtures.

    - ``store``: the store under test, made for each test, with no key of an earlier test.
    - ``let_pass``: takes seconds, lets at least as much time pass on the store's clock, and is awaited.

    ``lease`` is the lease that the tests ask for, ``ttl`` the time to live of answers, in seconds; no step of
    a test may take that long. Against a real store, whose time cannot be moved, choose them as short as that
    allows.
    """

    lease = 30.0
    ttl = 600.0

    async def test_unknown_key_is_started(self, store: IdempotencyStore) -> None:
        started = await store.begin("k", "f", timedelta(seconds=self.lease))

        assert isinstance(started, Started)
        assert started.token
        assert started.fingerprint == "f"

    async def test_key_in_flight_is_not_started_again(self, store: IdempotencyStore) -> None:
        await self.started(store, "k", "f")

        assert await self.begin(store, "k", "f") == InFlight("f")
        assert await self.begin(store, "k", "g") == InFlight("f")

    async def test_answer_is_kept_as_it_is(self, store: IdempotencyStore) -> None:
        started = await self.started(store, "k", "f")

        assert await self.complete(store, "k", started, CREATED) is True

        assert await self.begin(store, "k", "f") == Stored("f", CREATED)
        assert await self.begin(store, "k", "g") == Stored("f", CREATED)

    async def test_body_of_any_bytes_is_kept(self, store: IdempotencyStore) -> None:
        answer = StoredAnswer(200, {"content-type": "application/octet-stream"}, bytes(range(256)) * 40)
        await self.complete(store, "k", await self.started(store, "k"), answer)

        assert await self.begin(store, "k") == Stored("f", answer)

    async def test_empty_answer_is_kept(self, store: IdempotencyStore) -> None:
        answer = StoredAnswer(204, {}, b"")
        await self.complete(store, "k", await self.started(store, "k"), answer)

        assert await self.begin(store, "k") == Stored("f", answer)

    async def test_keys_are_independent(self, store: IdempotencyStore) -> None:
        await self.complete(store, "k", await self.started(store, "k"), CREATED)
        other = await self.started(store, "K")

        await self.started(store, "k:1")
        assert await store.abandon("K", other)
        assert await self.begin(store, "k") == Stored("f", CREATED)

    async def test_one_of_many_starts(self, store: IdempotencyStore) -> None:
        found = await asyncio.gather(*(self.begin(store, "k") for _ in range(50)))

        assert len([it for it in found if isinstance(it, Started)]) == 1
        assert len([it for it in found if isinstance(it, InFlight)]) == 49

    async def test_abandoned_key_is_unknown(self, store: IdempotencyStore) -> None:
        started = await self.started(store, "k", "f")

        assert await store.abandon("k", started) is True

        assert (await self.started(store, "k", "g")).fingerprint == "g"

    async def test_key_is_abandoned_once(self, store: IdempotencyStore) -> None:
        started = await self.started(store, "k")
        await store.abandon("k", started)

        assert await store.abandon("k", started) is False

    async def test_answered_key_is_not_abandoned(self, store: IdempotencyStore) -> None:
        started = await self.started(store, "k")
        await self.complete(store, "k", started, CREATED)

        assert await store.abandon("k", started) is False
        assert await self.begin(store, "k") == Stored("f", CREATED)

    async def test_first_answer_stays(self, store: IdempotencyStore) -> None:
        started = await self.started(store, "k")
        await self.complete(store, "k", started, CREATED)

        assert await self.complete(store, "k", started, StoredAnswer(200, {}, b"other")) is False
        assert await self.begin(store, "k") == Stored("f", CREATED)

    async def test_key_whose_lease_has_ended_is_unknown(
        self, store: IdempotencyStore, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        await self.started(store, "k")

        await let_pass(self.lease)

        await self.started(store, "k")

    async def test_late_run_cannot_take_the_key_from_the_next_one(
        self, store: IdempotencyStore, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        late = await self.started(store, "k", "f")
        await let_pass(self.lease)
        await self.started(store, "k", "g")

        assert await self.complete(store, "k", late, CREATED) is False
        assert await store.abandon("k", late) is False
        assert await self.begin(store, "k") == InFlight("g")

    async def test_late_answer_is_kept_while_nobody_has_taken_the_key(
        self, store: IdempotencyStore, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        late = await self.started(store, "k")
        await let_pass(self.lease)

        assert await self.complete(store, "k", late, CREATED) is True
        assert await self.begin(store, "k") == Stored("f", CREATED)

    async def test_late_run_has_nothing_to_abandon(
        self, store: IdempotencyStore, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        late = await self.started(store, "k")
        await let_pass(self.lease)

        assert await store.abandon("k", late) is False

    async def test_answer_outlives_the_lease_and_ends_with_its_time_to_live(
        self, store: IdempotencyStore, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        await self.complete(store, "k", await self.started(store, "k"), CREATED)
        await let_pass(self.lease)
        assert await self.begin(store, "k") == Stored("f", CREATED)

        await let_pass(self.ttl)

        await self.started(store, "k")

    async def begin(self, store: IdempotencyStore, key: str, fingerprint: str = "f") -> object:
        """Begin a key with the lease of the tests."""
        return await store.begin(key, fingerprint, timedelta(seconds=self.lease))

    async def started(self, store: IdempotencyStore, key: str, fingerprint: str = "f") -> Started:
        """Begin a key that has to be unknown."""
        begun = await self.begin(store, key, fingerprint)
        assert isinstance(begun, Started)
        return begun

    async def complete(
        self, store: IdempotencyStore, key: str, started: Started, answer: StoredAnswer
    ) -> bool:
        """Complete a key with the time to live of the tests."""
        return await store.complete(key, started, answer, timedelta(seconds=self.ttl))
