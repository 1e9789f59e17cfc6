# SPDX-License-Identifier: Apache-2.0
"""Nested mappings: copied, merged, and indexed for look-up by dotted key."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyfly.config._names import canonical, join


class _Absent:
    __slots__ = ()

    def __repr__(self) -> str:
        return "<absent>"


ABSENT: Final[Any] = _Absent()


def clone(node: Any) -> Any:
    """Copy mappings and lists all the way down; share everything else."""
    if isinstance(node, Mapping):
        return {key: clone(value) for key, value in node.items()}

    if isinstance(node, list):
        return [clone(item) for item in node]

    return node


def merge(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``override`` over ``base``: mappings merge, everything else is replaced whole.

    A key of ``override`` takes the place of any spelling of it in ``base``.
    """
    merged: dict[str, Any] = {key: clone(value) for key, value in base.items()}
    spellings: dict[str, str] | None = None
    for key, value in override.items():
        spelling = key
        if key not in merged:
            if spellings is None:
                spellings = {canonical(str(known)): known for known in base}

            spelling = spellings.get(canonical(str(key)), key)

        present = merged.pop(spelling, ABSENT) if spelling not in override else merged.get(key, ABSENT)
        both = isinstance(present, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(present, value) if both else clone(value)

    return merged


def expand(data: Mapping[str, Any]) -> dict[str, Any]:
    """Turn dotted keys of the outermost level into nested mappings; deeper keys are the user's own."""
    expanded: dict[str, Any] = {}
    for key, value in data.items():
        first, *others = str(key).split(".")
        node = clone(value)
        for segment in reversed(others):
            node = {segment: node}

        present = expanded.get(first)
        both = isinstance(present, Mapping) and isinstance(node, Mapping)
        expanded[first] = merge(present, node) if present is not None and both else node

    return expanded


def leaves(node: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Return everything that is no mapping, with its dotted key; an empty mapping counts as well."""
    for key, value in node.items():
        path = join(prefix, key)
        if isinstance(value, Mapping) and value:
            yield from leaves(value, path)
        else:
            yield path, value


class Index:
    """Find each node of a tree by its dotted key, as written or relaxed."""

    __slots__ = ("_exact", "_relaxed", "tree")

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self._exact: dict[str, Any] = {}
        self._relaxed: dict[str, Any] = {}
        self._add(tree, "")

    def _add(self, node: Mapping[str, Any], prefix: str) -> None:
        for key, value in node.items():
            path = join(prefix, key)
            self._exact.setdefault(path, value)
            self._relaxed.setdefault(canonical(path), value)
            if isinstance(value, Mapping):
                self._add(value, path)

    def find(self, key: str) -> Any:
        """Return the node at ``key``, ABSENT when there is none."""
        node = self._exact.get(key, ABSENT)
        return node if node is not ABSENT else self._relaxed.get(canonical(key), ABSENT)

    def __contains__(self, key: str) -> bool:
        return self.find(key) is not ABSENT
