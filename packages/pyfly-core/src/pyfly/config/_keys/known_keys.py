# SPDX-License-Identifier: Apache-2.0
"""Which keys there are, and whether a key is one of them."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyfly.config._keys.keys import ANY_NAME, ITEM, Key, keys_below
from pyfly.config._names import canonical, variable_stem, variables_of
from pyfly.config.alias import Alias

# Modules that are not installed have their settings beside those that are, and an empty prefix is everything.
_SHARED_ROOTS = frozenset({"", "pyfly"})
_INDEXED = re.compile(r"([^\[\]]+)((?:\[\d+\])+)")


class Judgement(NamedTuple):
    """What is known about one key.

    Attributes:
        known: Whether it is a key.
        owned: Whether it stands in a section with a known set of keys.
        section: The part of it that leads nowhere, up to its first unknown segment.
    """

    known: bool
    owned: bool
    section: str


class Candidate(NamedTuple):
    """A key that a misspelt one may stand for.

    Attributes:
        path: Its segments as they are documented.
        open: Whether it takes any key below it.
    """

    path: tuple[str, ...]
    open: bool


class _Node:
    __slots__ = ("children", "closed", "open")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.open = False
        self.closed = False


class KnownKeys:
    """The keys of classes of settings, and others that something refers to."""

    def __init__(self) -> None:
        self._root = _Node()
        self._candidates: dict[Candidate, None] = {}
        self._names: set[str] = set()

    def add_class(self, cls: type, prefix: str) -> None:
        """Add the keys of a class, whose section takes no others."""
        start = tuple(prefix.split(".")) if prefix else ()
        section = self._reach(start)
        section.closed = section.closed or prefix not in _SHARED_ROOTS
        for key in keys_below(cls):
            self._add(section, key)
            self._candidates[Candidate((*start, *key.path), key.open)] = None
            for alias in (it for it in key.fields[-1].markers if isinstance(it, Alias)) if key.fields else ():
                path = tuple(alias.key.split("."))
                self._reach(path)
                self._candidates[Candidate(path, False)] = None

    def add(self, keys: Iterable[str]) -> None:
        """Add keys, or names of variables, that something refers to; they may be whole sections."""
        for key in keys:
            path = tuple(key.split("."))
            self._reach(path).open = True
            self._names.update((key, *variables_of(key)))
            if path[0] == "pyfly":
                self._candidates[Candidate(path, False)] = None

    def judge(self, key: str, *, empty: bool = False) -> Judgement:
        """Tell whether a key is known.

        Args:
            key: The key, whole and dotted.
            empty: Whether it may be a section, with nothing in it.
        """
        written = steps_of(key)
        reached, node, known = _follow(self._root, [canonical(step) for step in written], 0, empty)
        return Judgement(known, node.closed, ".".join(written[: reached + 1]))

    def takes_items(self, key: str) -> bool:
        """Tell whether a key is a list of sections."""
        reached, node, known = _follow(self._root, [*map(canonical, steps_of(key)), ITEM], 0, True)
        return known and bool(node.children) and reached > 0

    def candidates(self) -> Iterator[Candidate]:
        """Return every key, in the order they were added."""
        yield from self._candidates

    def variables(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the names of the variables of keys, and what those below open keys start with."""
        names = set(self._names)
        stems: dict[str, None] = {}
        for path, is_open in self._candidates:
            fixed = next((place for place, step in enumerate(path) if step in (ANY_NAME, ITEM)), len(path))
            key = ".".join(path[:fixed])
            names.update(variables_of(key))
            if is_open or fixed < len(path):
                stems[variable_stem(key)] = None

        return frozenset(names), tuple(stems)

    def _add(self, section: _Node, key: Key) -> None:
        node = section
        fields = iter(key.fields)
        for place, step in enumerate(key.path):
            # Sections within the class are closed like the section of the class.
            node.closed = node.closed or place > 0
            if step in (ANY_NAME, ITEM):
                node = node.children.setdefault(step, _Node())
                continue

            child = node.children.setdefault(canonical(step), _Node())
            for spelling in next(fields).spellings:
                node.children.setdefault(spelling, child)

            node = child

        node.open = node.open or key.open

    def _reach(self, path: tuple[str, ...]) -> _Node:
        node = self._root
        for step in path:
            node = node.children.setdefault(canonical(step), _Node())

        return node


def steps_of(key: str) -> list[str]:
    """Split a dotted key into its segments; ``servers[0]`` is two."""
    steps: list[str] = []
    for segment in key.split("."):
        found = _INDEXED.fullmatch(segment)
        steps += [segment] if found is None else [found[1], *[ITEM] * found[2].count("[")]

    return steps


def _follow(node: _Node, steps: list[str], place: int, empty: bool) -> tuple[int, _Node, bool]:
    """Return how far the steps lead, to which node, and whether that is all of them."""
    if place == len(steps) or node.open:
        return place, node, True

    best = (place, node, False)
    child = node.children.get(steps[place])
    if child is not None:
        best = _follow(child, steps, place + 1, empty)

    names = node.children.get(ANY_NAME)
    if names is not None and not best[2]:
        # A name of the user's choice may have dots in it, but does not take the keys behind it along.
        last = len(steps) if empty or place + 1 == len(steps) else len(steps) - 1
        for end in range(place + 1, last + 1):
            found = _follow(names, steps, end, empty)
            if found[2] or found[0] > best[0]:
                best = found

            if best[2]:
                break

    return best
