# SPDX-License-Identifier: Apache-2.0
"""Bound loggers of structlog that make records of the standard library."""

import asyncio
import logging
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from contextvars import copy_context
from sys import _getframe as frame_at
from types import FrameType
from typing import Any, Self

from pyfly.logging._event_record import record_of
from pyfly.logging._texts import text_of
from pyfly.logging.structured_event import StructuredEvent, filled
from pyfly.logging.structured_logger import StructuredLogger
from structlog.exceptions import DropEvent
from structlog.typing import Processor

_METHODS = {
    logging.DEBUG: "debug",
    logging.INFO: "info",
    logging.WARNING: "warning",
    logging.ERROR: "error",
    logging.CRITICAL: "critical",
}


class StructlogLogger(StructuredLogger):
    """A bound logger as structlog has them, over a logger of the standard library.

    A level that is disabled is found out first, so it costs one check. Processors run on what is left; there
    are none unless somebody adds them, since layout and redaction come later, for the records of all loggers.
    The methods with an ``a`` before their name write in a thread of the event loop's executor; their record
    is made at once.

    Args:
        logger: The logger that gets the records.
        processors: structlog's processors, looked at anew for every event.
        context: Fields that every event gets.
    """

    __slots__ = ("_processors",)

    def __init__(
        self,
        logger: logging.Logger,
        processors: Sequence[Processor] = (),
        context: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(logger, context)
        self._processors = processors

    async def adebug(self, event: object, /, *args: object, **fields: object) -> None:
        """Log an event that explains the inner workings."""
        if self._enabled(logging.DEBUG):
            await self._emit_elsewhere(logging.DEBUG, event, args, fields)

    async def ainfo(self, event: object, /, *args: object, **fields: object) -> None:
        """Log an event of the normal course."""
        if self._enabled(logging.INFO):
            await self._emit_elsewhere(logging.INFO, event, args, fields)

    async def awarning(self, event: object, /, *args: object, **fields: object) -> None:
        """Log an event that somebody should look at some day."""
        if self._enabled(logging.WARNING):
            await self._emit_elsewhere(logging.WARNING, event, args, fields)

    awarn = awarning

    async def aerror(self, event: object, /, *args: object, **fields: object) -> None:
        """Log a failure."""
        if self._enabled(logging.ERROR):
            await self._emit_elsewhere(logging.ERROR, event, args, fields)

    async def aexception(self, event: object, /, *args: object, **fields: object) -> None:
        """Log a failure with the traceback of the exception being handled."""
        if self._enabled(logging.ERROR):
            fields.setdefault("exc_info", True)
            await self._emit_elsewhere(logging.ERROR, event, args, fields)

    async def acritical(self, event: object, /, *args: object, **fields: object) -> None:
        """Log a failure that the application may not survive."""
        if self._enabled(logging.CRITICAL):
            await self._emit_elsewhere(logging.CRITICAL, event, args, fields)

    afatal = acritical

    async def alog(self, level: int, event: object, /, *args: object, **fields: object) -> None:
        """Log an event of a level that is given as a number."""
        if self._enabled(level):
            await self._emit_elsewhere(level, event, args, fields)

    def _with(self, context: Mapping[str, object]) -> Self:
        return type(self)(self._logger, self._processors, context)

    def _emit(self, level: int, event: object, args: tuple[object, ...], fields: dict[str, object]) -> None:
        frame = frame_at(2)
        if not self._processors:
            self._logger.handle(self._record(level, event, args, fields, frame))
            return

        try:
            event, fields = self._processed(level, event, args, fields)
        except DropEvent:
            return

        # The processors have seen the bound fields, and may have taken some of them away.
        self._logger.handle(self._with({})._record(level, event, (), fields, frame))

    def _record(
        self, level: int, event: object, args: tuple[object, ...], fields: dict[str, object], frame: FrameType
    ) -> logging.LogRecord:
        exc_info = fields.pop("exc_info", None)
        stack_info = fields.pop("stack_info", None)
        stacklevel = fields.pop("stacklevel", 1)
        context = self._context
        message = StructuredEvent(event, args, {**context, **fields} if context else fields)
        return record_of(self._logger, level, message, frame, exc_info, stack_info, stacklevel)

    async def _emit_elsewhere(
        self, level: int, event: object, args: tuple[object, ...], fields: dict[str, object]
    ) -> None:
        if fields.get("exc_info") is True:
            fields["exc_info"] = sys.exc_info()

        bound = self
        if self._processors:
            try:
                event, fields = self._processed(level, event, args, fields)
            except DropEvent:
                return

            args, bound = (), self._with({})

        record = bound._record(level, event, args, fields, frame_at(2))
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, copy_context().run, self._logger.handle, record)

    def _processed(
        self, level: int, event: object, args: tuple[object, ...], fields: Mapping[str, object]
    ) -> tuple[object, dict[str, object]]:
        method = _METHODS.get(level, "log")
        text = filled(text_of(event), args)[0] if args else event
        outcome: Any = {**self._context, **fields, "event": text}
        for process in tuple(self._processors):
            outcome = process(self._logger, method, outcome)

        if not isinstance(outcome, MutableMapping):
            # A renderer came last.
            return outcome, {}

        return outcome.pop("event", ""), dict(outcome)
