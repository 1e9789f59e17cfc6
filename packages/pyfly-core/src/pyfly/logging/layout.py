# SPDX-License-Identifier: Apache-2.0
"""Log lines laid out by a pattern, ``pyfly.logging.pattern.*``."""

import logging
import time
from collections.abc import Callable
from typing import TypeAlias

from pyfly.logging._contents import contents_of
from pyfly.logging._lines import blocks_of, message_of, on_one_line
from pyfly.logging._pattern import Part, PatternError, parse
from pyfly.logging._texts import text_of

__all__ = ["PatternError", "PatternFormatter", "compile_pattern"]

_ATTRIBUTES = {
    "level": "levelname",
    "logger": "name",
    "message": "message",
    "thread": "threadName",
    "pid": "process",
    "file": "filename",
    "line": "lineno",
    "method": "funcName",
}
_DEFAULT_DATE = "%Y-%m-%d %H:%M:%S,"

_Renderer: TypeAlias = Callable[[logging.LogRecord], str]


def compile_pattern(spec: str) -> tuple[str, str | None]:
    """Translate a pattern to what ``logging.Formatter`` takes.

    That formatter knows less than ``PatternFormatter``: it writes local time, cuts off ends instead of
    beginnings, demands that a record has each field, and puts tracebacks at the end.

    Args:
        spec: The pattern; see ``PatternFormatter``.

    Returns:
        The format, and the format of the date, which is None for that of the standard library.

    Raises:
        PatternError: The pattern cannot be followed, or not by ``logging.Formatter``.
    """
    dates = [part for part in parse(spec) if part.kind == "date"]
    for part in dates[1:]:
        if part.date != dates[0].date:
            raise PatternError(
                spec, part.column, "expected the one date again that logging.Formatter can write"
            )

    first = dates[0].date if dates else None
    return "".join(_as_format(spec, part) for part in parse(spec)), first.strftime if first else None


class PatternFormatter(logging.Formatter):
    """Lays records out by a pattern in the manner of Logback: ``%d{HH:mm:ss} %-5level %logger - %msg%n``.

    ======================================  =============================================================
    ``%d`` ``%date``                        time in UTC, ``{...}`` in Java's letters or ``strftime``'s
    ``%p`` ``%le`` ``%level``               level
    ``%c`` ``%lo`` ``%logger``              logger; a length in braces is ignored
    ``%m`` ``%msg`` ``%message``            event and fields: ``order_placed | id=7``
    ``%t`` ``%thread``                      thread
    ``%X{name}`` ``%mdc{name:-default}``    one field, which ``%msg`` then leaves out
    ``%ex`` ``%exception`` ``%throwable``   traceback and stack; without it they follow the line
    ``%F`` ``%file``                        file that logged
    ``%L`` ``%line``                        its line
    ``%M`` ``%method``                      its function
    ``%pid``                                process
    ``%n``                                  line break
    ``%%``                                  percent sign
    ======================================  =============================================================

    A width comes before the word: ``%-5level`` fills up with blanks on the right, ``%20.30logger`` on the
    left, and keeps the last 30 characters; ``%.-30logger`` the first. Everything else is text. Control
    characters of what is logged are escaped, so that it cannot forge a line. The line break at the very end
    is the handler's.

    Args:
        spec: The pattern.

    Raises:
        PatternError: It cannot be followed.
    """

    def __init__(self, spec: str) -> None:
        super().__init__()
        self.spec = spec
        parts = parse(spec)
        shown = frozenset(part.text for part in parts if part.kind == "field")
        self._renderers = [self._renderer(part, shown) for part in parts]
        self._blocks_follow = all(part.kind != "exception" for part in parts)

    def format(self, record: logging.LogRecord) -> str:
        """Lay a record out.

        Args:
            record: The record.
        """
        line = "".join([render(record) for render in self._renderers]).removesuffix("\n")
        blocks = blocks_of(record) if self._blocks_follow else ()
        return "\n".join([line, *blocks]) if blocks else line

    def _renderer(self, part: Part, shown: frozenset[str]) -> _Renderer:
        render = self._plain_renderer(part, shown)
        if not part.least and not part.most:
            return render

        return lambda record: _in_width(render(record), part)

    def _plain_renderer(self, part: Part, shown: frozenset[str]) -> _Renderer:
        if part.kind == "text":
            return lambda record: part.text

        if part.kind == "newline":
            return lambda record: "\n"

        if part.kind == "date":
            return _date_renderer(part)

        if part.kind == "message":
            return lambda record: on_one_line(message_of(record, shown))

        if part.kind == "field":
            return lambda record: on_one_line(_field(record, part))

        if part.kind == "exception":
            return lambda record: "\n".join(blocks_of(record))

        attribute = _ATTRIBUTES[part.kind]
        return lambda record: on_one_line(str(getattr(record, attribute)))


def _field(record: logging.LogRecord, part: Part) -> str:
    _, fields = contents_of(record)
    return text_of(fields[part.text]) if part.text in fields else part.default


def _date_renderer(part: Part) -> _Renderer:
    layout, tail = part.date or (_DEFAULT_DATE, "")
    if tail is None:
        return lambda record: time.strftime(layout, time.gmtime(record.created))

    return lambda record: f"{time.strftime(layout, time.gmtime(record.created))}{int(record.msecs):03d}{tail}"


def _in_width(text: str, part: Part) -> str:
    if part.most and len(text) > part.most:
        text = text[: part.most] if part.cut_end else text[-part.most :]

    return text.ljust(part.least) if part.left else text.rjust(part.least)


def _as_format(spec: str, part: Part) -> str:
    if part.kind == "text":
        return part.text.replace("%", "%%")

    if part.kind == "newline":
        return "\n"

    if part.kind == "exception":
        return ""

    width = f"{'-' if part.left else ''}{part.least or ''}{f'.{part.most}' if part.most else ''}"
    if part.kind != "date":
        return f"%({part.text or _ATTRIBUTES[part.kind]}){width}s"

    if part.date is None or part.date.tail is None:
        return f"%(asctime){width}s"

    if width:
        raise PatternError(
            spec, part.column, "expected no width, which logging.Formatter has for no milliseconds"
        )

    tail = part.date.tail.replace("%", "%%")
    return f"%(asctime)s%(msecs)03d{tail}"
