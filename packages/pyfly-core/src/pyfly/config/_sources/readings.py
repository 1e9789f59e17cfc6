# SPDX-License-Identifier: Apache-2.0
"""What has been read, for loads that follow each other within one launch."""

import os
import stat
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Readings:
    """What the loads of one launch have read.

    Args:
        seconds: How long the result of an import counts.

    Attributes:
        seconds: The same.
        imports: The results of imports, by what was asked for.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.imports: dict[Hashable, Any] = {}
        self._files: dict[tuple[str, Callable[[Path], Any]], tuple[tuple[int, ...], Any]] = {}

    def of_file(self, path: Path, read: Callable[[Path], T]) -> T:
        """Read a file, unless it has been read in the same way and has not changed since then.

        Args:
            path: The file, by any name.
            read: Reads it; the result does not depend on its name, and nobody changes it.

        Raises:
            Exception: What ``read`` raises; that is not remembered.
        """
        real = os.path.realpath(path)
        try:
            status = os.stat(real)
        except OSError:
            return read(path)

        # A pipe gives its content once, and nothing tells what is in it.
        if not stat.S_ISREG(status.st_mode):
            return read(path)

        # Taken before the content: a file that is written meanwhile is read again the next time.
        stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev)
        known = self._files.get((real, read))
        if known is None or known[0] != stamp:
            known = self._files[real, read] = (stamp, read(path))

        content: T = known[1]
        return content


class Holder:
    """The readings that this process shares at the moment.

    Attributes:
        readings: The readings, None when each load reads for itself. A process that is forked inherits them.
    """

    readings: Readings | None = None


SHARED = Holder()
