# SPDX-License-Identifier: Apache-2.0
"""Log records that a thread of its own writes."""

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from contextvars import copy_context

from pyfly.config.errors import ConfigurationError
from pyfly.logging._snapshot import snapshot
from pyfly.logging._writer import Writer, write

_DEADLINE = 5.0


class BackgroundHandler(logging.Handler):
    """Hands records to a thread that writes them to other handlers, so that no caller waits for a disk.

    A record is taken as it is at that moment: its message, fields and exception as texts and copies, and the
    context variables of the caller. It waits in a queue, and when that is full it is dropped and counted; the
    number dropped is logged once there is room. The order of records is kept.

    The thread starts with the first record, also anew in a process that was forked off; what waited at that
    moment is written by the parent. ``close`` writes what still waits; it is called when the interpreter or a
    process of ``multiprocessing`` ends, and never when a process is killed. After ``close``, and where no
    thread can be started, records are written by their caller.

    Args:
        handlers: What writes; closed along with this one.
        capacity: How many records may wait.

    Raises:
        ConfigurationError: The capacity is less than 1.
    """

    def __init__(self, handlers: Sequence[logging.Handler], capacity: int) -> None:
        if capacity < 1:
            raise ConfigurationError(f"pyfly.logging.async.queue-size: expected 1 or more, got {capacity}")

        super().__init__()
        self.handlers = tuple(handlers)
        self.capacity = capacity
        self._writer: Writer | None = None
        self._ended = False

    @property
    def dropped(self) -> int:
        """How many records were dropped in this process since the thread started."""
        writer = self._own_writer()
        return writer.dropped if writer else 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record; what cannot be taken is reported on standard error, and breaks no caller.

        Args:
            record: What to write.
        """
        try:
            taken, context = snapshot(record), copy_context()
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)
            return

        writer = self._own_writer() or self._start_writer()
        if writer:
            writer.put(taken, context)
        else:
            write(self.handlers, taken)

    def flush(self, timeout: float = _DEADLINE) -> None:
        """Wait until what was logged before is written.

        Args:
            timeout: Seconds to wait at most.
        """
        writer = self._own_writer()
        if writer:
            writer.flush(timeout)

    def close(self, timeout: float = _DEADLINE) -> None:
        """Write what waits, end the thread and close the handlers behind it.

        When time runs out, the number of records not written is told on standard error, and the handlers are
        left to the thread.

        Args:
            timeout: Seconds to wait at most.
        """
        with self.lock or nullcontext():
            writer, self._writer, self._ended = self._own_writer(), None, True

        if writer is None or writer.end(timeout):
            for handler in self.handlers:
                handler.close()
        else:
            self._leave(writer, timeout)

        super().close()

    def _own_writer(self) -> Writer | None:
        writer = self._writer
        return writer if writer and writer.process == os.getpid() else None

    def _start_writer(self) -> Writer | None:
        if self._ended:
            return None

        try:
            self._writer = Writer(self.handlers, self.capacity)
        except RuntimeError:
            # Out of threads, or too late for them: the interpreter is about to end.
            return None

        processes = sys.modules.get("multiprocessing.process")
        if processes and processes.parent_process() is not None:
            # Such a process ends without what `atexit` knows.
            from multiprocessing.util import Finalize

            Finalize(None, self.close, exitpriority=0)

        return self._writer

    def _leave(self, writer: Writer, timeout: float) -> None:
        for handler in self.handlers:
            # The thread may hold the old lock for ever, and the end of the interpreter asks for it.
            handler.createLock()

        if logging.raiseExceptions and sys.stderr:
            with suppress(OSError):
                sys.stderr.write(
                    f"pyfly.logging: log records not written within {timeout:g} seconds: {writer.waiting}\n"
                )
