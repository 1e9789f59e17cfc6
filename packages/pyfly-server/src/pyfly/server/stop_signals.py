# SPDX-License-Identifier: Apache-2.0
"""How a process that serves hears that it is to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

from pyfly.server.session import ServingSession
from pyfly.server.watchdog import Watchdog

__all__ = ["STOP_SIGNALS", "StopSignals", "handlers_kept"]

STOP_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)
)


class StopSignals:
    """Turn signals into a graceful stop, a second one into a forced stop, a third one into an end at once.

    Args:
        graceful_timeout: Seconds after which the process ends, whatever it does.
        forces: Whether a second signal forces; a worker leaves that to its supervisor.
        clean_up: Called where a signal ends the process at once, for there is no session to stop yet.
    """

    def __init__(
        self, graceful_timeout: float, *, forces: bool = True, clean_up: Callable[[], None] = lambda: None
    ) -> None:
        self._watchdog = Watchdog(graceful_timeout)
        self._forces = forces
        self._clean_up = clean_up
        self._heard = 0
        self._session: ServingSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, session: ServingSession) -> None:
        """Name the session to stop; call it in the event loop. Before, a signal ends the process at once."""
        self._session, self._loop = session, asyncio.get_running_loop()

    def watch_end(self) -> None:
        """Begin to count the graceful time-out, for a stop that was asked for in another way."""
        self._watchdog.start()

    def release(self) -> None:
        """Count no longer: the stop is complete."""
        self._watchdog.cancel()

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal; for ``signal.signal``."""
        self._heard += 1
        if self._session is None or self._loop is None:
            # An exception would be lost in an import, which may be under way anywhere below.
            self._clean_up()
            for stream in (sys.stdout, sys.stderr):
                stream.flush()

            os._exit(0)

        self._watchdog.start()
        # When the loop is closed, the stop is as good as complete.
        with suppress(RuntimeError):
            if self._heard == 1 or not self._forces:
                self._loop.call_soon_threadsafe(self._session.stop)
            elif self._heard == 2:
                self._loop.call_soon_threadsafe(self._session.force)
            else:
                os._exit(0)


@contextmanager
def handlers_kept() -> Iterator[None]:
    """Put the handlers of stop signals back at the end of the block."""
    handlers = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
