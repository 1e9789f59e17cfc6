# SPDX-License-Identifier: Apache-2.0
"""What commands print: tables and colours on a terminal, plain text in a pipe, exact JSON on request.

Results go to standard output, messages to standard error. Nothing of rich is imported unless the stream is a
terminal.
"""

__all__ = ["Styled", "note", "print_json", "success", "table", "warn"]

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

import click


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell with a colour.

    Attributes:
        text: What it shows.
        style: A style of ``pyfly.cli.console.PYFLY_THEME``; it only counts on a terminal.
    """

    text: str
    style: str

    def __str__(self) -> str:
        return self.text


def table(title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table to standard output.

    On a terminal it has a frame and fits the width: long cells are folded, never cut. Elsewhere each row is
    one line of aligned text, as long as it needs to be, below a line with the names of the columns.

    Args:
        title: The line above the table; None for a table without one.
        columns: The names of the columns.
        rows: The cells of each row, as many as there are columns; None is an empty cell, anything else is
            shown as its ``str``.
    """
    if sys.stdout.isatty():
        _rich_table(title, columns, rows)
        return

    cells = [[_cell(value) for value in row] for row in rows]
    lines = [*([title] if title else []), *_aligned([list(columns), *cells])]
    _write("".join(f"{line}\n" for line in lines))


def print_json(value: object) -> None:
    """Print a value to standard output as indented JSON in UTF-8, and nothing else.

    Args:
        value: Dicts, lists, texts, numbers, booleans and None.

    Raises:
        TypeError: The value has a part that JSON does not know.
        ValueError: The value contains itself, or a number that is not finite.
    """
    _write(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def note(text: str) -> None:
    """Print a remark to standard error."""
    _message(text, "info")


def success(text: str) -> None:
    """Print to standard error that something is done."""
    _message(text, "success")


def warn(text: str) -> None:
    """Print a warning to standard error, ``Warning:`` before it."""
    _message(f"Warning: {text}", "warning")


def _message(text: str, style: str) -> None:
    if not sys.stderr.isatty():
        click.echo(text, err=True)
        return

    from rich.console import Console
    from rich.text import Text

    from pyfly.cli.console import PYFLY_THEME

    # A console of its own: rich looks at the stream and at NO_COLOR only when a console is made.
    Console(theme=PYFLY_THEME, stderr=True).print(Text(text, style=style), soft_wrap=True)


def _rich_table(title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pyfly.cli.console import PYFLY_THEME

    framed = Table(
        title=None if title is None else Text(title),
        title_style="pyfly",
        title_justify="left",
        header_style="info",
        box=box.ROUNDED,
    )
    for name in columns:
        framed.add_column(Text(name), overflow="fold")

    for row in rows:
        framed.add_row(*(Text(_cell(value), style=getattr(value, "style", "")) for value in row))

    Console(theme=PYFLY_THEME).print(framed)


def _cell(value: object) -> str:
    """Return what a cell shows: one line, in which nothing controls the terminal."""
    text = "" if value is None else str(value)
    if text.isprintable():
        return text

    text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join(
        char if char >= " " and not "\x7f" <= char <= "\x9f" else f"\\x{ord(char):02x}" for char in text
    )


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _width(text: str) -> int:
    if text.isascii():
        return len(text)

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _write(text: str, encoding: str | None = None) -> None:
    # A stream without bytes below it (io.StringIO) takes the text as it is.
    if not hasattr(sys.stdout, "buffer"):
        click.echo(text, nl=False)
        return

    # What the encoding cannot say is escaped; in JSON that is again JSON.
    encoding = encoding or sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace"), nl=False)
