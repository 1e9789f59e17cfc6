# SPDX-License-Identifier: Apache-2.0
r"""Text with placeholders: ``${key}``, ``${key:default}``, nested in each other; ``\${`` is literal."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from pyfly.config._tree import ABSENT
from pyfly.config.errors import UnresolvedPlaceholderError


class Placeholder(NamedTuple):
    """One reference within a text."""

    text: str
    key: "Template"
    default: "Template | None"

    def resolve(self, lookup: Callable[[str], Any]) -> Any:
        """Return what the reference stands for.

        Raises:
            UnresolvedPlaceholderError: If ``lookup`` gives ABSENT and there is no default.
        """
        key = str(render(self.key, lookup)).strip()
        value = lookup(key)
        if value is not ABSENT:
            return value

        if self.default is None:
            raise UnresolvedPlaceholderError(self.text, key)

        return render(self.default, lookup)


Template = tuple[str | Placeholder, ...]


def render(template: Template, lookup: Callable[[str], Any]) -> Any:
    """Fill in a template: a single placeholder gives the value with its type, anything else gives text."""
    if len(template) == 1 and isinstance(template[0], Placeholder):
        return template[0].resolve(lookup)

    return "".join(part if isinstance(part, str) else str(part.resolve(lookup)) for part in template)


@lru_cache(maxsize=4096)
def parse(text: str) -> Template:
    """Split a text into literal pieces and placeholders; what is not closed stays literal."""
    parts: list[str | Placeholder] = []
    literal = ""
    position = 0
    while position < len(text):
        if text.startswith("\\${", position):
            literal += "${"
            position += 3
            continue

        end = _closing(text, position + 2) if text.startswith("${", position) else None
        if end is None:
            literal += text[position]
            position += 1
            continue

        if literal:
            parts.append(literal)
            literal = ""

        parts.append(_placeholder(text[position : end + 1]))
        position = end + 1

    if literal:
        parts.append(literal)

    return tuple(parts)


def references(text: str) -> tuple[str, ...]:
    """Return the keys that the placeholders of a text name, those within defaults included.

    A key that is put together from other settings is not known before they are read, and left out.
    """
    return tuple(_keys_in(parse(text)))


def _keys_in(template: Template) -> Iterator[str]:
    for part in template:
        if isinstance(part, Placeholder):
            if len(part.key) == 1 and isinstance(part.key[0], str):
                yield part.key[0].strip()

            yield from _keys_in(part.key)
            yield from _keys_in(part.default or ())


def _placeholder(text: str) -> Placeholder:
    body = text[2:-1]
    separator = _separator(body)
    if separator is None:
        return Placeholder(text, parse(body), None)

    return Placeholder(text, parse(body[:separator]), parse(body[separator + 1 :]))


def _closing(text: str, start: int) -> int | None:
    depth = 1
    for position in range(start, len(text)):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if not depth:
                return position

    return None


def _separator(body: str) -> int | None:
    depth = 0
    for position, character in enumerate(body):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == ":" and not depth:
            return position

    return None
