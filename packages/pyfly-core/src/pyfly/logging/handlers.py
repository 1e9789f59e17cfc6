# SPDX-License-Identifier: Apache-2.0
"""The log file that ``pyfly.logging.file.*`` and ``pyfly.logging.rolling.*`` ask for."""

import logging
import os
import re

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.logging import FileProperties, RollingProperties
from pyfly.logging._file_handler import LogFileHandler
from pyfly.logging.structured_logger import StructuredLogger

__all__ = ["LogFileError", "build_file_handler", "parse_size"]

_SIZE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([KMGT]?)B?", re.ASCII | re.IGNORECASE)
_FACTORS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


class LogFileError(ConfigurationError):
    """Report a log file that cannot be written.

    Args:
        path: The file.
        reason: Why it cannot be written.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"pyfly.logging.file: expected a file that can be written, got {path} ({reason})")
        self.path = path
        self.reason = reason
        self.action = (
            f"Let this process write {path}, or set pyfly.logging.file.path to a folder where it may write."
        )


def parse_size(value: str) -> int:
    """Give a size in bytes.

    Args:
        value: A number, with ``K``, ``M``, ``G`` or ``T`` for powers of 1024, and ``B`` or not: ``10MB``,
            ``1.5 g``.

    Returns:
        The number of bytes; 0 when the value is empty or no size.
    """
    return _bytes(value) or 0


def build_file_handler(file_props: FileProperties, rolling: RollingProperties) -> logging.Handler | None:
    """Open the log file, whose folder is made when it is missing.

    A size that is none is a warning: ``max-size`` is then 10MB, and ``total-size-cap`` no limit.

    Args:
        file_props: Which file.
        rolling: When it rolls over; an empty ``max_size`` or ``0`` for never.

    Returns:
        A handler without a formatter, that several processes may use for the same file; None when no file is
        named.

    Raises:
        LogFileError: The file cannot be written.
        ConfigurationError: ``max_history`` is negative.
    """
    if not file_props.name.strip():
        return None

    if rolling.max_history < 0:
        raise ConfigurationError(
            f"pyfly.logging.rolling.max-history: expected 0 or more, got {rolling.max_history}"
        )

    path = os.path.abspath(os.path.join(os.path.expanduser(file_props.path), file_props.name.strip()))
    max_bytes = _size("max-size", rolling.max_size, RollingProperties().max_size)
    total_bytes = _size("total-size-cap", rolling.total_size_cap, RollingProperties().total_size_cap)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return LogFileHandler(path, max_bytes, rolling.max_history, total_bytes)
    except OSError as failure:
        raise LogFileError(path, failure.strerror or str(failure)) from failure


def _size(key: str, value: str, default: str) -> int:
    size = _bytes(value)
    if size is None:
        StructuredLogger(logging.getLogger("pyfly.logging")).warning(
            "invalid_log_size",
            key=f"pyfly.logging.rolling.{key}",
            value=value,
            expected="a size such as 10MB",
            used=default or "no limit",
        )
        size = _bytes(default)

    return size or 0


def _bytes(value: str) -> int | None:
    text = str(value).strip()
    if not text:
        return 0

    found = _SIZE.fullmatch(text)
    return int(float(found[1]) * _FACTORS[found[2].upper()]) if found else None
