# SPDX-License-Identifier: Apache-2.0
"""Which profiles are active, and in which order."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pyfly.config._environment import split
from pyfly.config.errors import ProfileError

ACTIVE = "pyfly.profiles.active"
GROUPS = "pyfly.profiles.group"

_NAME = re.compile(r"\w[\w.-]*")


def names_in(value: Any) -> list[str]:
    """Return the profiles that a setting names, as a list or separated by commas."""
    items = value if isinstance(value, list | tuple) else split("" if value is None else str(value))
    return [name for item in items if (name := str(item).strip())]


def expanded(names: Iterable[str], groups: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the profiles with the members of their groups, each once, a group before its members.

    Raises:
        ProfileError: If a name is not fit to be one, or a group contains itself.
    """
    found: dict[str, None] = {}
    for name in names:
        _add(name, groups, found, ())

    return tuple(found)


def _add(name: str, groups: Mapping[str, Any], found: dict[str, None], path: tuple[str, ...]) -> None:
    if not _NAME.fullmatch(name):
        raise ProfileError(f"{name!r} cannot be a profile: use letters, digits, '_', '.' and '-'")

    if name in path:
        raise ProfileError(f"Profile group contains itself: {' -> '.join((*path, name))} ({GROUPS})")

    found.setdefault(name)
    for member in names_in(groups.get(name)):
        _add(member, groups, found, (*path, name))
