# SPDX-License-Identifier: Apache-2.0
"""Patterns of log lines, taken apart."""

import re
from typing import NamedTuple

from pyfly.config.errors import ConfigurationError
from pyfly.logging._java_dates import DateFormat, translate

# What each conversion word shows.
WORDS = {
    "d": "date",
    "date": "date",
    "p": "level",
    "le": "level",
    "level": "level",
    "c": "logger",
    "lo": "logger",
    "logger": "logger",
    "m": "message",
    "msg": "message",
    "message": "message",
    "t": "thread",
    "thread": "thread",
    "n": "newline",
    "X": "field",
    "mdc": "field",
    "ex": "exception",
    "exception": "exception",
    "throwable": "exception",
    "pid": "pid",
    "F": "file",
    "file": "file",
    "L": "line",
    "line": "line",
    "M": "method",
    "method": "method",
}

_CONVERSION = re.compile(
    r"%(?P<width>-?\d*(?:\.-?\d+)?)(?P<word>[A-Za-z]+)(?P<braces>\{(?P<option>[^{}]*)\}|\{)?"
)
_GROUP = re.compile(r"%-?[\d.]*\(")
_ZONE = re.compile(r"(.*?)\s*,\s*([A-Za-z][\w/+-]*)", re.DOTALL)
_ANYWHERE = ("UTC", "GMT", "Z")


class PatternError(ConfigurationError):
    """Report a pattern of log lines that cannot be followed.

    Args:
        pattern: The pattern.
        column: Where its fault begins, counted from 1.
        reason: What was expected there, and what was found.
    """

    def __init__(self, pattern: str, column: int, reason: str) -> None:
        super().__init__(f"Log pattern {pattern!r}, column {column}: {reason}")
        self.pattern = pattern
        self.column = column
        self.reason = reason
        self.action = (
            "Correct pyfly.logging.pattern.console or pyfly.logging.pattern.file; %% is a percent sign."
        )


class Part(NamedTuple):
    """A piece of a pattern.

    Attributes:
        kind: ``text``, or what ``WORDS`` says.
        text: The text; the name of a field; else empty.
        column: Where it begins, counted from 1.
        default: What a field shows that a record does not have.
        date: How a date is written; None for the form of the standard library.
        least: The width that is filled up with blanks.
        left: Whether the blanks come after.
        most: The width that the rest is cut off from; 0 for any width.
        cut_end: Whether the end is cut off, instead of the beginning.
    """

    kind: str
    text: str = ""
    column: int = 0
    default: str = ""
    date: DateFormat | None = None
    least: int = 0
    left: bool = False
    most: int = 0
    cut_end: bool = False


def parse(pattern: str) -> list[Part]:
    """Take a pattern apart.

    Args:
        pattern: In the manner of Logback: ``%d{HH:mm:ss} %-5level %logger - %msg%n``.

    Raises:
        PatternError: It cannot be followed.
    """
    parts: list[Part] = []
    text, position = "", 0
    while position < len(pattern):
        found = _CONVERSION.match(pattern, position)
        if found:
            if text:
                parts.append(Part("text", text))

            parts.append(_part(pattern, found))
            text, position = "", found.end()
        elif _GROUP.match(pattern, position):
            raise PatternError(pattern, position + 1, "expected a conversion word after %, got a group")
        else:
            text += pattern[position]
            position += 2 if pattern.startswith("%%", position) else 1

    return [*parts, Part("text", text)] if text else parts


def _part(pattern: str, found: re.Match[str]) -> Part:
    column = found.start() + 1
    word, option = found["word"], (found["option"] or "").strip()
    kind = WORDS.get(word)
    if kind is None:
        known = ", ".join(f"%{name}" for name in WORDS)
        raise PatternError(pattern, column, f"expected one of {known}, got %{word}{_hint(word)}")

    if found["braces"] == "{":
        raise PatternError(pattern, column, f"expected a closing brace after %{word}{{, got none")

    least, _, most = found["width"].partition(".")
    part = Part(
        kind,
        column=column,
        least=abs(int(least or 0)) if least != "-" else 0,
        left=least.startswith("-"),
        most=abs(int(most or 0)),
        cut_end=most.startswith("-"),
    )
    if kind == "date":
        return part._replace(date=_date(pattern, column, option.strip('"')))

    if kind == "field":
        name, _, default = option.partition(":-")
        if not name:
            raise PatternError(
                pattern, column, f"expected the name of a field, as in %{word}{{request_id}}, got none"
            )

        return part._replace(text=name, default=default)

    return part


def _hint(word: str) -> str:
    """How a known word is written with text right after it, where that may be meant."""
    start = max((name for name in WORDS if word.startswith(name)), key=len, default="")
    rest = word[len(start) :]
    if start != "n" and len(start) < 3:
        return ""

    return f"; for %{start} and the text {rest!r} write %{start}{{}}{rest}"


def _date(pattern: str, column: int, option: str) -> DateFormat | None:
    if not option:
        return None

    if "%" in option:
        return DateFormat(option, None)

    zoned = _ZONE.fullmatch(option)
    if zoned and zoned[2] != "SSS":
        option = zoned[1]
        if zoned[2].upper() not in _ANYWHERE:
            raise PatternError(pattern, column, f"expected the zone UTC, as all times are, got {zoned[2]}")

    try:
        return translate(option)
    except ValueError as failure:
        raise PatternError(pattern, column, f"in the date {option!r}: {failure}") from None
