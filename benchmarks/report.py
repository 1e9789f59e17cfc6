# SPDX-License-Identifier: Apache-2.0
"""Reports: tables with their notes, as plain text and as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Table:
    """Figures under one heading."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    verdict: str = ""

    def as_text(self) -> str:
        """Render with columns in line, the first to the left and the others to the right."""
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [_aligned(row, widths) for row in (self.columns, *self.rows)]
        lines.insert(1, "-" * len(lines[0]))
        return "\n".join([self.title, "", *lines, *([self.verdict] if self.verdict else [])])

    def as_markdown(self) -> str:
        """Render as a Markdown section with a table."""
        rule = "|---|" + "---:|" * (len(self.columns) - 1)
        lines = [_piped(self.columns), rule, *map(_piped, self.rows)]
        return "\n".join([f"### {self.title}", "", *lines, *(["", self.verdict] if self.verdict else [])])


@dataclass(slots=True)
class Report:
    """What one suite found."""

    title: str
    notes: list[str] = field(default_factory=list)
    summary: Table | None = None
    tables: list[Table] = field(default_factory=list)

    def as_text(self) -> str:
        """Render for a terminal, the summary last."""
        parts = [self.title, "\n".join(f"  {note}" for note in self.notes)]
        parts += [table.as_text() for table in (*self.tables, self.summary) if table is not None]
        return "\n\n".join(parts) + "\n"

    def as_markdown(self) -> str:
        """Render for the results file, the summary first."""
        parts = [f"## {self.title}", "\n".join(f"- {note}" for note in self.notes)]
        parts += [table.as_markdown() for table in (self.summary, *self.tables) if table is not None]
        return "\n\n".join(parts) + "\n"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def _piped(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
