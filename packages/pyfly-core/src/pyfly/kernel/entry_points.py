# SPDX-License-Identifier: Apache-2.0
"""What installed distributions declare about themselves, read once."""

import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

__all__ = ["entry_points_of"]


def entry_points_of(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, by name, then by value, each once.

    The metadata of all distributions is read once, and again only when ``sys.path`` changes.

    Args:
        group: Name of the group, such as ``"pyfly.auto_configuration"``.
    """
    return _by_group(tuple(sys.path)).get(group, ())


@lru_cache(maxsize=4)
def _by_group(_path: tuple[str, ...]) -> Mapping[str, tuple[EntryPoint, ...]]:
    installed = entry_points()
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for group in installed.groups:
        entries = {(entry.name, entry.value): entry for entry in installed.select(group=group)}
        found[group] = tuple(entries[key] for key in sorted(entries))

    return found
