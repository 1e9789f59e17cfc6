# SPDX-License-Identifier: Apache-2.0
"""The context of the call, put into its record."""

import logging
from collections.abc import Mapping

from pyfly.logging._contents import STANDARD_ATTRIBUTES
from pyfly.logging.context import context_fields
from pyfly.logging.redaction._redacted import is_redacted
from pyfly.logging.structured_event import StructuredEvent


class CallContextFilter(logging.Filter):
    """Adds what belongs to every line of the caller's context: to the fields of an event, or as ``extra``.

    It runs in the thread of the caller, before a record waits for another thread to write it. Fields that the
    call names itself win.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message: object = record.msg
        # Another handler has had the record, with the context in it, and nothing may come in unredacted.
        if is_redacted(message):
            return True

        context = context_fields()
        if context:
            if isinstance(message, StructuredEvent):
                fields = message.fields
                message.fields = {**fields, **context, **fields} if fields else context
            else:
                _extend(vars(record), context)

        return True


def _extend(attributes: dict[str, object], context: Mapping[str, object]) -> None:
    for name, value in context.items():
        key = f"field_{name}" if name in STANDARD_ATTRIBUTES else name
        if key not in attributes:
            attributes[key] = value
