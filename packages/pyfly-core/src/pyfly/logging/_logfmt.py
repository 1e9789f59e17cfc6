# SPDX-License-Identifier: Apache-2.0
"""Log records as logfmt: one line of ``key=value``."""

import logging
import re
from collections.abc import Mapping

from pyfly.logging._contents import contents_of, traceback_of
from pyfly.logging._json import json_of
from pyfly.logging._texts import text_of
from pyfly.logging._timestamp import utc_timestamp

_RESERVED = frozenset({"event", "level", "logger", "timestamp", "exception", "stack"})
_NOT_IN_KEYS = frozenset(' ="\\')
_PLAIN = re.compile(r'[^\s="\\]+')


class LogfmtFormatter(logging.Formatter):
    """Renders ``timestamp``, ``level``, ``logger``, ``event``, the fields, ``exception`` and ``stack``.

    Values with blanks, quotation marks, equals signs or control characters are quoted and escaped, so a
    record is one line. Lists and mappings are written as JSON. A field with the name of a standard key is
    kept as ``field_<name>``.
    """

    def format(self, record: logging.LogRecord) -> str:
        event, fields = contents_of(record)
        pairs = [
            f"timestamp={utc_timestamp(record.created)}",
            f"level={_value(record.levelname.lower())}",
            f"logger={_value(record.name)}",
            f"event={_value(event)}",
        ]
        pairs += [f"{_key(name, fields)}={_value(value)}" for name, value in fields.items()]
        traceback = traceback_of(record)
        if traceback:
            pairs.append(f"exception={_value(traceback)}")

        if record.stack_info:
            pairs.append(f"stack={_value(record.stack_info)}")

        return " ".join(pairs)


def _key(name: object, fields: Mapping[str, object]) -> str:
    text = text_of(name)
    fitting = (it if it.isprintable() and it not in _NOT_IN_KEYS else "_" for it in text)
    key = "".join(fitting) or "_"
    if key in _RESERVED:
        key = f"field_{key}"
        while key in fields:
            key = f"field_{key}"

    return key


def _value(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json_of(value)

    text = json_of(value) if isinstance(value, Mapping | list | tuple | set | frozenset) else text_of(value)
    if text.isprintable() and _PLAIN.fullmatch(text):
        return text

    written = "".join(_escaped(character) for character in text)
    return f'"{written}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"

    if character.isprintable():
        return character

    if character in "\n\r\t":
        return ascii(character)[1:-1]

    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
