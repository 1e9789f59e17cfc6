# SPDX-License-Identifier: Apache-2.0
"""The store of idempotency keys in a cache, which processes may share."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import uuid4

from pyfly.kernel.clock import Clock
from pyfly.web.idempotency.errors import IdempotencyStoreException
from pyfly.web.idempotency.memory import InMemoryIdempotencyStore
from pyfly.web.idempotency.store import Beginning, IdempotencyStore, InFlight, Started, Stored, StoredAnswer

_ATTEMPTS: Final = 3

logger = logging.getLogger("pyfly.web")


class IdempotencyCache(Protocol):
    """What `CacheIdempotencyStore` needs of a cache; any object with these methods will do.

    A cache that also has ``async put_if_absent(key, value, ttl) -> bool``, which stores a value only where
    there is none and tells whether it did, sees duplicates that reach several processes at once.

    Values are dictionaries of texts, numbers and such dictionaries.
    """

    async def get(self, key: str) -> Any:
        """Return the value of a key, or ``None``."""
        ...

    async def put(self, key: str, value: Any, ttl: timedelta) -> Any:
        """Set the value of a key for a limited time."""
        ...

    async def evict(self, key: str) -> Any:
        """Remove a key, if it is there."""
        ...


class CacheIdempotencyStore(IdempotencyStore):
    """Keys and answers in a cache, as shared and as durable as that is.

    An answer is kept as ``{"status": 201, "headers": {...}, "body": "...", "fingerprint": "..."}``, its body
    as latin-1 text; a key in flight as ``{"token": "...", "fingerprint": "..."}``.

    The cache has no operation that compares before it writes. So a run whose lease ends just while it
    completes may overwrite the key of the next one: choose a lease that is longer than any request takes.

    Args:
        cache: The cache.
        clock: The clock for leases in this process, where the cache has no ``put_if_absent``; the system's
            unless given.
    """

    def __init__(self, cache: IdempotencyCache, clock: Clock | None = None) -> None:
        self._cache = cache
        self._put_if_absent = getattr(cache, "put_if_absent", None)
        # Without that operation, the tasks of this process at least keep out of each other's way.
        self._local = InMemoryIdempotencyStore(clock) if self._put_if_absent is None else None
        if self._local is not None:
            logger.warning(
                "%s has no put_if_absent: requests with one idempotency key that reach several processes at "
                "once may all be handled",
                type(cache).__name__,
            )

    async def begin(self, key: str, fingerprint: str, lease: timedelta) -> Beginning:
        if self._local is not None:
            return await self._begin_locally(self._local, key, fingerprint, lease)

        assert self._put_if_absent is not None
        started = Started(uuid4().hex, fingerprint)
        for _ in range(_ATTEMPTS):
            if await self._put_if_absent(key, _run_of(started), ttl=lease):
                return started

            found = await self._cache.get(key)
            if found is not None:
                return _read(key, found)

        return InFlight(None)

    async def _begin_locally(
        self, local: InMemoryIdempotencyStore, key: str, fingerprint: str, lease: timedelta
    ) -> Beginning:
        begun = await local.begin(key, fingerprint, lease)
        if not isinstance(begun, Started):
            return begun

        has_begun = False
        try:
            found = await self._cache.get(key)
            if found is not None:
                return _read(key, found)

            started = Started(f"{uuid4().hex}:{begun.token}", fingerprint)
            await self._cache.put(key, _run_of(started), ttl=lease)
            has_begun = True
            return started
        finally:
            if not has_begun:
                await local.abandon(key, begun)

    async def complete(self, key: str, started: Started, answer: StoredAnswer, ttl: timedelta) -> bool:
        try:
            found = await self._cache.get(key)
            if found is not None and not _is_run_of(started, found):
                return False

            await self._cache.put(key, _kept_of(started, answer), ttl=ttl)
            return True
        finally:
            await self._release(key, started)

    async def abandon(self, key: str, started: Started) -> bool:
        try:
            found = await self._cache.get(key)
            if found is None or not _is_run_of(started, found):
                return False

            await self._cache.evict(key)
            return True
        finally:
            await self._release(key, started)

    async def _release(self, key: str, started: Started) -> None:
        if self._local is not None:
            token = started.token.rpartition(":")[2]
            await self._local.abandon(key, Started(token, started.fingerprint))


def _run_of(started: Started) -> dict[str, str]:
    return {"token": started.token, "fingerprint": started.fingerprint}


def _kept_of(started: Started, answer: StoredAnswer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "headers": dict(answer.headers),
        "body": str(answer.body, "latin-1"),
        "fingerprint": started.fingerprint,
    }


def _is_run_of(started: Started, found: Any) -> bool:
    return isinstance(found, Mapping) and found.get("token") == started.token


def _read(key: str, found: Any) -> InFlight | Stored:
    try:
        fingerprint = found.get("fingerprint")
        if "token" in found:
            return InFlight(fingerprint)

        answer = StoredAnswer(int(found["status"]), dict(found["headers"]), found["body"].encode("latin-1"))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise IdempotencyStoreException(
            f"The cache holds something else than an answer under {key!r}", code="IDEMPOTENCY_STORE_CORRUPT"
        ) from error

    return Stored(fingerprint, answer)
