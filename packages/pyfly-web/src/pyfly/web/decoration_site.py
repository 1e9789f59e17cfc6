# SPDX-License-Identifier: Apache-2.0
"""Names that only the place of a decorator knows.

Postponed hints are texts. What they name may be local to the function in which a controller is written, and
is out of reach by the time routes are compiled.
"""

import re
import sys
from collections.abc import Callable
from itertools import accumulate
from types import FrameType
from typing import Any, Final

_NAME: Final = re.compile(r"[^\W\d]\w*")
_ATTRIBUTE: Final = "__pyfly_local_names__"
_LOCAL: Final = "<locals>"


def remember_names(function: Callable[..., Any]) -> None:
    """Keep the local names that a method's postponed hints use; called by decorators of methods.

    Args:
        function: The method that is being decorated.
    """
    place = getattr(function, "__qualname__", "")
    hints = [hint for hint in getattr(function, "__annotations__", {}).values() if isinstance(hint, str)]
    if _LOCAL not in place or not hints:
        return

    scopes = {scope.removesuffix(f".{_LOCAL}") for scope in accumulate(place.split("."), "{}.{}".format)}
    wanted = {name for hint in hints for name in _NAME.findall(hint)}
    found: dict[str, Any] = {}
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        # Of the callers only those count that surround the method in the source, the innermost first.
        if frame.f_code.co_qualname in scopes and frame.f_globals is function.__globals__:
            local = frame.f_locals
            found = {name: local[name] for name in wanted if name in local} | found

        frame = frame.f_back

    if found:
        setattr(function, _ATTRIBUTE, found)


def remembered_names(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the names that were kept for a method, by name."""
    names: dict[str, Any] = getattr(function, _ATTRIBUTE, {})
    return names
