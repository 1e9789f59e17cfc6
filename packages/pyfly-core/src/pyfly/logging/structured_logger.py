# SPDX-License-Identifier: Apache-2.0
"""Events with fields, over the loggers of the standard library."""

import logging
from collections.abc import Mapping
from sys import _getframe as frame_at
from typing import Self

from pyfly.logging._event_record import record_of
from pyfly.logging.structured_event import StructuredEvent

__all__ = ["StructuredEvent", "StructuredLogger"]

_DEBUG, _INFO, _WARNING = logging.DEBUG, logging.INFO, logging.WARNING
_ERROR, _CRITICAL = logging.ERROR, logging.CRITICAL


class StructuredLogger:
    """A logger whose methods take an event and named fields.

    Positional arguments fill the ``%`` places of the event. The fields ``exc_info``, ``stack_info`` and
    ``stacklevel`` mean what they mean in the standard library. A disabled level costs one check. The surface
    is that of structlog's bound loggers.

    Args:
        logger: The logger that gets the records.
        bound: Fields that every event gets.
    """

    __slots__ = ("_context", "_enabled", "_logger")

    def __init__(self, logger: logging.Logger, bound: Mapping[str, object] | None = None) -> None:
        self._logger = logger
        self._context: dict[str, object] = dict(bound or {})
        # Looked up here once instead of at each call.
        self._enabled = logger.isEnabledFor

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self._context}>"

    @property
    def name(self) -> str:
        """The logger's name."""
        return self._logger.name

    def bind(self, **fields: object) -> Self:
        """Give a logger that adds fields to every event.

        Args:
            fields: The fields, over those bound before.
        """
        return self._with({**self._context, **fields})

    def unbind(self, *names: str) -> Self:
        """Give a logger without some of the bound fields.

        Args:
            names: Their names.

        Raises:
            KeyError: A field is not bound.
        """
        context = dict(self._context)
        for name in names:
            del context[name]

        return self._with(context)

    def try_unbind(self, *names: str) -> Self:
        """Give a logger without some of the bound fields; those that are not bound do not matter.

        Args:
            names: Their names.
        """
        return self._with({name: value for name, value in self._context.items() if name not in names})

    def new(self, **fields: object) -> Self:
        """Give a logger with other bound fields.

        Args:
            fields: The fields, instead of those bound before.
        """
        return self._with(fields)

    def isEnabledFor(self, level: int) -> bool:
        """Tell whether events of a level are logged; for what is costly to find out only to log it.

        Args:
            level: A number such as ``logging.DEBUG``.
        """
        return self._enabled(level)

    is_enabled_for = isEnabledFor

    def getEffectiveLevel(self) -> int:
        """Return the least level that is logged."""
        return self._logger.getEffectiveLevel()

    get_effective_level = getEffectiveLevel

    def setLevel(self, level: int | str) -> None:
        """Change the level of this logger and those below it, for whoever holds them.

        Args:
            level: A number, or a name of the standard library.
        """
        self._logger.setLevel(level)

    def debug(self, event: object, /, *args: object, **fields: object) -> None:
        """Log an event that explains the inner workings."""
        if self._enabled(_DEBUG):
            self._emit(_DEBUG, event, args, fields)

    def info(self, event: object, /, *args: object, **fields: object) -> None:
        """Log an event of the normal course."""
        if self._enabled(_INFO):
            self._emit(_INFO, event, args, fields)

    def warning(self, event: object, /, *args: object, **fields: object) -> None:
        """Log an event that somebody should look at some day."""
        if self._enabled(_WARNING):
            self._emit(_WARNING, event, args, fields)

    warn = warning

    def error(self, event: object, /, *args: object, **fields: object) -> None:
        """Log a failure."""
        if self._enabled(_ERROR):
            self._emit(_ERROR, event, args, fields)

    def exception(self, event: object, /, *args: object, **fields: object) -> None:
        """Log a failure with the traceback of the exception being handled."""
        if self._enabled(_ERROR):
            fields.setdefault("exc_info", True)
            self._emit(_ERROR, event, args, fields)

    def critical(self, event: object, /, *args: object, **fields: object) -> None:
        """Log a failure that the application may not survive."""
        if self._enabled(_CRITICAL):
            self._emit(_CRITICAL, event, args, fields)

    fatal = critical

    def log(self, level: int, event: object, /, *args: object, **fields: object) -> None:
        """Log an event of a level that is given as a number."""
        if self._enabled(level):
            self._emit(level, event, args, fields)

    def _with(self, context: Mapping[str, object]) -> Self:
        return type(self)(self._logger, context)

    def _emit(self, level: int, event: object, args: tuple[object, ...], fields: dict[str, object]) -> None:
        exc_info = fields.pop("exc_info", None)
        stack_info = fields.pop("stack_info", None)
        stacklevel = fields.pop("stacklevel", 1)
        context = self._context
        message = StructuredEvent(event, args, {**context, **fields} if context else fields)
        logger = self._logger
        logger.handle(record_of(logger, level, message, frame_at(2), exc_info, stack_info, stacklevel))
