# SPDX-License-Identifier: Apache-2.0
"""Idempotency keys: a request that a client repeats is handled once, and answered each time.

The header is that of https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
"""

from pyfly.web.idempotency.cache import CacheIdempotencyStore, IdempotencyCache
from pyfly.web.idempotency.errors import (
    IdempotencyKeyReusedException,
    IdempotencyStoreException,
    InvalidIdempotencyKeyException,
    RequestInFlightException,
)
from pyfly.web.idempotency.marker import DISABLE_IDEMPOTENCY_ATTR, disable_idempotency
from pyfly.web.idempotency.memory import InMemoryIdempotencyStore
from pyfly.web.idempotency.store import IdempotencyStore, InFlight, Started, Stored, StoredAnswer

__all__ = [
    "CacheIdempotencyStore",
    "DISABLE_IDEMPOTENCY_ATTR",
    "IdempotencyCache",
    "IdempotencyKeyReusedException",
    "IdempotencyStore",
    "IdempotencyStoreException",
    "InFlight",
    "InMemoryIdempotencyStore",
    "InvalidIdempotencyKeyException",
    "RequestInFlightException",
    "Started",
    "Stored",
    "StoredAnswer",
    "disable_idempotency",
]
