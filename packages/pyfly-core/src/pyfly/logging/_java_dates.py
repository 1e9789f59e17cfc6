# SPDX-License-Identifier: Apache-2.0
"""Date patterns of Java, as those of ``strftime``."""

import os
import re
from typing import NamedTuple

ISO8601 = "yyyy-MM-dd HH:mm:ss,SSS"

# Without leading zeros, which C leaves to each platform.
_BARE = "%#" if os.name == "nt" else "%-"

# Times are UTC, so that zones are texts.
_DIRECTIVES = {
    "yyyy": "%Y",
    "uuuu": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": f"{_BARE}m",
    "dd": "%d",
    "d": f"{_BARE}d",
    "DDD": "%j",
    "EEEE": "%A",
    "EEE": "%a",
    "E": "%a",
    "HH": "%H",
    "H": f"{_BARE}H",
    "hh": "%I",
    "h": f"{_BARE}I",
    "mm": "%M",
    "m": f"{_BARE}M",
    "ss": "%S",
    "s": f"{_BARE}S",
    "a": "%p",
    "X": "Z",
    "XX": "Z",
    "XXX": "Z",
    "Z": "+0000",
    "z": "UTC",
}
_MILLISECONDS = "SSS"
_PIECE = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<text>.)", re.DOTALL)


class DateFormat(NamedTuple):
    """How a moment is written.

    Attributes:
        strftime: What comes before the milliseconds; the whole if there are none.
        tail: The text after the milliseconds; None if there are none.
    """

    strftime: str
    tail: str | None


def translate(pattern: str) -> DateFormat:
    """Translate a date pattern of Java's ``DateTimeFormatter``.

    Args:
        pattern: Such as ``yyyy-MM-dd'T'HH:mm:ss.SSSXXX``, or ``ISO8601``.

    Raises:
        ValueError: It has letters that are not known, or something that varies after the milliseconds.
    """
    parts = {False: "", True: ""}
    after = False
    for piece in _PIECE.finditer(ISO8601 if pattern == "ISO8601" else pattern):
        letters = piece["letters"]
        if letters == _MILLISECONDS and not after:
            after = True
        elif letters is None:
            parts[after] += _literal(piece)
        elif letters not in _DIRECTIVES:
            raise ValueError(f"expected {', '.join(_DIRECTIVES)} or {_MILLISECONDS}, got {letters}")
        elif after and _DIRECTIVES[letters].startswith("%"):
            raise ValueError(f"expected nothing but text and the zone after {_MILLISECONDS}, got {letters}")
        else:
            parts[after] += _DIRECTIVES[letters]

    return DateFormat(parts[False], parts[True] if after else None)


def _literal(piece: re.Match[str]) -> str:
    if piece["quoted"] is None:
        return piece["text"]

    return piece["quoted"].replace("''", "'") or "'"
