# SPDX-License-Identifier: Apache-2.0
"""Settings that are written as text and meant as literals."""

import ast
import re
from typing import Any

_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None}
_LITERAL = re.compile(r"[+-]?(?:\d|\.\d)|[\[('\"]")


def literal_of(value: Any) -> Any:
    """Return what text such as ``3``, ``true`` or ``[1, 2]`` denotes; any other value as it is."""
    if not isinstance(value, str):
        return value

    text = value.strip()
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]

    if not _LITERAL.match(text):
        return value

    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value

    return value if isinstance(found, tuple) and not text.startswith("(") else found
