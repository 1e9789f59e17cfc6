# SPDX-License-Identifier: Apache-2.0
"""The environment of the process, read at the cost of a dictionary."""

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
