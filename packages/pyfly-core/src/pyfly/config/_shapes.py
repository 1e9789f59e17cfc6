# SPDX-License-Identifier: Apache-2.0
"""What the value of an annotation is made of, and how to read it; one shape per kind of annotation."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyfly.config._environment import add_unlisted, like, overlaid, split
from pyfly.config._names import join
from pyfly.config._site import REJECTED, Site, Text
from pyfly.config._tree import ABSENT, clone


class Shape(Protocol):
    """Read the values of one annotation.

    ``read`` gets the raw value at a place of the configuration, or ABSENT. It returns the value, ABSENT when
    neither the configuration nor the environment has one, or REJECTED after it has told the place why.
    """

    expected: str
    takes_empty_text: bool

    def read(self, raw: Any, at: Site) -> Any: ...


def choose(raw: Any, at: Site, *, takes_empty_text: bool) -> Any:
    """Return the environment's text for this place, or else ``raw`` with its placeholders filled in.

    An empty variable counts as unset where empty text cannot be a value.
    """
    text = at.text()
    if text is not None and (takes_empty_text or text.content.strip()):
        return text

    return raw if raw is ABSENT else at.resolved(raw)


def content_of(value: Any) -> Any:
    """Return a value without the name of the variable it may come from."""
    return value.content if isinstance(value, Text) else value


@dataclass(frozen=True, slots=True)
class Scalar(Shape):
    """A value without parts; ``parse`` raises ValueError or TypeError for what does not fit."""

    expected: str
    parse: Callable[[Any], Any]
    takes_empty_text: bool = False
    native: type | None = None

    def read(self, raw: Any, at: Site) -> Any:
        value = choose(raw, at, takes_empty_text=self.takes_empty_text)
        if value is ABSENT:
            return ABSENT

        try:
            return self.parse(content_of(value))
        except (ValueError, TypeError, ArithmeticError):
            return at.reject(self.expected, value)


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """A value of any type; a mapping has the environment laid over it."""

    expected: str = "a value"
    takes_empty_text: bool = True

    def read(self, raw: Any, at: Site) -> Any:
        if isinstance(raw, Mapping) or (raw is ABSENT and at.text() is None and at.has_settings_below()):
            return _effective({} if raw is ABSENT else raw, at)

        text = at.text()
        if text is not None:
            return like(None if raw is ABSENT else raw, text.content)

        return raw if raw is ABSENT else clone(at.resolved(content_of(raw)))


@dataclass(frozen=True, slots=True)
class Nullable(Shape):
    """A value, or None; empty text is None where it cannot be a value."""

    inner: Shape
    expected: str
    takes_empty_text: bool

    def read(self, raw: Any, at: Site) -> Any:
        value = at.resolved(raw) if isinstance(raw, str) else content_of(raw)
        if value is None or (isinstance(value, str) and not self.takes_empty_text and not value.strip()):
            found = self.inner.read(ABSENT, at)
            return None if found is ABSENT else found

        return self.inner.read(raw, at)


@dataclass(frozen=True, slots=True)
class Either(Shape):
    """A value of one of several shapes: of the one whose type it has, or else of the first that it fits."""

    members: tuple[Shape, ...]
    expected: str
    takes_empty_text: bool

    def read(self, raw: Any, at: Site) -> Any:
        members = self.members
        if at.text() is None and raw is not ABSENT:
            kind = type(at.resolved(raw))
            members = tuple(m for m in members if isinstance(m, Scalar) and m.native is kind) or members

        closest: Site | None = None
        present = False
        for member in members:
            trial = at.trial()
            found = member.read(raw, trial)
            present = present or found is not ABSENT
            if found is not ABSENT and found is not REJECTED:
                return found

            if closest is None and any(problem.key != at.key for problem in trial.run.problems):
                closest = trial

        if not present:
            return ABSENT

        if closest is not None:
            at.run.problems.extend(closest.run.problems)
            return REJECTED

        return at.reject(self.expected, at.text() or raw)


@dataclass(frozen=True, slots=True)
class Series(Shape):
    """A list of values; text is split at its commas. ``items`` gives the shapes for a number of values."""

    expected: str
    items: Callable[[int], Sequence[Shape] | None]
    build: Callable[[Sequence[Any]], Any]
    takes_empty_text: bool = True

    def read(self, raw: Any, at: Site) -> Any:
        value = at.text() or (at.resolved(raw) if isinstance(raw, str) else raw)
        if value is ABSENT:
            return ABSENT

        parts = self._parts(value)
        shapes = None if parts is None else self.items(len(parts))
        if parts is None or shapes is None:
            return at.reject(self.expected, value)

        found = [
            shape.read(part, at.item(i)) for i, (shape, part) in enumerate(zip(shapes, parts, strict=True))
        ]
        return REJECTED if any(item is REJECTED for item in found) else self.build(found)

    @staticmethod
    def _parts(value: Any) -> Sequence[Any] | None:
        if isinstance(value, Text):
            return [Text(item, value.variable) for item in split(value.content)]

        if isinstance(value, str):
            return split(value)

        return list(value) if isinstance(value, list | tuple | set | frozenset) else None


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

    def read(self, raw: Any, at: Site) -> Any:
        section = at.resolved(raw) if isinstance(raw, str) else content_of(raw)
        if section is ABSENT or section is None:
            if section is ABSENT and not at.has_settings_below():
                return ABSENT

            section = {}

        if not isinstance(section, Mapping):
            return at.reject(self.expected, raw)

        entries: dict[Any, Any] = clone(section)
        if at.open_to_environment:
            add_unlisted(entries, at.key, at.run.settings)

        result: dict[Any, Any] = {}
        for name, entry in _flattened(entries) if self.flat else entries.items():
            site = at.child(name)
            key = self.key.read(name, Site(at.run, site.key, False))
            value = self.value.read(entry, site)
            if key is not REJECTED and value is not REJECTED:
                result[key] = value

        return result


def _flattened(section: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[Any, Any]]:
    for key, value in section.items():
        path = join(prefix, key) if prefix else key
        if isinstance(value, Mapping):
            yield from _flattened(value, str(path))
        else:
            yield path, value


def _effective(section: Mapping[str, Any], at: Site) -> dict[str, Any]:
    settings = at.run.settings if at.open_to_environment else {}
    result = overlaid(section, at.key, settings, at.run.resolve)
    add_unlisted(result, at.key, settings)
    return result
