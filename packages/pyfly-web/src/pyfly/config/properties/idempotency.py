# SPDX-License-Identifier: Apache-2.0
"""The settings of idempotency keys, ``pyfly.web.idempotency.*``."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

from pyfly.config.binding import config_properties
from pyfly.config.data_size import DataSize

_KEY = Annotated[int, Ge(1), Le(1024)]
_CLIENT_ERROR = Annotated[int, Ge(400), Le(499)]
_DURATION = Annotated[timedelta, Gt(timedelta(0))]
_ONE_MEGABYTE = DataSize(1024 * 1024)
_DEFAULT_MEMORY = DataSize(64 * 1024 * 1024)


@config_properties(prefix="pyfly.web.idempotency")
@dataclass
class IdempotencyProperties:
    """Answer repeated requests that carry one `Idempotency-Key` with the answer of the first.

    Attributes:
        enabled: Whether the header is heeded.
        ttl_seconds: How long an answer is kept.
        store: Where answers are kept: `cache`, `memory` for a single process, or `auto` for the bean of the
            application that is a store, else its cache.
        lock_timeout: How long a request may take; a repetition that comes later runs beside it.
        store_timeout: How long one step of the store may take.
        on_store_failure: What happens to a request with a key while the store fails: `closed` refuses it with
            503, `open` runs it without protection.
        stored_client_errors: Statuses from 400 to 499 whose answers are kept as well; others may be tried
            again.
        max_key_length: Characters that a key may have.
        max_request_size: Size that the body of a request with a key may have.
        max_response_size: Size of the largest answer that is kept; a request with a larger one can be
            repeated.
        caller_headers: Headers that tell callers apart as long as the application does not know who they are.
        max_entries: Answers that `memory` keeps; after that the oldest make room.
        max_memory: Size that the answers kept by `memory` may have together.
    """

    enabled: bool = False
    ttl_seconds: _DURATION = timedelta(days=1)
    store: Literal["auto", "cache", "memory"] = "auto"
    lock_timeout: _DURATION = timedelta(minutes=5)
    store_timeout: _DURATION = timedelta(seconds=2)
    on_store_failure: Literal["closed", "open"] = "closed"
    stored_client_errors: list[_CLIENT_ERROR] = field(default_factory=list)
    max_key_length: _KEY = 255
    max_request_size: DataSize = _ONE_MEGABYTE
    max_response_size: DataSize = _ONE_MEGABYTE
    caller_headers: list[str] = field(default_factory=lambda: ["authorization", "x-api-key"])
    max_entries: Annotated[int, Ge(1)] = 10_000
    max_memory: Annotated[DataSize, Ge(1)] = _DEFAULT_MEMORY
