# SPDX-License-Identifier: Apache-2.0
"""The operators ``&&``, ``||``, ``!`` and ``? :`` in terms of Python's own."""

import re
from typing import Any

from pyfly.config.errors import ExpressionError

_TOKEN = re.compile(
    r"""\s+
    | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<word>(?:\d|\.\d)[\w.]*(?:(?<=[eE])[+-]\d+)?|\w+)
    | (?P<sign>&&|\|\||==|!=|<=|>=|<<|>>|\*\*|//|.)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_WORDS = {"&&": "and", "||": "or"}

# A token is a text, or a list for what stands between brackets, the brackets included.
_Tokens = list[Any]


def translate(text: str) -> str:
    """Return ``text`` as a Python expression.

    Raises:
        ExpressionError: If brackets or a choice are not complete.
    """
    return _sequence(_grouped(text))


def _grouped(text: str) -> _Tokens:
    levels: list[_Tokens] = [[]]
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup is None:
            continue

        if token in _CLOSING:
            levels.append([token])
        elif token in _CLOSING.values():
            if len(levels) == 1 or _CLOSING[levels[-1][0]] != token:
                raise ExpressionError(f"unexpected {token!r} in {text!r}")

            group = [*levels.pop(), token]
            levels[-1].append(group)
        else:
            levels[-1].append(token)

    if len(levels) > 1:
        raise ExpressionError(f"{levels[-1][0]!r} is not closed in {text!r}")

    return levels[0]


def _sequence(tokens: _Tokens) -> str:
    parts: list[_Tokens] = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)

    return ", ".join(_choice(part) for part in parts)


def _choice(tokens: _Tokens) -> str:
    if "?" not in tokens:
        return _operators(tokens)

    question = tokens.index("?")
    colon = _matching_colon(tokens, question)
    condition, chosen, other = tokens[:question], tokens[question + 1 : colon], tokens[colon + 1 :]
    if not (condition and chosen and other):
        raise ExpressionError("a choice is written 'condition ? value : other'")

    return f"(({_choice(chosen)}) if ({_operators(condition)}) else ({_choice(other)}))"


def _matching_colon(tokens: _Tokens, question: int) -> int:
    depth = 0
    for position in range(question + 1, len(tokens)):
        if tokens[position] == "?":
            depth += 1
        elif tokens[position] == ":":
            if not depth:
                return position

            depth -= 1

    raise ExpressionError("a choice is written 'condition ? value : other'")


def _operators(tokens: _Tokens) -> str:
    words: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if isinstance(token, list):
            words.append(token[0] + _sequence(token[1:-1]) + token[-1])
        elif token == "!":
            end = _end_of_operand(tokens, position)
            words.append(f"(not {_operators(tokens[position:end])})")
            position = end
        else:
            words.append(_WORDS.get(str(token), str(token)))

    return " ".join(words)


def _end_of_operand(tokens: _Tokens, position: int) -> int:
    while position < len(tokens) and tokens[position] in ("!", "-", "+"):
        position += 1

    if position >= len(tokens):
        raise ExpressionError("'!' needs an operand")

    position += 1
    while position < len(tokens) and isinstance(tokens[position], list) and tokens[position][0] == "[":
        position += 1

    return position
