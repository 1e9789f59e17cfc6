# SPDX-License-Identifier: Apache-2.0
"""Logged text as lines that nobody can forge."""

import logging
from collections.abc import Collection

from pyfly.logging._contents import contents_of, traceback_of
from pyfly.logging._texts import text_of

# Everything that could move the cursor, start a new line or colour the rest, as its escape sequence.
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_ESCAPED = {code: ascii(chr(code))[1:-1] for code in _CONTROLS}
_ESCAPED_IN_BLOCKS = {code: text for code, text in _ESCAPED.items() if chr(code) not in "\n\t"}


def message_of(record: logging.LogRecord, without: Collection[str] = ()) -> str:
    """Write the event of a record and its fields: ``order_placed | id=7 customer=ada``.

    Args:
        record: The record.
        without: Names of fields that are left out.
    """
    event, fields = contents_of(record)
    written = [f"{name}={text_of(value)}" for name, value in fields.items() if name not in without]
    if not written:
        return event

    return " ".join([event, *written] if " | " in event else [event, "|", *written])


def blocks_of(record: logging.LogRecord) -> list[str]:
    """Give the traceback and the stack of a record, as far as it has them, indented."""
    return [_indented(block) for block in (traceback_of(record), record.stack_info) if block]


def on_one_line(text: str) -> str:
    """Escape the control characters of a text."""
    return text if text.isprintable() else text.translate(_ESCAPED)


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" for line in block.translate(_ESCAPED_IN_BLOCKS).split("\n"))
