# SPDX-License-Identifier: Apache-2.0
"""Nested mappings: copied, merged, and indexed for look-up by dotted key."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from pyfly.config._names import canonical, folded, join, variables_of
from pyfly.config._process import stored_name
from pyfly.config.errors import ConfigurationError

MAX_ENTRIES = 8192

_INDEXED = re.compile(r"([^\[\]]+)((?:\[\d+\])+)")
_POSITION = re.compile(r"\[(\d+)\]")


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


class _Position(int):
    """The index of a list item, while it is still a key."""


def expand(data: Mapping[str, Any]) -> dict[str, Any]:
    """Turn dotted keys of the outermost level into nested mappings; deeper keys are the user's own.

    ``servers[0].url`` is the first item of a list.

    Raises:
        ConfigurationError: If a list lacks an item before its last.
    """
    expanded: dict[str, Any] = {}
    indexed = False
    for key, value in data.items():
        first, *others = _steps(str(key)) if "[" in str(key) else str(key).split(".")
        indexed = indexed or any(isinstance(step, int) for step in others)
        node = clone(value)
        for step in reversed(others):
            node = {step: node}

        present = expanded.get(first)
        both = isinstance(present, Mapping) and isinstance(node, Mapping)
        expanded[first] = merge(present, node) if present is not None and both else node

    return {key: _with_lists(value, key) for key, value in expanded.items()} if indexed else expanded


def _steps(key: str) -> list[Any]:
    steps: list[Any] = []
    for segment in key.split("."):
        found = _INDEXED.fullmatch(segment)
        if found is None:
            steps.append(segment)
        else:
            steps += [found[1], *(_Position(index) for index in _POSITION.findall(found[2]))]

    return steps


def _with_lists(node: Any, path: str) -> Any:
    if not isinstance(node, Mapping):
        return node

    if not node or not all(isinstance(key, _Position) for key in node):
        return {key: _with_lists(value, join(path, key)) for key, value in node.items()}

    missing = next((index for index in range(len(node)) if index not in node), None)
    if missing is not None:
        raise ConfigurationError(f"{path}[{missing}]: expected a value, got nothing")

    return [_with_lists(node[index], f"{path}[{index}]") for index in range(len(node))]


def leaves(node: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Return everything that is no mapping, with its dotted key; an empty mapping counts as well."""
    for key, value in node.items():
        path = join(prefix, key)
        if isinstance(value, Mapping) and value:
            yield from leaves(value, path)
        else:
            yield path, value


class Entry(NamedTuple):
    """What is known about one key before the environment has its say.

    Attributes:
        raw: The node as it is written, ABSENT when there is none.
        plain: Whether ``raw`` is the value as it stands, without placeholders or parts.
        variables: The variables that override it, as the process environment stores their names.
        names: The same, to be shown.
        namesake: The setting of the framework to which it leaves its variable; None as a rule.
    """

    raw: Any
    plain: bool
    variables: tuple[Any, ...]
    names: tuple[str, ...]
    namesake: str | None


class Index:
    """Find each node of a tree by its dotted key, as written or relaxed."""

    __slots__ = ("_entries", "_folded", "_nodes", "_relaxed", "tree")

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self._nodes: dict[str, Any] = {}
        self._relaxed: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}
        self._add_parts(tree, "")

    def _add_parts(self, node: Any, path: str) -> None:
        if isinstance(node, Mapping):
            for key, value in node.items():
                self._add(value, join(path, key))

        elif isinstance(node, list):
            for position, item in enumerate(node):
                self._add(item, f"{path}[{position}]")

    def _add(self, node: Any, path: str) -> None:
        self._nodes.setdefault(path, node)
        self._relaxed.setdefault(canonical(path), path)
        self._folded.setdefault(folded(path), path)
        self._add_parts(node, path)

    def written(self, key: str) -> str | None:
        """Return the path of ``key`` as it is written, None when there is none."""
        if key in self._nodes:
            return key

        return self._relaxed.get(canonical(key)) or self._folded.get(folded(key))

    def find(self, key: str) -> Any:
        """Return the node at ``key``, ABSENT when there is none."""
        node = self._nodes.get(key, ABSENT)
        if node is not ABSENT:
            return node

        path = self.written(key)
        return ABSENT if path is None else self._nodes[path]

    def entry(self, key: str) -> Entry:
        """Return what is known about ``key``; computed once for each spelling that is asked for."""
        entry = self._entries.get(key)
        if entry is None:
            # The keys that a program makes up on the way must not pile up.
            if len(self._entries) >= MAX_ENTRIES:
                self._entries = {}

            entry = self._entries[key] = self._entry(key)

        return entry

    def _entry(self, key: str) -> Entry:
        path = self.written(key)
        raw = ABSENT if path is None else self._nodes[path]
        names = tuple(dict.fromkeys((*variables_of(key), *(variables_of(path) if path else ()))))
        namesake = self.written("pyfly." + key) if self.yields_variables(key) else None
        names = names if namesake is None else ()
        parts = isinstance(raw, Mapping | list) or (isinstance(raw, str) and "${" in raw)
        plain = namesake is None and not parts
        first = f"{names[0]}_0" if names and raw is ABSENT else None
        variables = (*names, first) if first else names
        return Entry(raw, plain, tuple(map(stored_name, variables)), names, namesake)

    def yields_variables(self, key: str) -> bool:
        """Tell whether the variable of ``key`` belongs to a setting of the framework that is its namesake.

        ``app.name`` and ``pyfly.app.name`` have the same variable; where both are set, it is that of the
        framework's.
        """
        return self.written("pyfly." + key) is not None and self.written(key) is not None

    def __contains__(self, key: str) -> bool:
        return self.written(key) is not None
