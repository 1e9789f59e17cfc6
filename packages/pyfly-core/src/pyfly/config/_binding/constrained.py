# SPDX-License-Identifier: Apache-2.0
"""Shapes whose values keep rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyfly.config._binding.collections import Series, Table
from pyfly.config._binding.constraints import Rule, Subject, rules_of, shown_limit
from pyfly.config._binding.problems import count
from pyfly.config._binding.shapes import Anything, Either, Nullable, Scalar, Shape
from pyfly.config._binding.site import REJECTED, Site
from pyfly.config._tree import ABSENT

_CHARACTERS = ("character", "characters")
_ITEMS = ("item", "items")
_ENTRIES = ("entry", "entries")


def constrained(shape: Shape, metadata: Sequence[Any]) -> Shape:
    """Return a shape that keeps the rules in the metadata of an annotation.

    Raises:
        Unsupported: If one of them cannot be checked.
    """
    if not metadata:
        return shape

    if isinstance(shape, Nullable):
        inner = constrained(shape.inner, metadata)
        return replace(shape, inner=inner, expected=inner.expected)

    subject = _subject(shape)
    rules = rules_of(metadata, subject)
    if not rules:
        return shape

    noun = (shape.noun if isinstance(shape, Scalar) else "") or shape.expected
    sayings = (*_limits(rules), *_lengths(rules, subject.measure or _ITEMS), *_clauses(rules))
    expected = " ".join((noun, *sayings))
    if isinstance(shape, Scalar):
        return replace(shape, expected=expected, parse=_Checked(shape, tuple(rules)))

    return Constrained(shape, tuple(rules), expected, shape.takes_empty_text, shape.secret)


@dataclass(frozen=True, slots=True)
class Constrained(Shape):
    """A value of several parts, or of one of several types, that keeps rules as a whole."""

    inner: Shape
    rules: tuple[Rule, ...]
    expected: str
    takes_empty_text: bool
    secret: bool

    def read(self, raw: Any, at: Site) -> Any:
        found = self.inner.read(raw, at)
        if found is ABSENT or found is REJECTED:
            return found

        try:
            return _applied(self.rules, found)
        except (ValueError, TypeError, ArithmeticError):
            text = at.text()
            value = found if text is None else text
            return at.reject(self.expected, value, written=raw, secret=self.secret, got=self._got(found))

    def parts(self) -> Iterable[Shape]:
        return (self.inner,)

    def part_names(self) -> Sequence[str] | None:
        return self.inner.part_names()

    def _got(self, found: Any) -> str | None:
        if isinstance(self.inner, Series | Table):
            return count(len(found), *(_ITEMS if isinstance(self.inner, Series) else _ENTRIES))

        return None


@dataclass(frozen=True, slots=True)
class _Checked:
    """Read a value without parts, and check it."""

    scalar: Scalar
    rules: tuple[Rule, ...]

    def __call__(self, value: Any) -> Any:
        found = self.scalar.parse(value)
        if not self.scalar.secret:
            return _applied(self.rules, found)

        # The rules speak of the text, not of the object that hides it.
        hidden = getattr(found, "reveal", None) or found.get_secret_value
        _applied(self.rules, hidden())
        return found


def _applied(rules: Iterable[Rule], value: Any) -> Any:
    for rule in rules:
        value = rule.apply(value)

    return value


def _subject(shape: Shape) -> Subject:
    if isinstance(shape, Scalar):
        textual = shape.secret or shape.native is str
        return Subject(str if textual else shape.native, _CHARACTERS if textual else None, True)

    if isinstance(shape, Series):
        return Subject(None, _ITEMS, False)

    if isinstance(shape, Table):
        return Subject(None, _ENTRIES, False)

    known = not isinstance(shape, Anything | Either)
    return Subject(None, None if known else _ITEMS, not known)


def _limits(rules: Iterable[Rule]) -> list[str]:
    limits = [rule.limit for rule in rules if rule.limit and rule.limit[0] in ("ge", "gt", "le", "lt")]
    found = {name: shown_limit(limit) for name, limit in limits}
    if len(limits) == 2 and set(found) == {"ge", "le"}:
        return [f"from {found['ge']} to {found['le']}"]

    words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
    phrases = [f"{words[name]} {shown_limit(limit)}" for name, limit in limits]
    return [" and ".join(phrases)] if phrases else []


def _lengths(rules: Iterable[Rule], measure: tuple[str, str]) -> list[str]:
    limits = [rule.limit for rule in rules if rule.limit]
    least: int | None = max((limit for name, limit in limits if name == "min"), default=None)
    most: int | None = min((limit for name, limit in limits if name == "max"), default=None)
    if least is None:
        return [] if most is None else [f"of at most {count(most, *measure)}"]

    if most is None:
        return [f"of at least {count(least, *measure)}"]

    return [f"of {count(least, *measure)}" if least == most else f"of {least} to {count(most, *measure)}"]


def _clauses(rules: Iterable[Rule]) -> list[str]:
    clauses = [rule.clause for rule in rules if rule.clause]
    return [f"that {' and '.join(clauses)}"] if clauses else []
