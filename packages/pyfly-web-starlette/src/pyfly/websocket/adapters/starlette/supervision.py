# SPDX-License-Identifier: Apache-2.0
"""The tasks of one connection: one reads, one handles, and neither outlives it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from pyfly.websocket.adapters.starlette.asgi_socket import AsgiSocket

_CANCELLING: Final = 10.0
_GOING_AWAY: Final = 1001

logger = logging.getLogger("pyfly.websocket.adapters.starlette")


class SocketSupervisor:
    """Run a handler beside the reader of its socket, and see both to their end.

    Args:
        socket: The socket.
        name: What the handler is called in the log.
        close_timeout: Seconds that the handler may go on after the end of the connection.
    """

    def __init__(self, socket: AsgiSocket, name: str, close_timeout: float) -> None:
        self._socket = socket
        self._name = name
        self._close_timeout = close_timeout
        self._closing: asyncio.Task[None] | None = None

    def end(self) -> None:
        """Close the connection, because the server stops."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._socket.close(_GOING_AWAY, "The server stops"))

    async def run(self, handler: Coroutine[Any, Any, None]) -> Exception | None:
        """Run a handler to its end, which comes soon after that of the connection.

        Args:
            handler: The call of the handler.

        Returns:
            What it raised.
        """
        self._socket.start_reading()
        handling = asyncio.create_task(handler)
        try:
            await asyncio.wait({handling, self._socket.ended}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({handling}, timeout=self._close_timeout)
            if not handling.done():
                logger.warning(
                    "%s is cancelled: it went on for %g s after the end of its connection",
                    self._name,
                    self._close_timeout,
                )
        finally:
            await self._finish(handling)
            await self._socket.stop_reading()

        error = None if handling.cancelled() else handling.exception()
        if error is not None and not isinstance(error, Exception):
            raise error

        return error

    async def finish_closing(self) -> None:
        """Wait until what `end` began is done."""
        if self._closing is not None:
            await self._closing

    async def _finish(self, task: "asyncio.Task[None]") -> None:
        task.cancel()
        await asyncio.wait({task}, timeout=_CANCELLING)
        if not task.done():
            logger.error("%s goes on, %g s after it was cancelled", self._name, _CANCELLING)
