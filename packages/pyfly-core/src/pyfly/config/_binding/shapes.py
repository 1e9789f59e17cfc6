# SPDX-License-Identifier: Apache-2.0
"""What the value of an annotation is made of, and how to read it; one shape per kind of annotation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyfly.config._binding.site import REJECTED, Site, Text
from pyfly.config._environment import like
from pyfly.config._tree import ABSENT, clone
from pyfly.config.errors import CircularPlaceholderError, UnresolvedPlaceholderError


class Shape(Protocol):
    """Read the values of one annotation.

    ``read`` gets the raw value at a place of the configuration, or ABSENT. It returns the value, ABSENT when
    neither the configuration nor the environment has one, or REJECTED after it has told the place why.
    ``parts`` gives the shapes that it reads parts with; ``part_names`` their names where those are fixed. A
    ``secret`` value is never shown.
    """

    expected: str
    takes_empty_text: bool
    secret: bool

    def read(self, raw: Any, at: Site) -> Any: ...

    def parts(self) -> Iterable["Shape"]:
        return ()

    def part_names(self) -> Sequence[str] | None:
        return None


def read_part(shape: Shape, raw: Any, at: Site) -> Any:
    """Read a value that has problems of its own: those of its placeholders stay with it."""
    try:
        return shape.read(raw, at)
    except (UnresolvedPlaceholderError, CircularPlaceholderError) as error:
        return at.unresolved(error)


def choose(raw: Any, at: Site, shape: Shape) -> Any:
    """Return the environment's text for this place, or else ``raw`` with its placeholders filled in.

    An empty variable counts as unset where empty text cannot be a value.
    """
    text = at.text()
    if text is not None:
        if shape.takes_empty_text or text.content.strip():
            return text

        at.pass_over(text, shape.expected)

    return raw if raw is ABSENT else at.resolved(raw)


def content_of(value: Any) -> Any:
    """Return a value without the name of the variable it may come from."""
    return value.content if isinstance(value, Text) else value


@dataclass(frozen=True, slots=True)
class Scalar(Shape):
    """A value without parts; ``parse`` raises ValueError or TypeError for what does not fit.

    ``native`` is the type of its values, ``noun`` what to call one of which more is said than its type.
    """

    expected: str
    parse: Callable[[Any], Any]
    takes_empty_text: bool = False
    native: type | None = None
    noun: str = ""
    secret: bool = False

    def read(self, raw: Any, at: Site) -> Any:
        value = choose(raw, at, self)
        if value is ABSENT:
            return ABSENT

        content = content_of(value)
        if self.secret and isinstance(content, str):
            at.run.problems.hide(content)

        try:
            return self.parse(content)
        except (ValueError, TypeError, ArithmeticError):
            return at.reject(self.expected, value, written=raw, secret=self.secret)


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """A value of any type; a mapping has the environment laid over it."""

    expected: str = "a value"
    takes_empty_text: bool = True
    secret: bool = False

    def read(self, raw: Any, at: Site) -> Any:
        if isinstance(raw, Mapping) or (raw is ABSENT and at.text() is None and at.has_settings_below()):
            return at.effective({} if raw is ABSENT else raw)

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
    secret: bool

    def read(self, raw: Any, at: Site) -> Any:
        value = at.resolved(raw) if isinstance(raw, str) else content_of(raw)
        if value is None or (isinstance(value, str) and not self.takes_empty_text and not value.strip()):
            found = self.inner.read(ABSENT, at)
            return None if found is ABSENT else found

        return self.inner.read(raw, at)

    def parts(self) -> Iterable[Shape]:
        return (self.inner,)

    def part_names(self) -> Sequence[str] | None:
        return self.inner.part_names()


@dataclass(frozen=True, slots=True)
class Either(Shape):
    """A value of one of several shapes: of the one whose type it has, or else of the first that it fits."""

    members: tuple[Shape, ...]
    expected: str
    takes_empty_text: bool
    secret: bool

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

            if closest is None and any(problem.key != at.key for problem in trial.run.problems.found):
                closest = trial

        if not present:
            return ABSENT

        if closest is not None:
            at.run.problems.found.extend(closest.run.problems.found)
            return REJECTED

        return at.reject(self.expected, at.text() or at.resolved(raw), written=raw, secret=self.secret)

    def parts(self) -> Iterable[Shape]:
        return self.members
