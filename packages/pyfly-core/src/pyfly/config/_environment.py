# SPDX-License-Identifier: Apache-2.0
"""Environment variables that override keys, as they are at the moment of reading."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pyfly.config._names import VARIABLE_PREFIX, canonical, join, variable_of, variable_stem, variables_of
from pyfly.config._process import variables_under
from pyfly.config._tree import ABSENT
from pyfly.config.conversion import parse_bool


def environment() -> dict[str, str]:
    """Return the variables of the environment that concern the configuration."""
    return dict(variables_under(VARIABLE_PREFIX))


class Option(NamedTuple):
    """A setting that was given on the command line, above the environment."""

    key: str
    text: str

    @property
    def source(self) -> str:
        return f"command line, --{self.key}"


class Settings(dict[str, str]):
    """The texts that override keys, by the name of the variable: the command line's over the environment's.

    Args:
        options: What the command line says, by the name of the variable of its key.
        yields: Tells whether the variable of a key belongs to a namesake of the key.
    """

    def __init__(self, options: Mapping[str, Option], yields: Callable[[str], bool]) -> None:
        super().__init__(environment())
        self.update((name, option.text) for name, option in options.items())
        self._options = options
        self._yields = yields

    def overriding(self, key: str) -> str | None:
        """Return the name of the variable that overrides ``key``, None when there is none."""
        name = next((name for name in variables_of(key) if name in self), None)
        return None if name is None or self._yields(key) else name

    def text_of(self, key: str) -> str | None:
        """Return the text that overrides ``key``, None when there is none."""
        name = self.overriding(key)
        return None if name is None else self[name]

    def source_of(self, name: str) -> str:
        """Tell where the text of a variable comes from."""
        option = self._options.get(name)
        return f"environment variable {name}" if option is None else option.source

    def any_under(self, prefix: str) -> bool:
        """Tell whether a variable belongs to a key under ``prefix``."""
        stem = variable_stem(prefix)
        return any(name.startswith(stem) and len(name) > len(stem) for name in self)


def no_settings() -> Settings:
    """Return settings that override nothing."""
    settings = Settings({}, lambda _: False)
    settings.clear()
    return settings


def options_of(arguments: Mapping[str, str]) -> dict[str, Option]:
    """Return the settings of a command line by the names of their variables."""
    return {variable_of(key): Option(key, text) for key, text in arguments.items()}


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
    section: Mapping[str, Any], prefix: str, settings: Settings, resolve: Callable[[Any, str], Any]
) -> dict[str, Any]:
    """Copy ``section``; ``settings`` override its leaves, the others pass through ``resolve(value, key)``."""
    return {key: overlaid_node(value, join(prefix, key), settings, resolve) for key, value in section.items()}


def overlaid_node(value: Any, key: str, settings: Settings, resolve: Callable[[Any, str], Any]) -> Any:
    """Return the value of ``key`` as it applies; variables of single items override items of a list."""
    if isinstance(value, Mapping):
        return overlaid(value, key, settings, resolve)

    text = settings.text_of(key)
    if text is not None:
        return like(value, text)

    if isinstance(value, list) and settings.any_under(key):
        return _overlaid_items(value, key, settings, resolve)

    return resolve(value, key)


def _overlaid_items(
    items: list[Any], key: str, settings: Settings, resolve: Callable[[Any, str], Any]
) -> list[Any]:
    result = [overlaid_node(item, f"{key}[{i}]", settings, resolve) for i, item in enumerate(items)]
    while True:
        place = f"{key}[{len(result)}]"
        text = settings.text_of(place)
        if text is None and not settings.any_under(place):
            return result

        item: dict[str, Any] = {}
        add_unlisted(item, place, settings)
        result.append(item if text is None else text)


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


def _names_in(node: Any, path: str) -> set[str]:
    if isinstance(node, Mapping):
        parts = [(join(path, key), value) for key, value in node.items()]
    elif isinstance(node, list):
        parts = [(f"{path}[{i}]", item) for i, item in enumerate(node)]
    else:
        return set()

    return {name for place, part in parts for name in (*variables_of(place), *_names_in(part, place))}


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
