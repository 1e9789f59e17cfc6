# SPDX-License-Identifier: Apache-2.0
"""Lists and mappings: values whose parts are as many as the user writes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyfly.config._binding.shapes import Shape, content_of, read_part
from pyfly.config._binding.site import REJECTED, Site, Text
from pyfly.config._environment import split
from pyfly.config._names import canonical, join
from pyfly.config._tree import ABSENT, clone


@dataclass(frozen=True, slots=True)
class Series(Shape):
    """A list of values; text is split at its commas, and a variable with an index sets one item.

    ``items`` gives the shapes for a number of values.
    """

    expected: str
    items: Callable[[int], Sequence[Shape] | None]
    build: Callable[[Sequence[Any]], Any]
    members: tuple[Shape, ...]
    takes_empty_text: bool = True
    secret: bool = False

    def read(self, raw: Any, at: Site) -> Any:
        value = at.text() or (at.resolved(raw) if isinstance(raw, str) else raw)
        variables = _indexed(at.settings_below())
        if value is ABSENT and not variables:
            return ABSENT

        if value is None and variables:
            value = ABSENT

        parts = self._parts(value, at)
        if parts is None:
            return at.reject(self.expected, value, written=raw, secret=self.secret)

        if any(item is REJECTED for item, _ in parts):
            return REJECTED

        following = _following(variables, len(parts))
        shapes = self.items(len(parts) + len(following))
        if shapes is None:
            return at.reject(self.expected, value, written=raw, secret=self.secret)

        found = [read_part(shape, part, site) for shape, (part, site) in zip(shapes, parts, strict=False)]
        for index, shape in zip(following, shapes[len(parts) :], strict=True):
            item = read_part(shape, ABSENT, at.item(index))
            if item is ABSENT:
                break

            found.append(item)

        if self.items(len(found)) is None:
            return at.reject(self.expected, value, written=raw, secret=self.secret)

        ahead = min((index for index in variables if index > len(found)), default=None)
        if ahead is not None:
            text = Text("", variables[ahead])
            found.append(at.item(ahead).reject(_next_index(len(found)), text, got=f"index {ahead}"))

        return REJECTED if any(item is REJECTED for item in found) else self.build(found)

    def parts(self) -> Iterable[Shape]:
        return self.members

    @staticmethod
    def _parts(value: Any, at: Site) -> list[tuple[Any, Site]] | None:
        if value is ABSENT:
            return []

        if isinstance(value, Mapping) and value:
            return _numbered(value, at)

        if isinstance(value, Text):
            items: Iterable[Any] = [Text(item, value.variable) for item in split(value.content)]
        elif isinstance(value, str):
            items = split(value)
        elif isinstance(value, list | tuple | set | frozenset):
            items = value
        else:
            return None

        return [(item, at.item(index)) for index, item in enumerate(items)]


def _indexed(variables: Mapping[str, str]) -> dict[int, str]:
    """Return the variables that set items, by index: those whose next word is a number."""
    found: dict[int, str] = {}
    for rest, variable in variables.items():
        index = _index(rest.partition("_")[0])
        if index is not None:
            found.setdefault(index, variable)

    return found


def _index(word: str) -> int | None:
    plain = word.isascii() and word.isdecimal() and len(word) < 10 and (word == "0" or word[0] != "0")
    return int(word) if plain else None


def _following(variables: Mapping[int, str], start: int) -> list[int]:
    """Return the indices from ``start`` on that variables set without a gap."""
    indices: list[int] = []
    while start + len(indices) in variables:
        indices.append(start + len(indices))

    return indices


def _numbered(section: Mapping[Any, Any], at: Site) -> list[tuple[Any, Site]] | None:
    """Return the values of a mapping whose keys are 0, 1, 2 and so on; a gap is REJECTED."""
    keys: dict[int, Any] = {}
    for key in section:
        index = _index(str(key))
        if index is None:
            return None

        keys[index] = key

    parts: list[tuple[Any, Site]] = []
    for index in sorted(keys):
        site = at.child(keys[index])
        value = section[keys[index]]
        if index != len(parts):
            parts.append((site.reject(_next_index(len(parts)), value, got=f"index {index}"), site))
            break

        parts.append((value, site))

    return parts


def _next_index(index: int) -> str:
    return f"index {index} as the next of the list"


@dataclass(frozen=True, slots=True)
class Table(Shape):
    """A mapping with keys of the user's choice.

    Where the values have no parts, nested mappings are one entry each, under their dotted key.
    """

    key: Shape
    value: Shape
    flat: bool
    expected: str = "a mapping"
    takes_empty_text: bool = False
    secret: bool = False

    def read(self, raw: Any, at: Site) -> Any:
        section = at.resolved(raw) if isinstance(raw, str) else content_of(raw)
        if section is ABSENT or section is None:
            if section is ABSENT and not at.has_settings_below():
                return ABSENT

            section = {}

        if not isinstance(section, Mapping):
            return at.reject(self.expected, section, written=raw, secret=self.secret)

        entries: dict[Any, Any] = clone(section)
        names = self.value.part_names()
        if names is None:
            at.add_unlisted(entries)
        else:
            _add_named(entries, at, names)

        result: dict[Any, Any] = {}
        rejected = False
        for name, entry in _flattened(entries) if self.flat else entries.items():
            site = at.child(name)
            key = self.key.read(name, site.closed())
            value = read_part(self.value, entry, site)
            rejected = rejected or key is REJECTED or value is REJECTED
            if value is not ABSENT:
                result[key] = value

        return REJECTED if rejected else result

    def parts(self) -> Iterable[Shape]:
        return (self.key, self.value)


def _flattened(section: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[Any, Any]]:
    for key, value in section.items():
        path = join(prefix, key) if prefix else key
        if isinstance(value, Mapping):
            yield from _flattened(value, str(path))
        else:
            yield path, value


def _add_named(entries: dict[Any, Any], at: Site, names: Sequence[str]) -> None:
    """Add the entries that only variables mention: the words before the name of a part are their key."""
    known = [canonical(str(key)).replace(".", "_").upper() + "_" for key in entries]
    for rest in at.settings_below():
        if any(rest.startswith(key) and _names_part(rest[len(key) :], names) for key in known):
            continue

        words = rest.split("_")
        for length in range(1, len(words)):
            if _names_part("_".join(words[length:]), names):
                entries.setdefault("-".join(words[:length]).lower(), ABSENT)
                break


def _names_part(rest: str, names: Sequence[str]) -> bool:
    return any(rest == name.upper() or rest.startswith(f"{name.upper()}_") for name in names)
