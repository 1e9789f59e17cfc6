# SPDX-License-Identifier: Apache-2.0
"""The levels of logs: one table of names for configuration, for changes at run time, and for showing them."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = [
    "LEVELS",
    "OFF",
    "ROOT",
    "TRACE",
    "LoggerLevel",
    "change_level",
    "level_name",
    "logger_level",
    "logger_levels",
    "logger_named",
    "parse_level",
]

TRACE = 5
OFF = 1000
ROOT = "ROOT"
DEFAULT_ROOT_LEVEL = logging.INFO

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

# The first of several names is the one that is shown.
_NAMES = {LEVELS[name]: name for name in reversed(tuple(LEVELS))}


class LoggerLevel(NamedTuple):
    """The level of one logger, as names of the table.

    Attributes:
        configured: What was set for this very logger; None when it follows the loggers above it.
        effective: What counts.
    """

    configured: str | None
    effective: str


def parse_level(level: str | bool) -> int:
    """Give the number of a level.

    Args:
        level: Its name in any case; ``False`` is what YAML makes of a bare ``off``.

    Raises:
        ValueError: There is no such level.
    """
    name = str(level).strip().upper()
    # As text it is what the settings make of that.
    name = "OFF" if name == "FALSE" else name
    if name not in LEVELS:
        raise ValueError(f"Unknown log level {level!r}; use one of {', '.join(LEVELS)}")

    return LEVELS[name]


def level_name(number: int) -> str:
    """Give the name of a level; one of its own kind for a number that is not in the table.

    Args:
        number: The level as a number.
    """
    return _NAMES.get(number) or logging.getLevelName(number)


def logger_named(name: str) -> logging.Logger:
    """Give a logger of the standard library.

    Args:
        name: Its name; ``root`` in any case, and the empty text, mean the root logger.
    """
    return logging.getLogger() if name.lower() == "root" else logging.getLogger(name)


def change_level(name: str, level: str | bool | None) -> None:
    """Set the level of a logger at once, also for those who hold it.

    Args:
        name: The logger's name; ``root`` is the top of the tree.
        level: A level's name in any case; None to follow the loggers above again, the root its default INFO.

    Raises:
        ValueError: There is no such level.
    """
    logger = logger_named(name)
    if level is None:
        logger.setLevel(DEFAULT_ROOT_LEVEL if logger is logging.root else logging.NOTSET)
    else:
        logger.setLevel(parse_level(level))


def logger_level(name: str) -> LoggerLevel:
    """Tell the level of a logger, which need not exist yet.

    Args:
        name: The logger's name; ``root`` is the top of the tree.
    """
    if name.lower() in ("root", ""):
        return _level_of(logging.root)

    known = logging.root.manager.loggerDict.get(name)
    if isinstance(known, logging.Logger):
        return _level_of(known)

    # Asking the standard library for the logger would make it.
    parent = name.rpartition(".")[0]
    return LoggerLevel(None, logger_level(parent).effective)


def logger_levels() -> dict[str, LoggerLevel]:
    """Tell the levels of all loggers that exist, by name; the root logger is the first, as ``ROOT``."""
    loggers = {
        name: logger
        for name, logger in sorted(logging.root.manager.loggerDict.copy().items())
        if isinstance(logger, logging.Logger)
    }
    return {ROOT: _level_of(logging.root), **{name: _level_of(logger) for name, logger in loggers.items()}}


def _level_of(logger: logging.Logger) -> LoggerLevel:
    configured = level_name(logger.level) if logger.level else None
    return LoggerLevel(configured, level_name(logger.getEffectiveLevel()))
