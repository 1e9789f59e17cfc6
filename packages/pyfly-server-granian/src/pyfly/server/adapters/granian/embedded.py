# SPDX-License-Identifier: Apache-2.0
"""Run Granian inside a running event loop, and end it in time."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.address import ReservedAddress
from pyfly.server.before_stop import BeforeStop
from pyfly.server.exceptions import ApplicationStartupError
from pyfly.server.lifespan import Application, watch_lifespan

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class EmbeddedServer:
    """Own one embedded Granian server from start to stop.

    Args:
        application: The ASGI application.
        options: Granian's arguments.
        address: Where to listen.
        started: Called when the application's start-up is complete.
    """

    def __init__(
        self,
        application: Application,
        options: dict[str, Any],
        address: ReservedAddress,
        *,
        started: Callable[[], None],
    ) -> None:
        from granian.server.embed import Server

        self._failure: ApplicationStartupError | None = None
        self._before_stop = BeforeStop()
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._server = Server(
            target=watch_lifespan(
                application, started=started, failed=self._remember, before_stop=self._before_stop
            ),
            address=address.host,
            port=address.port,
            **options,
        )

    def stop(self) -> None:
        """Ask for a graceful stop, from any thread."""
        self._loop.call_soon_threadsafe(self._stopping.set)

    async def serve(self, *, graceful_timeout: float) -> None:
        """Serve until `stop` is called or the awaiting task is cancelled.

        Args:
            graceful_timeout: Seconds for requests in flight and the lifespan shutdown; then they are
                cancelled.

        Raises:
            ApplicationStartupError: The application reported that it could not start.
        """
        serving = asyncio.create_task(self._server.serve())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not serving.done():
                await self._before_stop.run()

            self._server.stop()  # type: ignore[no-untyped-call]  # Granian's own public method
            await asyncio.wait({serving}, timeout=graceful_timeout)
            if serving.cancel():
                _logger.warning("graceful_timeout_exceeded", timeout_s=graceful_timeout)

            await asyncio.wait({serving, stopping})

        if self._failure is not None:
            raise self._failure from self._failure.__cause__

        if not serving.cancelled():
            serving.result()

    def _remember(self, error: BaseException | None, message: str) -> None:
        reason = f"{type(error).__name__}: {error}" if error is not None else message or "it gave no reason."
        self._failure = ApplicationStartupError(reason)
        self._failure.__cause__ = error
