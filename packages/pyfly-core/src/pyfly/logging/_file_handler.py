# SPDX-License-Identifier: Apache-2.0
"""A log file that several processes may write and roll over."""

import errno
import logging
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler

try:
    import fcntl
except ImportError:  # Windows, where no process can rename a file that another one has open
    fcntl = None  # type: ignore[assignment]

_NO_LOCKS_HERE = frozenset({errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


class LogFileHandler(RotatingFileHandler):
    """Appends records to a file, and begins a new one when it gets too large.

    Any number of processes may write to one file. Each record is one appending write, so that lines do not
    mix, and one process at a time rolls over; the others follow to the new file, as they do when another
    program moves the file away. That holds for local file systems of POSIX; on Windows a file belongs to one
    process.

    A disk that fails never breaks the caller. It is told on standard error once, and again when writing works
    once more, with the number of records lost.

    Args:
        path: The file.
        max_bytes: Size at which a new file is begun; 0 for never. One record that is larger is written whole.
        history: How many old files are kept, ``<path>.1`` being the newest; with 0 the old one is removed.
        total_bytes: Size that the old files may have together, the oldest go first; 0 for no limit.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: str, max_bytes: int, history: int, total_bytes: int = 0) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=history, encoding="utf-8")
        self.total_bytes = total_bytes
        self._lost = 0
        self._stuck = False
        self._torn = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, after a roll-over when there is no room for it.

        Args:
            record: What to write.
        """
        try:
            line = (self.format(record) + self.terminator).encode("utf-8", "backslashreplace")
        except RecursionError:
            raise
        except Exception:
            # Logging never breaks the caller; the standard library reports the fault on stderr.
            self.handleError(record)
            return

        try:
            descriptor, size = self._current()
            if self.maxBytes > 0 and size and size + len(line) > self.maxBytes:
                self._make_room()
                descriptor, _ = self._current()

            self._append(descriptor, line)
        except OSError as failure:
            self._lost += 1
            if self._lost == 1:
                self._tell(
                    f"cannot be written ({failure.strerror or failure}); records are lost until it can"
                )
        else:
            if self._lost:
                lost, self._lost = self._lost, 0
                self._tell(f"can be written again; {lost} records were lost")

    def doRollover(self) -> None:
        """Begin a new file, unless another process is doing that or has just done it.

        Raises:
            OSError: A file cannot be renamed or removed.
        """
        with self._alone() as alone:
            if not alone:
                return

            if self.stream:
                self.stream.close()
                self.stream = None

            files = [self.baseFilename, *self._old_files()]
            kept = self._kept(files)
            # What another process waits for is the base, so that goes last.
            for surplus in reversed(files[kept:]):
                os.remove(surplus)

            for number in range(kept, 0, -1):
                target = f"{self.baseFilename}.{number}"
                if files[number - 1] != target:
                    os.replace(files[number - 1], target)

    def _current(self) -> tuple[int, int]:
        """Follow to the file that has the name now; its descriptor, and its size, 0 for no regular file."""
        stream = self.stream
        with suppress(FileNotFoundError):
            named = os.stat(self.baseFilename)
            if stream and os.path.samestat(named, os.fstat(stream.fileno())):
                return stream.fileno(), _size(named)

        os.makedirs(os.path.dirname(self.baseFilename), exist_ok=True)
        self.stream = opened = self._open()
        self._torn = False
        if stream:
            stream.close()

        return opened.fileno(), _size(os.fstat(opened.fileno()))

    def _make_room(self) -> None:
        try:
            self.doRollover()
            self._stuck = False
        except OSError as failure:
            if not self._stuck:
                self._stuck = True
                self._tell(f"cannot be rolled over ({failure.strerror or failure}) and grows on")

    def _append(self, descriptor: int, line: bytes) -> None:
        rest = memoryview(b"\n" + line if self._torn else line)
        while rest:
            # Past the stream, whose buffer would keep what a full disk refused.
            written = os.write(descriptor, rest)
            rest = rest[written:]
            self._torn = bool(rest)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Lock the file; False when another process has locked it, or has put a new one in its place."""
        if fcntl is None:
            yield True
            return

        try:
            # Opened anew: a process that was forked off shares the locks of what it inherited.
            guard = os.open(self.baseFilename, os.O_RDWR)
        except FileNotFoundError:
            yield False
            return

        try:
            yield self._locked(guard) and self._is_current(guard)
        finally:
            os.close(guard)

    def _locked(self, guard: int) -> bool:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as failure:
            # Without locks, as on some network mounts, this is no worse than the standard library.
            if failure.errno not in _NO_LOCKS_HERE:
                raise

        return True

    def _is_current(self, guard: int) -> bool:
        locked = os.fstat(guard)
        if self.stream and not os.path.samestat(locked, os.fstat(self.stream.fileno())):
            return False

        try:
            return os.path.samestat(locked, os.stat(self.baseFilename))
        except FileNotFoundError:
            return False

    def _old_files(self) -> list[str]:
        folder, name = os.path.split(self.baseFilename)
        numbered = re.compile(re.escape(name) + r"\.([1-9]\d*)")
        found = (numbered.fullmatch(entry) for entry in os.listdir(folder))
        numbers = sorted(int(match[1]) for match in found if match)
        return [f"{self.baseFilename}.{number}" for number in numbers]

    def _kept(self, files: list[str]) -> int:
        total = 0
        for count, file in enumerate(files[: self.backupCount]):
            total += os.stat(file).st_size
            if 0 < self.total_bytes < total:
                return count

        return min(len(files), self.backupCount)

    def _tell(self, what: str) -> None:
        if logging.raiseExceptions and sys.stderr:
            with suppress(OSError):
                sys.stderr.write(f"pyfly.logging: {self.baseFilename} {what}\n")


def _size(status: os.stat_result) -> int:
    return status.st_size if stat.S_ISREG(status.st_mode) else 0
