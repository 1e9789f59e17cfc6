# SPDX-License-Identifier: Apache-2.0
"""The context of the call, put into its record."""

import logging

from pyfly.logging._contents import STANDARD_ATTRIBUTES
from pyfly.logging.context import context_fields
from pyfly.logging.structured_event import StructuredEvent


class CallContextFilter(logging.Filter):
    """Adds what belongs to every line of the caller's context, as if it had been given as ``extra``.

    It runs in the thread of the caller, before a record waits for another thread to write it. Fields that the
    call names itself win.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        context = context_fields()
        if context:
            message = record.msg
            named = message.fields if isinstance(message, StructuredEvent) else ()
            attributes = vars(record)
            for name, value in context.items():
                key = f"field_{name}" if name in STANDARD_ATTRIBUTES else name
                if key not in named and key not in attributes:
                    attributes[key] = value

        return True
