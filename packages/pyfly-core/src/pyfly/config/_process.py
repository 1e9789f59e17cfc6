# SPDX-License-Identifier: Apache-2.0
"""The environment of the process, read at the cost of a dictionary."""

from collections.abc import Iterator
from os import environ
from typing import Any

# `os.environ` keeps its names encoded in a dictionary, and raises within for each name that is not there: ten
# times the cost of the dictionary. A Python without that dictionary is asked in the ordinary way.
_STORED: Any = getattr(environ, "_data", None)


def stored_name(name: str) -> Any:
    """Return the name of a variable in the form that `variable` takes."""
    return name if _STORED is None else environ.encodekey(name)


def variable(name: Any) -> str | None:
    """Return the text of a variable at this moment, None when it is not set.

    Args:
        name: Its name, from `stored_name`.
    """
    if _STORED is None:
        return environ.get(name)

    text = _STORED.get(name)
    return None if text is None else environ.decodevalue(text)


def variables_under(prefix: str) -> Iterator[tuple[str, str]]:
    """Return the variables whose names start with a prefix, as they are at this moment."""
    if _STORED is None:
        yield from ((name, text) for name, text in environ.items() if name.startswith(prefix))
        return

    start = stored_name(prefix)
    for name, text in tuple(_STORED.items()):
        if name.startswith(start):
            yield environ.decodekey(name), environ.decodevalue(text)
