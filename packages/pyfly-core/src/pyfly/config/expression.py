# SPDX-License-Identifier: Apache-2.0
"""Expressions over settings, ``#{...}``: arithmetic, comparison and choice, without calls or attributes."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pyfly.config._literals import literal_of
from pyfly.config._placeholders import Placeholder, Template, parse
from pyfly.config.errors import ConfigurationError, ExpressionError
from pyfly.config.store import Config

__all__ = ["ExpressionError", "evaluate", "is_expression"]

_NOTHING = Config()


def is_expression(text: str) -> bool:
    """Tell whether the whole text is one expression."""
    trimmed = text.strip()
    return trimmed.startswith("#{") and trimmed.endswith("}")


def evaluate(text: str, config: Any = None) -> Any:
    """Return the value of an expression.

    It may use ``+ - * / // % **``, comparisons, ``in``, ``is``, ``and or not`` (or ``&& || !``),
    ``a if c else b`` (or ``c ? a : b``), lists, tuples, subscripts, ``true``, ``false``, ``null``, ``env``
    for the process environment, and placeholders. A setting that reads as a number, a truth value or a list
    is one.

    Args:
        text: The expression, ``#{...}``.
        config: The ``Config`` that placeholders refer to; without it they refer to the environment alone.

    Raises:
        ExpressionError: If the expression is malformed, uses anything else, refers to a missing key, fails,
            or gives a result that is too large.
    """
    if not is_expression(text):
        raise ExpressionError(f"not an expression: {text!r}; write #{{...}}")

    try:
        compiled = _compiled(text)
        return compiled.evaluator(compiled.values(_NOTHING if config is None else config))
    except ExpressionError as error:
        raise ExpressionError(f"Cannot evaluate {text}: {error}") from error
    except (ConfigurationError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ExpressionError(f"Cannot evaluate {text}: {type(error).__name__}: {error}") from error
    except (MemoryError, RecursionError) as error:
        raise ExpressionError(f"Cannot evaluate {text}: it is too large") from error


class _Compiled(NamedTuple):
    evaluator: Callable[[Mapping[str, Any]], Any]
    literals: Mapping[str, str]
    quoted: Mapping[str, Template]

    def values(self, config: Config) -> dict[str, Any]:
        found = {name: literal_of(config.resolve_placeholders(text)) for name, text in self.literals.items()}
        for name, template in self.quoted.items():
            found[name] = "".join(
                part if isinstance(part, str) else str(config.resolve_placeholders(part.text))
                for part in template
            )

        return found


@lru_cache(maxsize=1024)
def _compiled(text: str) -> _Compiled:
    literals: dict[str, str] = {}
    quoted: dict[str, Template] = {}
    source = ""
    quote = ""
    string: list[str | Placeholder] = []
    for part in _characters(parse(text.strip()[2:-1].strip())):
        if quote:
            string.append(part)
            if part == quote:
                source += _string(string, quoted)
                quote = ""
        elif isinstance(part, Placeholder):
            name = f"__setting_{len(literals)}__"
            literals[name] = part.text
            source += f" {name} "
        elif part in ("'", '"'):
            quote = part
            string = [part]
        else:
            source += part

    if quote:
        raise ExpressionError("a string is not closed")

    # An application without expressions never pays for what compiles them.
    from pyfly.config._evaluator import compile_expression
    from pyfly.config._translation import translate

    evaluator = compile_expression(translate(source), frozenset({*literals, *quoted}))
    return _Compiled(evaluator, literals, quoted)


def _characters(template: Template) -> Template:
    found: list[str | Placeholder] = []
    for part in template:
        if isinstance(part, Placeholder):
            found.append(part)
            continue

        escaped = False
        for character in part:
            if escaped:
                found[-1] = f"{found[-1]}{character}"
            else:
                found.append(character)

            escaped = character == "\\" and not escaped

    return tuple(found)


def _string(parts: list[str | Placeholder], quoted: dict[str, Template]) -> str:
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))

    name = f"__string_{len(quoted)}__"
    quoted[name] = tuple(parts[1:-1])
    return f" {name} "
