# SPDX-License-Identifier: Apache-2.0
"""The thread that writes log records."""

import logging
import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from contextvars import Context
from queue import SimpleQueue
from typing import TypeAlias

from pyfly.logging.structured_event import StructuredEvent

# While records are dropped without a pause, how often that is said, in seconds.
_REPORT_EVERY = 10.0

_Entry: TypeAlias = tuple[logging.LogRecord, Context] | threading.Event | None


class Writer:
    """A thread of this process, and the records that wait for it.

    Args:
        handlers: What the records are written to.
        capacity: How many records may wait.

    Raises:
        RuntimeError: No thread can be started, as when the interpreter is about to end.
    """

    def __init__(self, handlers: Sequence[logging.Handler], capacity: int) -> None:
        self.process = os.getpid()
        self.dropped = 0
        self._handlers = handlers
        self._capacity = capacity
        self._reported = 0
        self._reported_at = 0.0
        self._waiting: SimpleQueue[_Entry] = SimpleQueue()
        # A daemon, for it is ended by its owner, who must not wait beyond the deadline for a disk that hangs.
        self._thread = threading.Thread(target=self._run, name="pyfly-logging", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """About how many records wait."""
        return self._waiting.qsize()

    def put(self, record: logging.LogRecord, context: Context) -> None:
        """Have a record written, or count it as dropped. Callers exclude each other.

        Args:
            record: The record, which nobody changes any more.
            context: The context variables to write it with.
        """
        if self._waiting.qsize() >= self._capacity:
            self.dropped += 1
        else:
            self._waiting.put((record, context))

    def flush(self, timeout: float) -> bool:
        """Wait until what waits now is written; False when time runs out.

        Args:
            timeout: Seconds to wait at most.
        """
        if threading.current_thread() is self._thread:
            return False

        written = threading.Event()
        self._waiting.put(written)
        return written.wait(timeout)

    def end(self, timeout: float) -> bool:
        """Write what waits, and end the thread; False when time runs out.

        Args:
            timeout: Seconds to wait at most.
        """
        self._waiting.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            entry = self._waiting.get()
            if isinstance(entry, tuple):
                record, context = entry
                context.run(write, self._handlers, record)
                # The entry would keep its context alive until the next one comes.
                del entry, record, context
                if self.dropped != self._reported and self._should_report():
                    self._report()

                continue

            if self.dropped != self._reported:
                self._report()

            for handler in self._handlers:
                _flush(handler)

            if entry is None:
                return

            entry.set()

    def _should_report(self) -> bool:
        return (
            self._waiting.qsize() <= self._capacity // 2
            or time.monotonic() - self._reported_at >= _REPORT_EVERY
        )

    def _report(self) -> None:
        dropped = self.dropped
        fields = {"dropped": dropped - self._reported, "queue_size": self._capacity}
        self._reported, self._reported_at = dropped, time.monotonic()
        event = StructuredEvent("log_records_dropped", (), fields)
        write(
            self._handlers, logging.LogRecord("pyfly.logging", logging.WARNING, __file__, 0, event, (), None)
        )


def write(handlers: Sequence[logging.Handler], record: logging.LogRecord) -> None:
    """Write a record to those handlers whose level it has; one that fails keeps no other from it.

    Args:
        handlers: The handlers.
        record: The record.
    """
    for handler in handlers:
        if record.levelno < handler.level:
            continue

        try:
            handler.handle(record)
        except Exception:
            # What reports the fault on standard error may fail as well, and the thread must live on.
            with suppress(Exception):
                handler.handleError(record)


def _flush(handler: logging.Handler) -> None:
    # A stream that somebody has closed has nothing left to flush.
    with suppress(Exception):
        handler.flush()
