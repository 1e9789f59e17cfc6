# SPDX-License-Identifier: Apache-2.0
"""Events with fields, over the loggers of the standard library."""

import logging
from collections.abc import Mapping

# From the caller's line to `Logger.log`: the level's method and `_log`.
_STACK_LEVEL = 3


class StructuredEvent:
    """The message of a log record: an event and its fields, written out as ``event | key=value key=value``.

    Like any log message it is only put together when a handler asks for it.

    Args:
        template: What happened, with ``%`` places for the arguments if there are any.
        arguments: What fills the places.
        fields: The facts about it.
    """

    __slots__ = ("_arguments", "_template", "fields")

    def __init__(self, template: str, arguments: tuple[object, ...], fields: Mapping[str, object]) -> None:
        self._template = template
        self._arguments = arguments
        self.fields = fields

    @property
    def event(self) -> str:
        """What happened."""
        return self._template % self._arguments if self._arguments else self._template

    def __str__(self) -> str:
        if not self.fields:
            return self.event

        return f"{self.event} | {' '.join(f'{key}={value}' for key, value in self.fields.items())}"


class StructuredLogger:
    """A logger whose methods take an event and named fields.

    Positional arguments fill the ``%`` places of the event. The fields ``exc_info`` and ``stack_info`` mean
    what they mean in the standard library. A disabled level costs one check.

    Args:
        logger: The logger that gets the records.
        bound: Fields that every event gets.
    """

    __slots__ = ("_bound", "_logger")

    def __init__(self, logger: logging.Logger, bound: Mapping[str, object] | None = None) -> None:
        self._logger = logger
        self._bound = dict(bound or {})

    @property
    def name(self) -> str:
        """The logger's name."""
        return self._logger.name

    def bind(self, **fields: object) -> "StructuredLogger":
        """Give a logger that adds fields to every event.

        Args:
            fields: The fields, over those bound before.
        """
        return StructuredLogger(self._logger, {**self._bound, **fields})

    def debug(self, event: str, *args: object, **fields: object) -> None:
        """Log an event that explains the inner workings."""
        self._log(logging.DEBUG, event, args, fields)

    def info(self, event: str, *args: object, **fields: object) -> None:
        """Log an event of the normal course."""
        self._log(logging.INFO, event, args, fields)

    def warning(self, event: str, *args: object, **fields: object) -> None:
        """Log an event that somebody should look at some day."""
        self._log(logging.WARNING, event, args, fields)

    def error(self, event: str, *args: object, **fields: object) -> None:
        """Log a failure."""
        self._log(logging.ERROR, event, args, fields)

    def critical(self, event: str, *args: object, **fields: object) -> None:
        """Log a failure that the application may not survive."""
        self._log(logging.CRITICAL, event, args, fields)

    def exception(self, event: str, *args: object, **fields: object) -> None:
        """Log a failure with the traceback of the exception being handled."""
        self._log(logging.ERROR, event, args, {"exc_info": True, **fields})

    def _log(self, level: int, event: str, args: tuple[object, ...], fields: dict[str, object]) -> None:
        if not self._logger.isEnabledFor(level):
            return

        exc_info = fields.pop("exc_info", None)
        stack_info = bool(fields.pop("stack_info", False))
        message = StructuredEvent(event, args, {**self._bound, **fields})
        self._logger.log(
            level,
            message,
            exc_info=exc_info if isinstance(exc_info, (BaseException, tuple)) else bool(exc_info),
            stack_info=stack_info,
            stacklevel=_STACK_LEVEL,
        )
