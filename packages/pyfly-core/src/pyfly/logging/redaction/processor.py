# SPDX-License-Identifier: Apache-2.0
"""Redaction of log events: as a processor of structlog, and as a filter of the standard library."""

import logging
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from pyfly.logging._contents import STANDARD_ATTRIBUTES, extra_of, traceback_of
from pyfly.logging._texts import text_of
from pyfly.logging.redaction._masks import FAILED
from pyfly.logging.redaction._port import Redactor
from pyfly.logging.redaction._redacted import RedactedEvent, RedactedText, is_redacted
from pyfly.logging.redaction.fields import FieldRedactor
from pyfly.logging.structured_event import StructuredEvent, filled

_STANDARD_COUNT = len(vars(logging.makeLogRecord({})))
# What structlog itself puts among the fields.
_OF_STRUCTLOG = frozenset({"_from_structlog", "_record", "_logger", "_name"})

Processor = Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]


def make_structlog_redactor(
    redactor: Redactor | None, allow_fields: Iterable[str] = (), deny_fields: Iterable[str] = ()
) -> Processor:
    """Make a processor of structlog that redacts an event and its fields.

    An exception that a later processor would write out, ``exc_info``, is written out here, redacted, as the
    field ``exception``. The event that it is given stays as it is; the redacted one is a new dictionary.

    Args:
        redactor: What finds secrets; None for events that stay as they are.
        allow_fields: When not empty, the only fields whose values are searched, besides ``event``.
        deny_fields: Keys whose value never shows, besides those that always are denied.
    """
    fields = FieldRedactor(redactor, allow_fields, deny_fields)
    if redactor is None:
        return lambda logger, method, event_dict: event_dict

    def redact(logger: Any, method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        kept = {name: event_dict[name] for name in _OF_STRUCTLOG.intersection(event_dict)}
        given = {name: value for name, value in event_dict.items() if name not in kept}
        exc_info = given.pop("exc_info", None)
        shown: dict[str, Any] = fields.redact(given)
        if exc_info:
            shown.setdefault("exception", fields.redact_text(_exception_text(exc_info)))

        return {**shown, **kept}

    return redact


class RedactionFilter(logging.Filter):
    """Takes the secrets out of a log record, once, in place: for all handlers that get it afterwards.

    The message is put together and redacted, its arguments are gone; what was given as ``extra`` is redacted
    by its name; the traceback, with those of its causes, becomes redacted text. The exception itself stays
    for handlers that report exceptions, unless something in its traceback was redacted: any handler could
    write it out anew. Never drops a record and never raises.

    Args:
        redactor: What finds secrets; None for records that stay as they are.
        allow_fields: When not empty, the only fields whose values are searched, besides the message.
        deny_fields: Keys whose value never shows, besides those that always are denied.
    """

    def __init__(
        self,
        redactor: Redactor | None,
        allow_fields: Iterable[str] = (),
        deny_fields: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self._active = redactor is not None
        self._fields = FieldRedactor(redactor, allow_fields, deny_fields)

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record; another filter of this kind, at another handler, finds nothing left to do.

        Args:
            record: The record.

        Returns:
            True.
        """
        if self._active and not is_redacted(record.msg):
            try:
                self._redact(record)
            except Exception:
                # A record may be of anybody's class. Its line is kept, without what could not be searched.
                _blank(record)

        return True

    def _redact(self, record: logging.LogRecord) -> None:
        fields = self._fields
        message: object = record.msg
        arguments: object = record.args
        attributes = vars(record)
        shown: RedactedEvent | RedactedText
        if isinstance(message, StructuredEvent):
            shown = RedactedEvent(fields.redact_text(message.event), (), fields.redact(message.fields))
        else:
            shown = self._plain(text_of(message), arguments)

        if len(attributes) > _STANDARD_COUNT:
            self._redact_extra(record, arguments)

        if record.exc_info or record.exc_text:
            text = traceback_of(record) or ""
            record.exc_text = fields.redact_text(text) or None
            if not text or record.exc_text != text:
                record.exc_info = None

        if record.stack_info:
            record.stack_info = fields.redact_text(text_of(record.stack_info))

        _put(record, shown)

    def _plain(self, template: str, arguments: object) -> RedactedEvent | RedactedText:
        if not arguments:
            return RedactedText(self._fields.redact_text(template))

        text, fitted = filled(template, arguments)
        event = self._fields.redact_text(text)
        if fitted:
            return RedactedText(event)

        given = self._fields.redact_value("positional_args", arguments)
        return RedactedEvent(event, (), {"positional_args": given})

    def _redact_extra(self, record: logging.LogRecord, arguments: object) -> None:
        attributes = vars(record)
        attributes.update(self._fields.redact(extra_of(record)))
        if "color_message" in attributes:
            # Its arguments are gone like those of the message.
            text, _ = filled(text_of(attributes["color_message"]), arguments or ())
            attributes["color_message"] = self._fields.redact_text(text)


def _put(record: logging.LogRecord, message: RedactedEvent | RedactedText) -> None:
    vars(record)["msg"] = message
    record.args = ()
    if "message" in vars(record):
        # A formatter has been here before.
        record.message = str(message)


def _blank(record: logging.LogRecord) -> None:
    for name in vars(record).keys() - STANDARD_ATTRIBUTES:
        setattr(record, name, FAILED)

    record.exc_info = None
    record.exc_text = record.stack_info = None
    vars(record).pop("color_message", None)
    _put(record, RedactedText(FAILED))


def _exception_text(exc_info: object) -> str:
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)

    triple = exc_info if isinstance(exc_info, tuple) else sys.exc_info()
    record = logging.makeLogRecord({"exc_info": triple})
    return traceback_of(record) or "MISSING"
