# SPDX-License-Identifier: Apache-2.0
"""What every `LeasePort` does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from pyfly.kernel.lease import Lease, LeasePort


class LeaseContract:
    """Derive a test class from this and define two fixtures.

    - ``leases``: the port under test, made for each test, with no lease of an earlier test.
    - ``let_pass``: takes seconds, lets at least as much time pass on the port's clock, and is awaited.

    ``ttl`` is the time to live that the tests ask for, in seconds; no step of a test may take that long.
    Against a real store, whose time cannot be moved, choose it as short as that allows.
    """

    ttl = 30.0

    async def test_lease_tells_what_was_asked_for(self, leases: LeasePort) -> None:
        lease = await taken(leases, "report", self.ttl, owner="worker-1")

        assert (lease.name, lease.owner, lease.ttl) == ("report", "worker-1", self.ttl)
        assert lease.expires_at.utcoffset() == timedelta(0)

    async def test_owner_is_made_up_unless_given(self, leases: LeasePort) -> None:
        first = await taken(leases, "report", self.ttl)
        second = await taken(leases, "invoice", self.ttl)

        assert first.owner
        assert first.owner != second.owner

    async def test_taken_name_is_refused_to_everybody(self, leases: LeasePort) -> None:
        await taken(leases, "report", self.ttl, owner="worker-1")

        assert await leases.acquire("report", self.ttl, owner="worker-2") is None
        assert await leases.acquire("report", self.ttl, owner="worker-1") is None

    async def test_names_are_independent(self, leases: LeasePort) -> None:
        first = await taken(leases, "report", self.ttl)
        second = await taken(leases, "Report", self.ttl)
        await taken(leases, "report:1", self.ttl)

        assert await leases.release(first)
        assert await leases.renew(second) is not None

    async def test_one_of_many_gets_the_name(self, leases: LeasePort) -> None:
        found = await asyncio.gather(*(leases.acquire("report", self.ttl) for _ in range(20)))

        assert len([lease for lease in found if lease is not None]) == 1

    async def test_released_name_is_free(self, leases: LeasePort) -> None:
        lease = await taken(leases, "report", self.ttl)

        assert await leases.release(lease) is True
        await taken(leases, "report", self.ttl)

    async def test_release_works_once(self, leases: LeasePort) -> None:
        lease = await taken(leases, "report", self.ttl)
        await leases.release(lease)

        assert await leases.release(lease) is False

    async def test_expired_name_is_free(
        self, leases: LeasePort, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        await taken(leases, "report", self.ttl)

        await let_pass(self.ttl)

        await taken(leases, "report", self.ttl)

    async def test_token_grows_with_each_acquisition_of_a_name(
        self, leases: LeasePort, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        first = await taken(leases, "report", self.ttl)
        await leases.release(first)
        second = await taken(leases, "report", self.ttl)
        await let_pass(self.ttl)
        third = await taken(leases, "report", self.ttl)

        assert first.token < second.token < third.token

    async def test_renewal_moves_the_end_and_keeps_the_token(
        self, leases: LeasePort, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        lease = await taken(leases, "report", self.ttl)
        await let_pass(self.ttl / 2)

        renewed = await leases.renew(lease)
        await let_pass(self.ttl * 0.6)

        assert renewed is not None
        assert (renewed.name, renewed.owner, renewed.token) == (lease.name, lease.owner, lease.token)
        assert renewed.expires_at > lease.expires_at
        assert await leases.acquire("report", self.ttl) is None

    async def test_lease_of_before_the_renewal_still_stands_for_it(self, leases: LeasePort) -> None:
        lease = await taken(leases, "report", self.ttl)
        await leases.renew(lease)

        assert await leases.renew(lease) is not None
        assert await leases.release(lease) is True

    async def test_renewal_may_shorten(
        self, leases: LeasePort, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        lease = await taken(leases, "report", self.ttl)

        renewed = await leases.renew(lease, self.ttl / 4)
        await let_pass(self.ttl / 4)

        assert renewed is not None
        assert renewed.ttl == self.ttl / 4
        await taken(leases, "report", self.ttl)

    async def test_expired_lease_is_neither_renewed_nor_released(
        self, leases: LeasePort, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        lease = await taken(leases, "report", self.ttl)

        await let_pass(self.ttl)

        assert await leases.renew(lease) is None
        assert await leases.release(lease) is False

    async def test_old_holder_cannot_touch_the_lease_of_the_new_one(
        self, leases: LeasePort, let_pass: Callable[[float], Awaitable[object]]
    ) -> None:
        old = await taken(leases, "report", self.ttl, owner="worker")
        await let_pass(self.ttl)
        new = await taken(leases, "report", self.ttl, owner="worker")

        assert await leases.renew(old) is None
        assert await leases.release(old) is False
        assert await leases.acquire("report", self.ttl) is None
        assert await leases.renew(new) is not None

    async def test_empty_name_is_refused(self, leases: LeasePort) -> None:
        await refused(leases.acquire("", self.ttl))

    async def test_impossible_times_to_live_are_refused(self, leases: LeasePort) -> None:
        lease = await taken(leases, "report", self.ttl)

        for ttl in (0.0, -1.0, float("nan"), float("inf")):
            await refused(leases.acquire("invoice", ttl))
            await refused(leases.renew(lease, ttl))

        await taken(leases, "invoice", self.ttl)


async def taken(leases: LeasePort, name: str, ttl: float, owner: str | None = None) -> Lease:
    """Acquire a name that must be free."""
    lease = await leases.acquire(name, ttl, owner=owner)
    assert lease is not None, f"{name!r} is not free"
    return lease


async def refused(call: Awaitable[object]) -> None:
    """Await a call that must raise ``ValueError``."""
    try:
        outcome = await call
    except ValueError:
        return

    raise AssertionError(f"expected a ValueError, got {outcome!r}")
