# SPDX-License-Identifier: Apache-2.0
"""The end of a process that does not end by itself."""

import logging
import os
import sys
import threading
from typing import Final

from pyfly.logging.structured_logger import StructuredLogger

__all__ = ["Watchdog"]

_MARGIN: Final = 0.25

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class Watchdog:
    """End the process when a stop takes longer than it may: a handler may block the event loop, or a thread.

    The process ends with exit code 0: its stop was asked for. It ends a little before the time-out, so that
    the end itself is inside.

    Args:
        timeout: Seconds that a stop may take.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to count; starting again changes nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="pyfly-watchdog", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Count no longer."""
        self._over.set()

    def _watch(self) -> None:
        if self._over.wait(self._timeout - min(_MARGIN, self._timeout / 10)):
            return

        _logger.error("graceful_timeout_exceeded", timeout_s=self._timeout)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()

        os._exit(0)
