# SPDX-License-Identifier: Apache-2.0
"""What is left to do when a request has been answered, or given up."""

import logging
from collections.abc import Callable, Iterable

from pyfly.web.binding import Exchange

logger = logging.getLogger("pyfly.web")


async def run_endings(exchange: Exchange) -> None:
    """Run what was registered for the end of a request, the last one first; failures are logged.

    Args:
        exchange: The request.
    """
    while exchange.endings:
        try:
            outcome = exchange.endings.pop()(exchange)
            if outcome is not None:
                await outcome
        except Exception:
            logger.exception("request_ending_failed")


def tell_after(after: Iterable[Callable[[Exchange], None]], exchange: Exchange) -> None:
    """Let interceptors see a request that has been answered; failures are logged.

    Args:
        after: Their ``after``, in order.
        exchange: The request.
    """
    for tell in after:
        try:
            tell(exchange)
        except Exception:
            logger.exception("request_interceptor_failed")
