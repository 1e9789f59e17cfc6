# SPDX-License-Identifier: Apache-2.0
"""The store of idempotency keys in the memory of one process."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from threading import Lock
from typing import Final

from pyfly.kernel.clock import Clock, SystemClock
from pyfly.web.idempotency.errors import IdempotencyStoreException
from pyfly.web.idempotency.store import Beginning, IdempotencyStore, InFlight, Started, Stored, StoredAnswer

_MAX_ENTRIES: Final = 10_000
_MAX_BYTES: Final = 64 * 1024 * 1024

logger = logging.getLogger("pyfly.web")


@dataclass(slots=True)
class _Run:
    token: str
    fingerprint: str
    deadline: float


@dataclass(slots=True)
class _Kept:
    stored: Stored
    deadline: float
    size: int


class InMemoryIdempotencyStore(IdempotencyStore):
    """Keys and answers in memory: known to this process alone, and gone with it.

    Time goes by the clock's `monotonic`. Memory is bounded: where there is no room for an answer, the oldest
    ones are forgotten before their time, which the log tells once.

    Args:
        clock: The clock; the system's unless given.
        max_entries: Answers that are kept, and keys that may be in flight, at a time.
        max_bytes: Size of the kept answers together.

    Raises:
        ValueError: A limit is less than 1.
    """

    def __init__(
        self, clock: Clock | None = None, *, max_entries: int = _MAX_ENTRIES, max_bytes: int = _MAX_BYTES
    ) -> None:
        for name, value in (("max_entries", max_entries), ("max_bytes", max_bytes)):
            if value < 1:
                raise ValueError(f"InMemoryIdempotencyStore({name}): expected 1 or more, got {value}")

        self._clock = SystemClock() if clock is None else clock
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._runs: dict[str, _Run] = {}
        self._kept: dict[str, _Kept] = {}
        self._bytes = 0
        self._tokens = count(1)
        self._has_warned = False
        self._lock = Lock()

    async def begin(self, key: str, fingerprint: str, lease: timedelta) -> Beginning:
        with self._lock:
            moment = self._clock.monotonic()
            self._forget_expired(moment)
            kept = self._kept.get(key)
            if kept is not None and kept.deadline > moment:
                return kept.stored

            run = self._runs.get(key)
            if run is not None and run.deadline > moment:
                return InFlight(run.fingerprint)

            if len(self._runs) >= self._max_entries:
                self._runs = {name: it for name, it in self._runs.items() if it.deadline > moment}
                if len(self._runs) >= self._max_entries:
                    raise IdempotencyStoreException(
                        f"{self._max_entries} requests with an idempotency key are in flight",
                        code="IDEMPOTENCY_STORE_FULL",
                    )

            token = str(next(self._tokens))
            self._runs.pop(key, None)
            self._runs[key] = _Run(token, fingerprint, moment + lease.total_seconds())
            return Started(token, fingerprint)

    async def complete(self, key: str, started: Started, answer: StoredAnswer, ttl: timedelta) -> bool:
        size = _size_of(key, answer)
        with self._lock:
            moment = self._clock.monotonic()
            if self._belongs_to_another(key, started, moment):
                return False

            self._runs.pop(key, None)
            if size > self._max_bytes:
                raise IdempotencyStoreException(
                    f"An answer of {size} bytes is larger than the store of idempotency keys",
                    code="IDEMPOTENCY_STORE_FULL",
                )

            self._drop(key)
            self._forget_expired(moment)
            while self._kept and (
                len(self._kept) >= self._max_entries or self._bytes + size > self._max_bytes
            ):
                self._forget_oldest()

            self._kept[key] = _Kept(Stored(started.fingerprint, answer), moment + ttl.total_seconds(), size)
            self._bytes += size
            return True

    async def abandon(self, key: str, started: Started) -> bool:
        with self._lock:
            run = self._runs.get(key)
            if run is None or run.token != started.token:
                return False

            del self._runs[key]
            return run.deadline > self._clock.monotonic()

    def _belongs_to_another(self, key: str, started: Started, moment: float) -> bool:
        run, kept = self._runs.get(key), self._kept.get(key)
        if run is not None:
            return run.token != started.token and run.deadline > moment

        return kept is not None and kept.deadline > moment

    def _forget_expired(self, moment: float) -> None:
        # The first to come are the first to go as long as all live equally long; others go when they are met.
        while self._kept and (first := next(iter(self._kept.items())))[1].deadline <= moment:
            self._drop(first[0])

        while self._runs and (oldest := next(iter(self._runs.items())))[1].deadline <= moment:
            del self._runs[oldest[0]]

    def _forget_oldest(self) -> None:
        self._drop(next(iter(self._kept)))
        if not self._has_warned:
            self._has_warned = True
            logger.warning(
                "The store of idempotency keys is full: answers are forgotten before their time. "
                "Use a cache for them, or raise pyfly.web.idempotency.max-entries and max-memory."
            )

    def _drop(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size


def _size_of(key: str, answer: StoredAnswer) -> int:
    headers = sum(len(name) + len(value) for name, value in answer.headers.items())
    return len(key) + len(answer.body) + headers
