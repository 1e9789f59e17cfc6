# SPDX-License-Identifier: Apache-2.0
"""The names of log levels: one table for configuration and for changes at run time."""

import logging
from collections.abc import Mapping
from types import MappingProxyType

TRACE = 5
OFF = 1000

LEVELS: Mapping[str, int] = MappingProxyType(
    {
        "TRACE": TRACE,
        "DEBUG": logging.DEBUG,
        "INFO": logging.INFO,
        "WARN": logging.WARNING,
        "WARNING": logging.WARNING,
        "ERROR": logging.ERROR,
        "CRITICAL": logging.CRITICAL,
        "FATAL": logging.CRITICAL,
        "OFF": OFF,
    }
)


def parse_level(level: str | bool) -> int:
    """Give the number of a level.

    Args:
        level: Its name in any case; ``False`` is what YAML makes of a bare ``off``.

    Raises:
        ValueError: There is no such level.
    """
    name = "OFF" if level is False else str(level).strip().upper()
    if name not in LEVELS:
        raise ValueError(f"Unknown log level {level!r}; use one of {', '.join(LEVELS)}")

    return LEVELS[name]


def logger_named(name: str) -> logging.Logger:
    """Give a logger of the standard library.

    Args:
        name: Its name; ``root`` in any case, and the empty text, mean the root logger.
    """
    return logging.getLogger() if name.lower() == "root" else logging.getLogger(name)
