# SPDX-License-Identifier: Apache-2.0
"""TOML as configuration, with the line of every key."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from pyfly.config._sources.lines import KeyLines, Place, item_of, place_of
from pyfly.config.errors import MalformedSourceError

_FAULT = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BESIDE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\r\n]+")


def read_toml(text: str, path: str) -> tuple[dict[str, Any], Mapping[str, int]]:
    """Return the document, and the line of each of its keys by canonical dotted key.

    Raises:
        MalformedSourceError: If the text is not TOML, or sets a key twice.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _FAULT.fullmatch(str(error))
        if found:
            raise MalformedSourceError(path, found[1], int(found[2]), int(found[3])) from error

        lines = text.splitlines() or [""]
        raise MalformedSourceError(path, str(error), len(lines), len(lines[-1]) + 1) from error

    return document, _Survey(text, path).lines()


class _Survey:
    """One walk over a text that is known to be TOML."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._at = 0
        self._keys = KeyLines()
        self._tables: dict[Place, int] = {}

    def lines(self) -> dict[str, int]:
        """Return the line of each key, by canonical dotted key."""
        table: Place = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

            self._skip(_BLANK)

        return self._keys.lines

    def _header(self) -> Place:
        start = self._at
        repeated = self._text.startswith("[[", start)
        self._at += 2 if repeated else 1
        *around, last = self._key()
        place: Place = ()
        for part in around:
            place = self._current(place_of(place, part))

        place = place_of(place, last)
        self._enter(place, start)
        if repeated:
            self._tables[place] = index = self._tables.get(place, -1) + 1
            place = item_of(place, index)
            self._enter(place, start)

        self._at = self._text.index("]", self._at) + (2 if repeated else 1)
        return place

    def _current(self, place: Place) -> Place:
        index = self._tables.get(place)
        return place if index is None else item_of(place, index)

    def _pair(self, table: Place) -> None:
        start = self._at
        place = table
        for part in self._key():
            place = place_of(place, part)

        self._at = self._text.index("=", self._at) + 1
        self._skip(_BESIDE)
        self._enter(place, start, whole=self._text[self._at] != "{")
        self._value(place)

    def _value(self, place: Place) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._array(place)
        elif opening == "{":
            self._inline_table(place)
        else:
            self._skip(_TEXT if opening in "\"'" else _PLAIN)

    def _array(self, place: Place) -> None:
        index = 0
        while self._next_part("]"):
            item = item_of(place, index)
            self._enter(item, self._at)
            self._value(item)
            index += 1

    def _inline_table(self, place: Place) -> None:
        while self._next_part("}"):
            self._pair(place)

    def _next_part(self, closing: str) -> bool:
        # Stands on the opening bracket at first, and behind a part after that.
        self._skip(_BLANK)
        if self._text[self._at] in "[{," and self._text[self._at] != closing:
            self._at += 1
            self._skip(_BLANK)

        if self._text[self._at] != closing:
            return True

        self._at += 1
        return False

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_BESIDE)
            start = self._at
            quoted = self._text[start] in "\"'"
            self._skip(_TEXT if quoted else _BARE)
            written = self._text[start : self._at]
            parts.append(tomllib.loads(f"key = {written}")["key"] if quoted else written)
            self._skip(_BESIDE)
            if self._text[self._at] != ".":
                return parts

            self._at += 1

    def _enter(self, place: Place, position: int, whole: bool = False) -> None:
        line = bisect_right(self._starts, position)
        earlier = self._keys.enter(place, line, whole)
        if earlier is not None:
            column = position - self._starts[line - 1] + 1
            reason = f"key {'.'.join(place)!r} is already set in line {earlier}"
            raise MalformedSourceError(self._path, reason, line, column)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
