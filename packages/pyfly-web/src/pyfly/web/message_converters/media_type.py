# SPDX-License-Identifier: Apache-2.0
"""Media types and their parameters (RFC 9110, sections 8.3.1 and 5.6.6)."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type or a range of them, in lower case.

    Attributes:
        type: What is before the slash, ``*`` for any.
        subtype: What is behind it, ``*`` for any.
        parameters: Names and values, without the quality.
    """

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "MediaType":
        """Read ``type/subtype; name=value``; a lone ``*`` is ``*/*``."""
        name, *rest = split_outside_quotes(text, ";")
        kind, _, subtype = name.strip().lower().partition("/")
        return cls(kind.strip(), subtype.strip() or "*", frozenset(parameters(rest)))

    @property
    def name(self) -> str:
        """Type and subtype without parameters."""
        return f"{self.type}/{self.subtype}"

    @property
    def suffix(self) -> str:
        """The structured syntax behind the last ``+`` of the subtype, such as ``json``, or nothing."""
        _, plus, suffix = self.subtype.rpartition("+")
        return suffix if plus else ""


def bare_name(text: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return text.partition(";")[0].strip().lower()


def parameters(parts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the names, in lower case, and values of ``name=value`` parts; of a charset the value too."""
    for part in parts:
        name, equals, value = part.partition("=")
        name, value = name.strip().lower(), unquoted(value.strip())
        if equals and name:
            yield name, value.lower() if name == "charset" else value


def unquoted(value: str) -> str:
    """Take the quotes and escapes off a quoted string; other text stays as it is."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value

    if "\\" not in value:
        return value[1:-1]

    plain: list[str] = []
    escaped = False
    for character in value[1:-1]:
        if character == "\\" and not escaped:
            escaped = True
            continue

        plain.append(character)
        escaped = False

    return "".join(plain)


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Split at a separator, except inside of quoted strings."""
    if '"' not in text:
        return text.split(separator)

    parts: list[str] = []
    start = 0
    quoted = escaped = False
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\" and quoted:
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            parts.append(text[start:index])
            start = index + 1

    return [*parts, text[start:]]
