# SPDX-License-Identifier: Apache-2.0
"""Facts of an error as JSON can tell them."""

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["json_ready"]

_DEEPEST: Final = 16


def json_ready(value: Any) -> Any:
    """Return a value made of dicts, lists, texts, numbers, booleans and None alone.

    Mappings become dicts with text keys, tuples, sets and lists become lists, everything else becomes its
    text. NaN and the infinities become text too. What is nested deeper than 16 levels, or cannot be made
    a text, is only named by its class. Nothing is raised.
    """
    return _plain(value, _DEEPEST)


def _plain(value: Any, levels: int) -> Any:
    if value is None or isinstance(value, bool):
        return value

    # A subclass may bring an encoding of its own: an enumeration of texts becomes the plain text.
    if isinstance(value, str):
        return str.__str__(value)

    if isinstance(value, int):
        return int(value)

    if isinstance(value, float):
        return float(value) if value == value and abs(value) != float("inf") else str(value)

    if isinstance(value, Mapping | list | tuple | set | frozenset):
        if not levels:
            return f"<{type(value).__name__}>"

        if isinstance(value, Mapping):
            return {_text(key): _plain(item, levels - 1) for key, item in value.items()}

        return [_plain(item, levels - 1) for item in value]

    return _text(value)


def _text(value: Any) -> str:
    try:
        return str(value)
    except Exception:
        return f"<{type(value).__name__}>"
