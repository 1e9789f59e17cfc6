# SPDX-License-Identifier: Apache-2.0
"""The marker of handlers that have no use for idempotency keys."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

DISABLE_IDEMPOTENCY_ATTR: Final = "__pyfly_disable_idempotency__"

Handler = TypeVar("Handler", bound=Callable[..., Any])


def disable_idempotency(func: Handler) -> Handler:
    """Have a handler run for every request, whatever key it carries; its answers are never kept.

    Args:
        func: The method of a controller, or the endpoint of a route.
    """
    setattr(func, DISABLE_IDEMPOTENCY_ATTR, True)
    return func
