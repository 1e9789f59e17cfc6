# SPDX-License-Identifier: Apache-2.0
"""What a log record says, whoever made it: its event, its fields, its exception."""

import logging
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType

from pyfly.logging._event_record import EventRecord
from pyfly.logging._texts import text_of
from pyfly.logging.structured_event import StructuredEvent, filled

_NOTHING: Mapping[str, object] = MappingProxyType({})
_OWN = tuple(vars(logging.makeLogRecord({})))
_OWN_COUNT = len(_OWN)
_TRACEBACKS = logging.Formatter()

#: What every record has. `color_message` is a second wording of the message, by custom for terminals.
STANDARD_ATTRIBUTES = frozenset(_OWN) | {"message", "asctime", "taskName", "color_message"}


def contents_of(record: logging.LogRecord) -> tuple[str, Mapping[str, object]]:
    """Return the event of a record, and its fields: those of the event, then what was given as ``extra``.

    Args:
        record: Any record; arguments that do not fit its message become the field ``positional_args``.
    """
    message = record.msg
    if isinstance(message, StructuredEvent):
        event, fields = message.event, message.fields
    else:
        event, fields = _foreign(message, record.args)

    if len(vars(record)) == _OWN_COUNT:
        return event, fields

    extra = extra_of(record)
    return event, {**fields, **extra, **fields} if extra else fields


def extra_of(record: logging.LogRecord) -> dict[str, object]:
    """Return what was given to a record as ``extra``, by name.

    Args:
        record: Any record.
    """
    kind = type(record)
    # What the standard library sets comes first, and was not given by anybody.
    skipped = _OWN_COUNT if kind is EventRecord or kind is logging.LogRecord else 0
    return {
        name: value
        for name, value in islice(vars(record).items(), skipped, None)
        if name not in STANDARD_ATTRIBUTES
    }


def traceback_of(record: logging.LogRecord) -> str | None:
    """Return the traceback of a record as text, its causes included, if it has one.

    The text is kept in the record, as the formatters of the standard library do.
    """
    if not record.exc_text and record.exc_info and record.exc_info[0] is not None:
        try:
            record.exc_text = _TRACEBACKS.formatException(record.exc_info)
        except Exception as failure:
            # The exception may be one whose text cannot be had.
            record.exc_text = f"{record.exc_info[0].__qualname__} (no traceback: {type(failure).__name__})"

    return record.exc_text or None


def _foreign(message: object, arguments: object) -> tuple[str, Mapping[str, object]]:
    template = text_of(message)
    if not arguments:
        return template, _NOTHING

    event, fitted = filled(template, arguments)
    return event, _NOTHING if fitted else {"positional_args": arguments}
