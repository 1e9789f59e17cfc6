# SPDX-License-Identifier: Apache-2.0
"""Logged events as data, for tests."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from pyfly.logging._call_context import CallContextFilter
from pyfly.logging._contents import contents_of, traceback_of
from pyfly.logging._logger_states import loggers
from pyfly.logging.levels import parse_level
from pyfly.logging.port_contract import LoggingPortContract

__all__ = ["CapturedEvent", "LoggingPortContract", "captured_logs"]

CapturedEvent: TypeAlias = dict[str, object]

_OWN_KEYS = ("event", "level", "logger", "exception")


@contextmanager
def captured_logs(level: str = "DEBUG") -> Iterator[list[CapturedEvent]]:
    """Capture what is logged in a ``with`` block, by any logger, on any thread.

    Loggers that log less log from this level on; afterwards each has its level again, unless it was given
    another one meanwhile. Handlers stay, pytest's ``caplog`` among them; they too get what the loggers log
    more now. The fields of the caller's context are there, and once logging is configured, secrets are not.

    Args:
        level: Least level that is captured, in any case.

    Yields:
        The events so far, in the order they were logged: ``event``, ``level`` in lower case, ``logger``, the
        fields as they were given, and ``exception``, the traceback as text, if there is one. A field with one
        of these names is called ``field_<name>``.

    Raises:
        ValueError: There is no such level.
    """
    least = parse_level(level)
    capture = _Capture(least)
    known = loggers()
    before = {logger: logger.level for logger in known if logger.level > least}
    disabled = logging.root.manager.disable
    outlets = [logger for logger in known if logger is logging.root or not logger.propagate]
    for logger in outlets:
        logger.addHandler(capture)

    for logger in before:
        logger.setLevel(least)

    logging.disable(min(disabled, least - 1))
    try:
        yield capture.events
    finally:
        logging.disable(disabled)
        for logger, own in before.items():
            if logger.level == least:
                logger.setLevel(own)

        for logger in outlets:
            logger.removeHandler(capture)

        capture.close()


class _Capture(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.events: list[CapturedEvent] = []
        self.addFilter(CallContextFilter())

    def emit(self, record: logging.LogRecord) -> None:
        event, fields = contents_of(record)
        captured: CapturedEvent = {
            "event": event,
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        for name, value in fields.items():
            captured[f"field_{name}" if name in _OWN_KEYS else name] = value

        traceback = traceback_of(record)
        if traceback:
            captured["exception"] = traceback

        self.events.append(captured)
