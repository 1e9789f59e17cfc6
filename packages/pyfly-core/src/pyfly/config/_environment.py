# SPDX-License-Identifier: Apache-2.0
"""Environment variables that override keys, as they are at the moment of reading."""

from collections.abc import Callable, Mapping
from os import environ
from typing import Any

from pyfly.config._names import VARIABLE_PREFIX, canonical, join, variable_of, variable_stem
from pyfly.config._tree import ABSENT
from pyfly.config.conversion import parse_bool


def variables() -> dict[str, str]:
    """Return the variables that concern the configuration."""
    return {name: text for name, text in environ.items() if name.startswith(VARIABLE_PREFIX)}


def like(raw: Any, text: str) -> Any:
    """Read ``text`` as the type of the value it overrides; text that does not fit a number stays text.

    Without a value to go by the text stays text. What is not a truth value counts as false. Empty text counts
    as unset where it cannot be a value.
    """
    if isinstance(raw, int | float) and not text.strip():
        return raw

    if isinstance(raw, bool):
        try:
            return parse_bool(text)
        except ValueError:
            return False

    if isinstance(raw, int | float):
        try:
            return type(raw)(text)
        except ValueError:
            return text

    if isinstance(raw, list):
        return split(text)

    return text


def split(text: str) -> list[str]:
    """Read a comma-separated list; blanks around items do not count, and empty text is the empty list."""
    return [item.strip() for item in text.split(",")] if text.strip() else []


def overlaid(
    section: Mapping[str, Any], prefix: str, settings: Mapping[str, str], resolve: Callable[[Any, str], Any]
) -> dict[str, Any]:
    """Copy ``section``; ``settings`` override its leaves, the others pass through ``resolve(value, key)``."""
    result: dict[str, Any] = {}
    for key, value in section.items():
        path = join(prefix, key)
        if isinstance(value, Mapping):
            result[key] = overlaid(value, path, settings, resolve)
        else:
            text = settings.get(variable_of(path))
            result[key] = resolve(value, path) if text is None else like(value, text)

    return result


def add_unlisted(section: dict[str, Any], prefix: str, settings: Mapping[str, str]) -> None:
    """Add a leaf to ``section`` for each variable under ``prefix`` that overrides none of its keys.

    A variable does not tell which of its underscores separate segments: known mappings are entered by their
    whole name, and each word after that is a segment of its own.
    """
    known = _names_in(section, prefix)
    stem = variable_stem(prefix)
    for name, text in settings.items():
        if name.startswith(stem) and len(name) > len(stem) and name not in known:
            words = [word for word in name[len(stem) :].lower().split("_") if word]
            if words:
                _insert(section, words, text)


def _names_in(section: Mapping[str, Any], prefix: str) -> set[str]:
    names: set[str] = set()
    for key, value in section.items():
        path = join(prefix, key)
        names.add(variable_of(path))
        if isinstance(value, Mapping):
            names |= _names_in(value, path)

    return names


def _insert(section: dict[str, Any], words: list[str], text: str) -> None:
    known = {canonical(str(key)): value for key, value in section.items() if isinstance(value, dict)}
    for length in range(len(words) - 1, 0, -1):
        inner = known.get("_".join(words[:length]), ABSENT)
        if inner is not ABSENT:
            _insert(inner, words[length:], text)
            return

    if words[0] in section:
        return

    node: Any = text
    for word in reversed(words[1:]):
        node = {word: node}

    section[words[0]] = node
