# SPDX-License-Identifier: Apache-2.0
"""How the checks read text: ASCII only, the whole of it, and never with an exception."""

import re
from typing import Final, TypeVar

T = TypeVar("T")

BLANKS: Final = str.maketrans("", "", " ")
BLANKS_AND_HYPHENS: Final = str.maketrans("", "", " -")


def fits(pattern: re.Pattern[str], value: object) -> bool:
    """Tell whether a value is a text that a pattern matches from its first character to its last."""
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def compact(value: object, separators: dict[int, int | None]) -> str | None:
    """Return a text without its separators, or ``None`` for what is no ASCII text."""
    if not isinstance(value, str) or not value.isascii():
        return None

    return value.translate(separators)


def accepted(value: T, verdict: bool, message: str) -> T:
    """Return a value that passed its check.

    Raises:
        ValueError: With the message, when it did not pass.
    """
    if not verdict:
        raise ValueError(message)

    return value
