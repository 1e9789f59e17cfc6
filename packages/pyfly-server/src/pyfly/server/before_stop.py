# SPDX-License-Identifier: Apache-2.0
"""What an application wants to do when its server is asked to stop, before connections are cut.

A server lets the answers it is giving complete, and then ends the application's lifespan. Answers without an
end of their own, and connections that are no requests, have to hear of the stop before that.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

__all__ = ["BEFORE_STOP", "BeforeStop"]

BEFORE_STOP: Final = "pyfly.server.before_stop"
"""Key under which the state of ASGI scopes has the `BeforeStop` of a server that honours it."""

Hook: TypeAlias = Callable[[], Awaitable[None]]

_LIMIT: Final = 5.0

logger = logging.getLogger("pyfly.server")


class BeforeStop(list[Hook]):
    """Coroutine functions that a server awaits once it is asked to stop; the application adds to them."""

    async def run(self, timeout: float = _LIMIT) -> None:
        """Run all of them at once; failures are logged.

        Args:
            timeout: Seconds that they may take; what is not done by then is cancelled.
        """
        if not self:
            return

        tasks = [asyncio.ensure_future(hook()) for hook in self]
        try:
            await asyncio.wait(tasks, timeout=timeout)
        finally:
            for task in tasks:
                task.cancel()

        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                logger.error("before_stop_failed", exc_info=outcome)
