# SPDX-License-Identifier: Apache-2.0
"""The results file: one section per suite, replaced in place by a run of that suite."""

from pathlib import Path

_HEAD = """\
# Results

Written by `hatch run bench`; what is measured and how is told in [the guide](../docs/benchmarks.md).
Figures of different runs or machines do not compare, only those inside one section.
"""


def replace_section(path: Path, suite: str, markdown: str) -> None:
    """Put the newest section of a suite into the file, at its place or at the end; other sections stay.

    Args:
        path: The file; made when it is missing.
        suite: Name of the suite.
        markdown: The section, heading included.

    Raises:
        ValueError: The file has the opening mark of the section and not the closing one.
    """
    text = path.read_text("utf-8") if path.is_file() else _HEAD
    opening, closing = f"<!-- {suite} -->\n", f"<!-- end of {suite} -->\n"
    section = f"{opening}{markdown.rstrip()}\n{closing}"
    before, found, rest = text.partition(opening)
    if found:
        _, ended, after = rest.partition(closing)
        if not ended:
            raise ValueError(f"{path} has {opening.strip()!r} without {closing.strip()!r}; put it back")

        path.write_text(f"{before}{section}{after}", "utf-8")
    else:
        path.write_text(f"{text.rstrip()}\n\n{section}", "utf-8")
