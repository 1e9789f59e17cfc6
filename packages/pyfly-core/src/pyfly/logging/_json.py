# SPDX-License-Identifier: Apache-2.0
"""Log records as JSON, one object per line."""

import json.encoder
import logging
from collections.abc import Callable, Iterable, Mapping
from json.encoder import encode_basestring_ascii as quoted
from math import isfinite
from typing import Any, NoReturn

from pyfly.logging._contents import contents_of, traceback_of
from pyfly.logging._texts import text_of
from pyfly.logging._timestamp import utc_timestamp

_RESERVED = frozenset({"event", "level", "logger", "timestamp", "exception", "stack"})
_DEEPEST = 32
_MOST_HEADS = 2048


class JsonFormatter(logging.Formatter):
    """Renders ``event``, ``level``, ``logger`` and ``timestamp``, the fields, ``exception`` and ``stack``.

    A line is ASCII and valid JSON whatever the fields hold. What JSON does not know is written as its text. A
    field with the name of a standard key is kept as ``field_<name>``.
    """

    def __init__(self) -> None:
        super().__init__()
        # Levels and loggers repeat from line to line; how they are written is remembered.
        self._heads: dict[tuple[str, str], str] = {}

    def format(self, record: logging.LogRecord) -> str:
        event, fields = contents_of(record)
        whence = (record.levelname, record.name)
        head = self._heads.get(whence) or self._head_of(*whence)
        line = f'{{"event": {quoted(event)}{head}{utc_timestamp(record.created)}"'
        if fields:
            line = f"{line}, {_members(fields)}"

        traceback = traceback_of(record)
        if traceback:
            line = f'{line}, "exception": {quoted(traceback)}'

        if record.stack_info:
            line = f'{line}, "stack": {quoted(record.stack_info)}'

        return line + "}"

    def _head_of(self, level: str, logger: str) -> str:
        head = f', "level": {quoted(level.lower())}, "logger": {quoted(logger)}, "timestamp": "'
        if len(self._heads) < _MOST_HEADS:
            self._heads[level, logger] = head

        return head


def _members(fields: Mapping[str, object]) -> str:
    if _RESERVED.isdisjoint(fields):
        try:
            # The encoder of the standard library, in C, does for nearly all fields.
            return _encoded(fields)[1:-1]
        except Exception:
            # It meets something that is not JSON, without an end, or not a number.
            return _container(fields, (id(fields),))[1:-1]

    named: dict[object, object] = {}
    for name, value in fields.items():
        key = name
        while key in _RESERVED or (key != name and key in fields):
            key = f"field_{key}"

        named[key] = value

    return _container(named, (id(fields),))[1:-1]


def _refuse(value: object) -> NoReturn:
    raise TypeError(type(value).__name__)


def _fast_encoder() -> Callable[[Mapping[str, object]], str]:
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(allow_nan=False).encode

    # Made once; `JSONEncoder.encode` makes one for each call, which takes as long as the call.
    encode = make(None, _refuse, quoted, None, ": ", ", ", False, False, False)
    return lambda fields: "".join(encode(fields, 0))


_encoded = _fast_encoder()

# Python refuses to write integers of thousands of digits, and to read them again.
_BIG = 10**300


def json_of(value: object) -> str:
    """Write any object as JSON, in ASCII.

    Args:
        value: The object; what JSON does not know becomes its text, also numbers that are not finite, and
            what contains itself or lies too deep.
    """
    return _written(value, ())


def _written(value: object, within: tuple[int, ...]) -> str:
    if value is None:
        return "null"

    if value is True:
        return "true"

    if value is False:
        return "false"

    if isinstance(value, str):
        return quoted(str.__str__(value))

    if isinstance(value, int):
        return int.__repr__(value) if -_BIG < value < _BIG else quoted(hex(value))

    if isinstance(value, float):
        return float.__repr__(value) if isfinite(value) else quoted(float.__repr__(value))

    if isinstance(value, Mapping | list | tuple | set | frozenset):
        if id(value) in within:
            return quoted("<contains itself>")

        if len(within) == _DEEPEST:
            return quoted(text_of(value))

        try:
            return _container(value, (*within, id(value)))
        except Exception:
            # A mapping may be anybody's class, or be changed by another thread meanwhile.
            return quoted(text_of(value))

    return quoted(text_of(value))


def _container(value: Mapping[object, object] | Iterable[object], within: tuple[int, ...]) -> str:
    if isinstance(value, Mapping):
        items = ", ".join(f"{quoted(text_of(key))}: {_written(item, within)}" for key, item in value.items())
        return f"{{{items}}}"

    return f"[{', '.join(_written(item, within) for item in value)}]"
