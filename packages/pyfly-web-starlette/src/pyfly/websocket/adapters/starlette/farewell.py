# SPDX-License-Identifier: Apache-2.0
"""The call of ``on_disconnect`` after a connection."""

import asyncio
import logging
from inspect import iscoroutinefunction
from typing import Any, Final

from pyfly.websocket.handler import WebSocketSession
from starlette.concurrency import run_in_threadpool

_METHOD: Final = "on_disconnect"

logger = logging.getLogger("pyfly.websocket.adapters.starlette")


class Farewell:
    """Tell a controller that a connection has ended, if it wants to know.

    Args:
        controller: The controller class.
        timeout: Seconds that it may take.
    """

    def __init__(self, controller: type, timeout: float) -> None:
        function = getattr(controller, _METHOD, None)
        self._is_wanted = callable(function)
        self._is_async = iscoroutinefunction(function)
        self._name = f"{controller.__name__}.{_METHOD}"
        self._timeout = timeout

    async def say(self, controller: Any, session: WebSocketSession) -> None:
        """Call ``on_disconnect`` with a session that was accepted; a failure is logged."""
        if not self._is_wanted:
            return

        method = getattr(controller, _METHOD)
        try:
            async with asyncio.timeout(self._timeout):
                outcome = method(session) if self._is_async else await run_in_threadpool(method, session)
                if hasattr(outcome, "__await__"):
                    await outcome
        except Exception:
            logger.warning("%s failed", self._name, exc_info=True)
