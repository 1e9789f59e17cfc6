# SPDX-License-Identifier: Apache-2.0
"""Which profiles are active, and in which order."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from pyfly.config._environment import split
from pyfly.config.errors import ProfileError
from pyfly.config.imports import ReadableConfig

ACTIVE = "pyfly.profiles.active"
GROUPS = "pyfly.profiles.group"

_NAME = re.compile(r"\w[\w.-]*")


def names_in(value: Any) -> list[str]:
    """Return the profiles that a setting names, as a list or separated by commas."""
    items = value if isinstance(value, list | tuple) else split("" if value is None else str(value))
    return [name for item in items if (name := str(item).strip())]


def profiles_of(
    config: ReadableConfig, given: Sequence[str] | None = None, further: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the active profiles with the members of their groups, each once, a group before its members.

    Args:
        config: The settings that apply under every profile.
        given: The profiles; when None, those that the settings name.
        further: Profiles after these.

    Raises:
        ProfileError: If a name is not fit to be one, or a group contains itself.
    """
    groups = _Groups(config.effective_section(GROUPS), config.origin)
    for name in names_in(config.get(ACTIVE)) if given is None else given:
        groups.add(name, ACTIVE if given is None else None)

    for name in further:
        groups.add(name, None)

    return tuple(groups.found)


class _Groups:
    def __init__(self, members: dict[str, Any], origin: Callable[[str], str | None]) -> None:
        self.found: dict[str, None] = {}
        self._members = members
        self._origin = origin

    def add(self, name: str, named_by: str | None, path: tuple[str, ...] = ()) -> None:
        if not _NAME.fullmatch(name):
            raise ProfileError(
                f"{name!r} cannot be a profile: use letters, digits, '_', '.' and '-'{self._from(named_by)}"
            )

        if name in path:
            circle = " -> ".join((*path[path.index(name) :], name))
            raise ProfileError(f"Profile group contains itself: {circle}{self._from(named_by)}")

        self.found.setdefault(name)
        for member in names_in(self._members.get(name)):
            self.add(member, f"{GROUPS}.{name}", (*path, name))

    def _from(self, key: str | None) -> str:
        origin = key and self._origin(key)
        return f" ({key}, from {origin})" if origin else ""
