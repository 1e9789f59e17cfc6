# SPDX-License-Identifier: Apache-2.0
"""Texts of any objects, without ever failing."""

from collections.abc import Callable

_WRITERS: tuple[Callable[[object], str], ...] = (str, repr)


def text_of(value: object) -> str:
    """Return the text of an object; when it has none, what it is."""
    if type(value) is str:
        return value

    for write in _WRITERS:
        try:
            return write(value)
        except Exception:
            # What an object does when it is shown is its own affair, and no reason to lose a line.
            continue

    return f"<{type(value).__name__} without a text>"
