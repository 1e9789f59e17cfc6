# SPDX-License-Identifier: Apache-2.0
"""Several variables in one segment of a path, such as ``{name}-{version}.zip``, in linear time.

A regular expression tries every way to share the text among its variables, and a client chooses the text:
four variables and 400 dashes take seconds. What is found here is what a regular expression would find, where
each variable takes as much as it can, the first one first.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias

_DIGITS: Final = frozenset("0123456789")

Flags: TypeAlias = bytearray
"""For each position of a text, and for its end, whether it is possible there."""


class Groups(NamedTuple):
    """What a pattern has found.

    Attributes:
        texts: The texts of the variables, in order.
    """

    texts: tuple[str, ...]

    def groups(self) -> tuple[str, ...]:
        """Return the texts of the variables."""
        return self.texts


class Variable(Protocol):
    """A kind of text between literals."""

    def starts(self, text: str, ends: Flags) -> Flags:
        """Return where a text of this kind can start, given where it can end."""
        ...

    def longest(self, text: str, start: int, ends: Flags) -> int:
        """Return where the longest text of this kind ends that starts somewhere; there is one."""
        ...


class FreePattern:
    """Variables that take any text, with literal text between them.

    Args:
        pattern: The regular expression that it stands for.
        literals: The text before, between and after the variables.
    """

    __slots__ = ("_first", "_inner", "_last", "pattern")

    def __init__(self, pattern: str, literals: Sequence[str]) -> None:
        self.pattern = pattern
        self._first, *inner, self._last = literals
        self._inner = inner[::-1]

    def fullmatch(self, text: str) -> Groups | None:
        """Share a whole text among the variables, if that is possible."""
        start, end = len(self._first), len(text) - len(self._last)
        if start >= end or not text.startswith(self._first) or not text.endswith(self._last):
            return None

        # The first takes as much as it can if those behind it, from the last on, take as little as they can.
        found: list[str] = []
        for literal in self._inner:
            border = text.rfind(literal, start + 1, end - 1)
            if border < 0:
                return None

            found.append(text[border + len(literal) : end])
            end = border

        found.append(text[start:end])
        return Groups(tuple(found[::-1]))


class MixedPattern:
    """Variables of several kinds, with literal text between them.

    Args:
        pattern: The regular expression that it stands for.
        literals: The text before, between and after the variables.
        variables: The variables.
    """

    __slots__ = ("_literals", "_variables", "pattern")

    def __init__(self, pattern: str, literals: Sequence[str], variables: Sequence[Variable]) -> None:
        self.pattern = pattern
        self._literals = tuple(literals)
        self._variables = tuple(variables)

    def fullmatch(self, text: str) -> Groups | None:
        """Share a whole text among the variables, if that is possible."""
        reached = Flags(len(text) + 1)
        reached[-1] = 1
        reached = _before_literal(self._literals[-1], text, reached)
        ends: list[Flags] = []
        for literal, variable in zip(self._literals[-2::-1], self._variables[::-1], strict=True):
            ends.append(reached)
            reached = _before_literal(literal, text, variable.starts(text, reached))

        if not reached[0]:
            return None

        found: list[str] = []
        position = len(self._literals[0])
        for variable, literal, possible in zip(self._variables, self._literals[1:], ends[::-1], strict=True):
            end = variable.longest(text, position, possible)
            found.append(text[position:end])
            position = end + len(literal)

        return Groups(tuple(found))


class AnyText:
    """One character or more."""

    def starts(self, text: str, ends: Flags) -> Flags:
        last = ends.rfind(1)
        return Flags(b"\1" * max(0, last)) + Flags(len(ends) - max(0, last))

    def longest(self, text: str, start: int, ends: Flags) -> int:
        return ends.rfind(1)


class Digits:
    """One digit or more."""

    def starts(self, text: str, ends: Flags) -> Flags:
        return _runs_of_digits(text, ends)

    def longest(self, text: str, start: int, ends: Flags) -> int:
        return ends.rfind(1, start + 1, _end_of_digits(text, start) + 1)


class Number:
    """Digits, and perhaps a dot and more digits."""

    def starts(self, text: str, ends: Flags) -> Flags:
        decimals = _runs_of_digits(text, ends)
        after_whole = Flags(ends)
        for position, character in enumerate(text):
            if character == "." and decimals[position + 1]:
                after_whole[position] = 1

        return _runs_of_digits(text, after_whole)

    def longest(self, text: str, start: int, ends: Flags) -> int:
        whole = _end_of_digits(text, start)
        if text[whole : whole + 1] == ".":
            end = ends.rfind(1, whole + 2, _end_of_digits(text, whole + 1) + 1)
            if end >= 0:
                return end

        return ends.rfind(1, start + 1, whole + 1)


class FixedForm:
    """A form whose end is known where its start is.

    Args:
        form: The form.
    """

    def __init__(self, form: re.Pattern[str]) -> None:
        self._match = form.match

    def starts(self, text: str, ends: Flags) -> Flags:
        possible = Flags(len(ends))
        for position in range(len(text)):
            found = self._match(text, position)
            if found is not None and ends[found.end()]:
                possible[position] = 1

        return possible

    def longest(self, text: str, start: int, ends: Flags) -> int:
        found = self._match(text, start)
        return start if found is None else found.end()


def _before_literal(literal: str, text: str, reached: Flags) -> Flags:
    if not literal:
        return reached

    possible = Flags(len(reached))
    position = text.find(literal)
    while position >= 0:
        possible[position] = reached[position + len(literal)]
        position = text.find(literal, position + 1)

    return possible


def _runs_of_digits(text: str, ends: Flags) -> Flags:
    possible = Flags(len(ends))
    for position in range(len(text) - 1, -1, -1):
        if text[position] in _DIGITS and (ends[position + 1] or possible[position + 1]):
            possible[position] = 1

    return possible


def _end_of_digits(text: str, start: int) -> int:
    while start < len(text) and text[start] in _DIGITS:
        start += 1

    return start
