# SPDX-License-Identifier: Apache-2.0
"""Path templates such as ``/orders/{order_id:int}/lines``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyfly.web.routing.segment_patterns import (
    AnyText,
    Digits,
    FixedForm,
    FreePattern,
    MixedPattern,
    Number,
    Variable,
)

_KINDS: Final = {
    "str": "[^/]+",
    "int": "[0-9]+",
    "float": r"[0-9]+(?:\.[0-9]+)?",
    "uuid": "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}",
}
_VARIABLES: Final[Mapping[str, Variable]] = {
    "str": AnyText(),
    "int": Digits(),
    "float": Number(),
    "uuid": FixedForm(re.compile(_KINDS["uuid"])),
}
_CHARACTERS: Final = {"int": frozenset("0123456789"), "float": frozenset("0123456789.")}
_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

SegmentPattern: TypeAlias = re.Pattern[str] | FreePattern | MixedPattern


class PathError(ValueError):
    """Report a path that no request can have."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a template between slashes.

    Attributes:
        text: The part as written.
        names: Its variables, in order.
        pattern: What it must match in full; ``None`` for literal text and for variables that take anything.
        rest: Whether it takes the whole rest of the path, slashes included.
        literal_length: How many of its characters are not variable.
    """

    text: str
    names: tuple[str, ...] = ()
    pattern: SegmentPattern | None = None
    rest: bool = False
    literal_length: int = 0


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A parsed path.

    Attributes:
        text: The path as written.
        segments: Its parts after the leading slash; a trailing slash gives a last, empty one.
        names: All variables, in order.
    """

    text: str
    segments: tuple[Segment, ...]
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "PathTemplate":
        """Parse a path that begins with a slash.

        Raises:
            PathError: Braces do not pair, a kind is unknown, a variable appears twice, ``:path`` is not last,
                or the path holds what never is part of a request's path.
        """
        for character in "?# \t\n":
            if character in text:
                raise PathError(f"{text!r} contains {character!r}, which is never part of a path")

        parts = text[1:].split("/")
        segments = tuple(_parse_segment(part, text) for part in parts)
        for segment in segments[:-1]:
            if segment.rest:
                raise PathError(f"{text!r}: {segment.text} takes the rest of the path and must come last")

        names = tuple(name for segment in segments for name in segment.names)
        for name in names:
            if names.count(name) > 1:
                raise PathError(f"{text!r} names the variable {name!r} twice")

        return cls(text, segments, names)

    def match(self, path: str) -> tuple[str, ...] | None:
        """Return the texts of the variables in a path, or ``None`` if the template does not fit it."""
        texts = path.split("/")
        segments = self.segments
        if texts[0] or len(texts) <= len(segments):
            return None

        values: list[str] = []
        for segment, text in zip(segments, texts[1:], strict=False):
            if segment.rest:
                return (*values, "/".join(texts[len(segments) :]))

            if segment.pattern is not None:
                found = segment.pattern.fullmatch(text)
                if found is None:
                    return None

                values += found.groups()
            elif segment.names:
                if not text:
                    return None

                values.append(text)
            elif text != segment.text:
                return None

        return tuple(values) if len(texts) == len(segments) + 1 else None


def join_paths(*parts: str) -> str:
    """Join parts of a path with exactly one slash between them; the result begins with a slash.

    A trailing slash of the last part is kept.
    """
    joined = "/".join(part for part in parts if part)
    return re.sub("/{2,}", "/", f"/{joined}")


def _parse_segment(part: str, path: str) -> Segment:
    pieces = _VARIABLE.split(part)
    literals, variables = pieces[::2], pieces[1::2]
    if any("{" in literal or "}" in literal for literal in literals):
        raise PathError(f"{path!r} has a brace without its partner")

    if not variables:
        return Segment(part)

    names: list[str] = []
    patterns: list[str] = [re.escape(literals[0])]
    kinds: list[str] = []
    for variable, literal in zip(variables, literals[1:], strict=True):
        name, _, kind = variable.partition(":")
        if not _NAME.fullmatch(name):
            raise PathError(f"{path!r}: {{{variable}}} does not begin with a name")

        names.append(name)
        kinds.append(kind or "str")
        if kind == "path":
            continue

        if kinds[-1] not in _KINDS:
            known = ", ".join([*_KINDS, "path"])
            raise PathError(f"{path!r}: {kind!r} is no kind of variable; known are {known}")

        patterns += [f"({_KINDS[kinds[-1]]})", re.escape(literal)]

    whole = len(names) == 1 and not any(literals)
    if "path" in kinds:
        if not whole:
            raise PathError(f"{path!r}: a {{name:path}} variable must have its segment for itself")

        return Segment(part, tuple(names), rest=True)

    anything = whole and kinds == ["str"]
    pattern = None if anything else _compiled("".join(patterns), literals, kinds)
    return Segment(part, tuple(names), pattern, literal_length=sum(map(len, literals)))


def _compiled(expression: str, literals: Sequence[str], kinds: Sequence[str]) -> SegmentPattern:
    if len(kinds) == 1 or _has_clear_borders(literals, kinds):
        return re.compile(expression)

    if set(kinds) == {"str"}:
        return FreePattern(expression, literals)

    return MixedPattern(expression, literals, [_VARIABLES[kind] for kind in kinds])


def _has_clear_borders(literals: Sequence[str], kinds: Sequence[str]) -> bool:
    # Then a regular expression has nothing to try twice, and its time is linear too.
    for index, kind in enumerate(kinds):
        around = literals[1:-1][max(0, index - 1) : index + 1]
        own = _CHARACTERS.get(kind, frozenset())
        if any(not literal or own.intersection(literal) for literal in around):
            return False

    return kinds.count("str") < 2
