# SPDX-License-Identifier: Apache-2.0
"""What docstrings in Google style say about the attributes of a class."""

import re
from inspect import cleandoc

_ENTRY = re.compile(r"(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)")


def summary_of(cls: type) -> str:
    """Return the first sentence of the docstring, without the period; empty when there is none."""
    text = _docstring(cls).partition("\n\n")[0]
    return " ".join(text.split()).removesuffix(".")


def attribute_docs(cls: type) -> dict[str, str]:
    """Return what the ``Attributes:`` of a class and its bases say, by name, each in one line."""
    found: dict[str, str] = {}
    for klass in reversed(cls.__mro__):
        found.update(_entries(_docstring(klass)))

    return found


def _docstring(cls: type) -> str:
    # A dataclass without a docstring gets its signature for one.
    text = vars(cls).get("__doc__") or ""
    return "" if text.startswith(f"{cls.__name__}(") else cleandoc(text)


def _entries(text: str) -> dict[str, str]:
    lines = iter(text.splitlines())
    for line in lines:
        if line.strip() in ("Attributes:", "Args:"):
            break

    found: dict[str, str] = {}
    indent, name = 0, ""
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if not line.strip():
            continue

        if not depth:
            break

        indent = indent or depth
        entry = _ENTRY.fullmatch(line.strip())
        if depth == indent and entry:
            name = entry[1]
            found[name] = entry[2]
        elif name:
            found[name] = f"{found[name]} {line.strip()}".strip()

    return found
