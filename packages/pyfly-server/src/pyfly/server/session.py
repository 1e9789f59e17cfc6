# SPDX-License-Identifier: Apache-2.0
"""One life of a server in one event loop: start, serve, stop, all the same whatever the library."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.asgi import Application
from pyfly.server.engine import ServerEngine
from pyfly.server.exceptions import ApplicationStartupError
from pyfly.server.gate import ApplicationGate
from pyfly.server.lifespan import Lifespan
from pyfly.server.listeners import BoundSockets
from pyfly.server.lossless_close import drop_new_connections

__all__ = ["ServingSession", "SessionSettings"]

_HANDSHAKES: Final = 0.05
"""Seconds in which connections that clients have begun to open come to be accepted."""
_QUIET: Final = 0.2
"""Seconds without a request after which no client is about to use a kept connection again."""
_LONGEST_LINGER: Final = 2.0
_APPLICATION_STOP: Final = 5.0
"""Seconds of the time-out that are kept for the stop of the application, if the whole allows it."""

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """Set the limits of a session.

    Attributes:
        backlog: Connections that may wait to be accepted.
        graceful_timeout: Seconds that a stop may take in all.
        max_requests: Requests after which the session asks to be replaced; None for never.
    """

    backlog: int
    graceful_timeout: float
    max_requests: int | None = None


class ServingSession:
    """Run an application on an engine, from `run` until `stop` is called.

    Args:
        application: The application.
        engine: Answers connections.
        sockets: Where; they are closed at the end.
        settings: The limits.
        on_started: Called once connections are accepted and the application is ready.
        on_used_up: Called once the application has answered ``max_requests``.
    """

    def __init__(
        self,
        application: Application,
        engine: ServerEngine,
        sockets: BoundSockets,
        settings: SessionSettings,
        *,
        on_started: Callable[[], None] = lambda: None,
        on_used_up: Callable[[], None] = lambda: None,
    ) -> None:
        self.engine = engine
        self.gate = ApplicationGate(application, limit=settings.max_requests, reached=on_used_up)
        self._lifespan = Lifespan(application)
        self._sockets = sockets
        self._settings = settings
        self._on_started = on_started
        self._loop = asyncio.get_running_loop()
        self._stop_asked = asyncio.Event()
        self._forced = asyncio.Event()
        self._deadline = 0.0
        self._others_go_on = False
        self._lingers = True
        self._serves = False

    def stop(self, *, others_go_on: bool = False, at_once: bool = False) -> None:
        """Ask for a graceful stop; call it in the event loop. Asking again changes nothing.

        Args:
            others_go_on: Whether other processes go on accepting from the same sockets.
            at_once: Whether to close idle connections without waiting for what may be on its way.
        """
        if not self._stop_asked.is_set():
            self._deadline = self._loop.time() + self._settings.graceful_timeout
            self._others_go_on = others_go_on
            self._lingers = not at_once
            self._stop_asked.set()

    def force(self) -> None:
        """Ask for a stop that waits for no request; call it in the event loop."""
        self.stop()
        self._forced.set()

    def stop_soon(self) -> None:
        """Ask for a graceful stop, from any thread."""
        self._loop.call_soon_threadsafe(self.stop)

    async def run(self) -> None:
        """Serve until a stop is asked for, or the awaiting task is cancelled.

        Raises:
            ApplicationStartupError: The application did not start.
        """
        try:
            if await self._start():
                self._on_started()
                await self._stop_asked.wait()
        finally:
            self.stop()
            await _uncancelled(self._stop())

    async def _start(self) -> bool:
        if not await self._unless_stopped(self._lifespan.startup()):
            return False

        self._serves = True
        self._sockets.listen(self._settings.backlog)
        await self.engine.start(self.gate.answer, self._lifespan.state, self._sockets.sockets)
        try:
            for hook in self._lifespan.serving.listening:
                if not await self._unless_stopped(hook()):
                    return False
        except Exception as error:
            raise ApplicationStartupError(f"{type(error).__name__}: {error}") from error

        return True

    async def _unless_stopped(self, step: Awaitable[None]) -> bool:
        doing, stopping = asyncio.ensure_future(step), asyncio.ensure_future(self._stop_asked.wait())
        try:
            await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                doing.result()
                return True

            return False
        finally:
            stopping.cancel()
            doing.cancel()
            await asyncio.wait({doing, stopping})

    async def _stop(self) -> None:
        try:
            if self._serves:
                await self._stop_serving()

            self._sockets.close()
        finally:
            await self._lifespan.shutdown(self._remaining())

    async def _stop_serving(self) -> None:
        for hook in self._lifespan.serving.stopping:
            try:
                await hook()
            except Exception as error:
                _logger.error("stopping_hook_failed", exc_info=error)

        self.gate.drain()
        saying_goodbye = asyncio.ensure_future(self._lifespan.before_stop.run(self._for_requests()))
        await self._stop_accepting()
        await self._until_forced(self._linger())
        await self._until_forced(asyncio.wait({saying_goodbye}))
        await self._until_forced(self.engine.finish(self._for_requests()))
        if self._forced.is_set():
            saying_goodbye.cancel()
            await self.engine.finish(0)

    async def _stop_accepting(self) -> None:
        stream = self._sockets.stream
        if not self._others_go_on:
            self._sockets.withdraw()
            drop_new_connections(stream)
            # What is in the queue, or about to be, is accepted first.
            await asyncio.sleep(min(_HANDSHAKES, self._for_requests()))

        self.engine.stop_accepting()

    async def _linger(self) -> None:
        """Let clients that are busy on kept connections hear, with their next answer, that these end.

        To close such a connection at once would lose the request that may be on its way.
        """
        if self.gate.requests == 0 or not self._lingers:
            return

        latest = self._loop.time() + min(_LONGEST_LINGER, self._settings.graceful_timeout / 5)
        quiet_since, seen = self._loop.time(), self.gate.returned
        while self.engine.connections != 0 and (now := self._loop.time()) < latest:
            if self.gate.returned != seen:
                quiet_since, seen = now, self.gate.returned
            elif now - quiet_since >= _QUIET:
                return

            await asyncio.sleep(_QUIET / 10)

    async def _until_forced(self, step: Awaitable[object]) -> None:
        doing, forced = asyncio.ensure_future(step), asyncio.ensure_future(self._forced.wait())
        await asyncio.wait({doing, forced}, return_when=asyncio.FIRST_COMPLETED)
        forced.cancel()
        doing.cancel()
        with suppress(asyncio.CancelledError):
            await doing

    def _remaining(self) -> float:
        return max(0.0, self._deadline - self._loop.time())

    def _for_requests(self) -> float:
        kept = min(_APPLICATION_STOP, self._settings.graceful_timeout / 4)
        return max(0.0, self._remaining() - kept)


async def _uncancelled(step: Awaitable[None]) -> None:
    """Await a step to its end; a cancellation meanwhile is told afterwards."""
    doing = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    while not doing.done():
        try:
            await asyncio.wait({doing})
        except asyncio.CancelledError as error:
            cancelled = error

    doing.result()
    if cancelled is not None:
        raise cancelled
