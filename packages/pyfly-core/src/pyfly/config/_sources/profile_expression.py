# SPDX-License-Identifier: Apache-2.0
"""Parse profile expressions.

Grammar::

    expression := either | legacy
    either     := both ("|" both)*
    both       := negation ("&" negation)*
    negation   := "!" negation | "(" either ")" | name
    legacy     := negated name ("," negated name)*        any of them
    name       := letters, digits, "_", ".", "-"
"""

import re
from collections.abc import Callable, Collection

Matcher = Callable[[Collection[str]], bool]

_TOKEN = re.compile(r"\s*(?:(?P<name>[\w.-]+)|(?P<sign>[!&|(),]))")
_DEEPEST = 50


class ProfileSyntaxError(ValueError):
    """A profile expression that cannot be read.

    Args:
        expression: The whole text.
        position: Where it goes wrong, counted from 0.
        problem: What is wrong there.
    """

    def __init__(self, expression: str, position: int, problem: str) -> None:
        super().__init__(f"{problem} at character {position + 1} of {expression!r}")
        self.expression = expression
        self.position = position
        self.problem = problem


def parse_profile_expression(expression: str) -> Matcher:
    """Turn an expression into a function of the active profiles.

    Args:
        expression: The text.

    Raises:
        ProfileSyntaxError: The text cannot be read.
    """
    parser = _Parser(expression)
    return parser.legacy_list() if "," in expression else parser.whole()


class _Parser:
    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = list(_tokens(expression))
        self._at = 0
        self._depth = 0

    def whole(self) -> Matcher:
        matcher = self._either()
        if self._peek():
            raise self._error(f"unexpected {self._peek()!r}")

        return matcher

    def legacy_list(self) -> Matcher:
        for text, position in self._tokens:
            if text in "&|()":
                raise ProfileSyntaxError(
                    self._expression, position, f"a comma and {text!r} do not go together"
                )

        members = []
        while self._peek():
            if not self._accept(","):
                members.append(self._negation())
                if self._peek() not in (",", ""):
                    raise self._error(f"unexpected {self._peek()!r}")

        if not members:
            raise self._error("a profile name is missing")

        return _any_of(members)

    def _either(self) -> Matcher:
        members = [self._both()]
        while self._accept("|"):
            members.append(self._both())

        return _any_of(members)

    def _both(self) -> Matcher:
        members = [self._negation()]
        while self._accept("&"):
            members.append(self._negation())

        return members[0] if len(members) == 1 else lambda active: all(member(active) for member in members)

    def _negation(self) -> Matcher:
        negated = False
        while self._accept("!"):
            negated = not negated

        operand = self._operand()
        return (lambda active: not operand(active)) if negated else operand

    def _operand(self) -> Matcher:
        if self._accept("("):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise self._error(f"more than {_DEEPEST} parentheses inside each other")

            inner = self._either()
            if not self._accept(")"):
                raise self._error("a closing parenthesis is missing")

            self._depth -= 1
            return inner

        name = self._peek()
        if not name or name in "!&|(),":
            raise self._error("a profile name is missing")

        self._at += 1
        return lambda active: name in active

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _accept(self, sign: str) -> bool:
        if self._peek() != sign:
            return False

        self._at += 1
        return True

    def _error(self, problem: str) -> ProfileSyntaxError:
        position = self._tokens[self._at][1] if self._at < len(self._tokens) else len(self._expression)
        return ProfileSyntaxError(self._expression, position, problem)


def _tokens(expression: str) -> list[tuple[str, int]]:
    tokens: list[tuple[str, int]] = []
    text = expression.rstrip()
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            unknown = position + len(text[position:]) - len(text[position:].lstrip())
            raise ProfileSyntaxError(expression, unknown, f"unexpected {text[unknown]!r}")

        kind = match.lastgroup or "sign"
        tokens.append((match[kind], match.start(kind)))
        position = match.end()

    return tokens


def _any_of(members: list[Matcher]) -> Matcher:
    return members[0] if len(members) == 1 else lambda active: any(member(active) for member in members)
