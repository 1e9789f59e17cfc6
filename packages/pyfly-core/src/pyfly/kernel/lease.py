# SPDX-License-Identifier: Apache-2.0
"""Leases as a port: the right to do something alone, for a limited time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from threading import Lock
from typing import Final, Protocol, runtime_checkable

from pyfly.kernel.clock import Clock, SystemClock

__all__ = ["InMemoryLeases", "Lease", "LeasePort"]

_FIRST_SWEEP: Final = 64
_LONGEST_TTL: Final = 1e9  # seconds


@dataclass(frozen=True, slots=True)
class Lease:
    """One acquisition of a name.

    Attributes:
        name: What is leased.
        owner: Who holds it, for people who look into the store.
        token: The fencing token; larger than that of every earlier acquisition of the name.
        ttl: The seconds it was granted for, last time.
        expires_at: When it ends unless renewed, aware, in UTC, by the clock of the port.
    """

    name: str
    owner: str
    token: int
    ttl: float
    expires_at: datetime


@runtime_checkable
class LeasePort(Protocol):
    """Grant leases by name.

    Promised:

    - At any moment of the port's clock, a name has at most one valid lease. A lease is valid from its
      acquisition until it is released or ``expires_at`` is reached; at that very moment it is not valid
      any more.
    - Names are independent of each other.
    - The token of an acquisition is larger than the token of every earlier acquisition of the same name,
      also after a release or an expiry. Tokens of different names cannot be compared, and they need not
      follow each other without gaps. How long tokens are remembered is a matter of the adapter: those of
      a durable store outlive its clients, those in memory end with the process.
    - A lease that has expired or was released can be neither renewed nor released by its old holder,
      whoever holds the name now.
    - The methods may be called from several tasks at a time.

    Not promised:

    - That a holder knows in time. A paused process, or a clock that differs from the port's, may believe
      in a lease that has passed on. So a holder renews well before the end, stops when `renew` returns
      ``None`` or fails, and hands its token to what it writes to, which refuses a token smaller than the
      largest it has seen: M. Kleppmann, "How to do distributed locking" (2016).
    - Fairness: whoever asks first after the end gets the name, and nobody is told that it has become free.
    - Re-entrance: the holder's own second `acquire` finds the name taken.

    A call that is cancelled, or fails because the store does not answer, may have had its effect. A lease
    taken that way ends with its time to live.
    """

    async def acquire(self, name: str, ttl: float, *, owner: str | None = None) -> Lease | None:
        """Take a name if it is free; never wait for it.

        Args:
            name: What to lease, not empty.
            ttl: Seconds until the lease ends unless renewed; more than 0.
            owner: Shown as the holder; a random text unless given. It grants nothing: two holders may
                share it.

        Returns:
            The lease, or ``None`` while another one is valid.

        Raises:
            ValueError: ``name`` is empty, or ``ttl`` is not above 0 and at most 1e9, about 31 years.
            InfrastructureException: The store does not answer.
        """
        ...

    async def renew(self, lease: Lease, ttl: float | None = None) -> Lease | None:
        """Have a valid lease end later, counted from now.

        Args:
            lease: The lease as `acquire` or an earlier `renew` returned it; name and token identify it.
            ttl: Seconds from now; those of ``lease`` unless given. Fewer than are left shorten the lease.

        Returns:
            The lease with its new end and the same token, or ``None`` when it is not valid any more: the
            holder has lost it and must stop.

        Raises:
            ValueError: ``ttl`` is not above 0 and at most 1e9.
            InfrastructureException: The store does not answer.
        """
        ...

    async def release(self, lease: Lease) -> bool:
        """Give a name back before its time.

        Args:
            lease: The lease; name and token identify it.

        Returns:
            Whether the lease was still valid. If not, nothing has changed: the name may have another holder.

        Raises:
            InfrastructureException: The store does not answer.
        """
        ...


@dataclass(slots=True)
class _Held:
    token: int
    deadline: float


class InMemoryLeases(LeasePort):
    """Leases among the tasks and threads of one process.

    Validity goes by the clock's `monotonic`, so a correction of the system's time neither prolongs nor
    ends a lease. Memory is bounded by the valid leases: expired ones are swept out while others are
    acquired.

    Args:
        clock: The clock of the port; the system's unless given.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = SystemClock() if clock is None else clock
        self._held: dict[str, _Held] = {}
        self._sweep_at = _FIRST_SWEEP
        # One row of tokens for all names: no name has to be remembered for its last one.
        self._tokens: Iterator[int] = count(1)
        self._lock = Lock()

    async def acquire(self, name: str, ttl: float, *, owner: str | None = None) -> Lease | None:
        if not name:
            raise ValueError("acquire(name): expected a name, got an empty text")

        _check_ttl(f"acquire({name!r}, ttl)", ttl)
        with self._lock:
            moment = self._clock.monotonic()
            held = self._held.get(name)
            if held is not None and moment < held.deadline:
                return None

            self._sweep(moment)
            token = next(self._tokens)
            self._held[name] = _Held(token, moment + ttl)
            return Lease(name, owner or _random_owner(), token, ttl, self._end(ttl))

    async def renew(self, lease: Lease, ttl: float | None = None) -> Lease | None:
        granted = lease.ttl if ttl is None else ttl
        _check_ttl(f"renew({lease.name!r}, ttl)", granted)
        with self._lock:
            held = self._valid(lease)
            if held is None:
                return None

            held.deadline = self._clock.monotonic() + granted
            return replace(lease, ttl=granted, expires_at=self._end(granted))

    async def release(self, lease: Lease) -> bool:
        with self._lock:
            if self._valid(lease) is None:
                return False

            del self._held[lease.name]
            return True

    def _valid(self, lease: Lease) -> _Held | None:
        held = self._held.get(lease.name)
        if held is None or held.token != lease.token or self._clock.monotonic() >= held.deadline:
            return None

        return held

    def _end(self, ttl: float) -> datetime:
        return self._clock.now() + timedelta(seconds=ttl)

    def _sweep(self, moment: float) -> None:
        if len(self._held) < self._sweep_at:
            return

        for name in [name for name, held in self._held.items() if moment >= held.deadline]:
            del self._held[name]

        # Twice what is left: the cost of a sweep is shared by at least as many acquisitions.
        self._sweep_at = max(_FIRST_SWEEP, 2 * len(self._held))


def _check_ttl(where: str, ttl: float) -> None:
    # Written so that it also refuses what is not a number.
    if not 0 < ttl <= _LONGEST_TTL:
        raise ValueError(f"{where}: expected seconds above 0 and up to 1e9, got {ttl}")


def _random_owner() -> str:
    # Imported late: most applications hold no lease.
    from secrets import token_hex

    return token_hex(8)
