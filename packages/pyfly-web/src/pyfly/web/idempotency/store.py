# SPDX-License-Identifier: Apache-2.0
"""The port behind idempotency keys: who runs a request, and what it was answered with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeAlias, runtime_checkable


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it is kept.

    Attributes:
        status: HTTP status.
        headers: Names in lower case, and values; several of one name are joined by commas.
        body: The whole body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Started:
    """The key is new: the caller runs the request, then completes or abandons it.

    Attributes:
        token: Tells this run from all others of the key.
        fingerprint: What identifies the request.
    """

    token: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class InFlight:
    """Somebody else runs a request with the key.

    Attributes:
        fingerprint: What identifies the request; ``None`` if it is not known.
    """

    fingerprint: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A request with the key has been answered.

    Attributes:
        fingerprint: What identifies the request; ``None`` if it is not known.
        answer: Its answer.
    """

    fingerprint: str | None
    answer: StoredAnswer


Beginning: TypeAlias = Started | InFlight | Stored


@runtime_checkable
class IdempotencyStore(Protocol):
    """Keep the state of each idempotency key: unknown, in flight or answered.

    Promised:

    - Of several calls of `begin` for an unknown key, however close together, one gets `Started`.
    - A key in flight becomes unknown when it is abandoned, or when its lease ends. An answered key becomes
      unknown when the time to live of its answer ends, and not before unless memory runs out.
    - Whoever has lost a key to somebody else, because his lease had ended, cannot change it any more. As long
      as nobody has taken it, a late answer is kept.
    - The methods may be called from several tasks at a time.

    Not promised:

    - That a run ends with its lease: choose a lease that is longer than any request takes.
    - Durability: what outlives the process, or the store itself, is a matter of the adapter.

    A call that is cancelled, or fails, may have had its effect. A key begun that way becomes unknown with its
    lease.
    """

    async def begin(self, key: str, fingerprint: str, lease: timedelta) -> Beginning:
        """Take a key if it is unknown; never wait for it.

        Args:
            key: The key, unlike that of any other caller or resource.
            fingerprint: What identifies the request; the store only hands it back.
            lease: How long the key stays in flight unless it is completed or abandoned; more than nothing.

        Raises:
            Exception: The store does not answer, or is full.
        """
        ...

    async def complete(self, key: str, started: Started, answer: StoredAnswer, ttl: timedelta) -> bool:
        """Keep the answer of a run.

        Args:
            key: The key.
            started: What `begin` returned.
            answer: The answer.
            ttl: How long it is kept; more than nothing.

        Returns:
            Whether it is kept; it is not when somebody else has taken the key meanwhile.

        Raises:
            Exception: The store does not answer, or is full.
        """
        ...

    async def abandon(self, key: str, started: Started) -> bool:
        """Give a key back without an answer, so that the request can be tried again.

        Args:
            key: The key.
            started: What `begin` returned.

        Returns:
            Whether the key was still in flight for this run; if not, nothing has changed.

        Raises:
            Exception: The store does not answer.
        """
        ...
