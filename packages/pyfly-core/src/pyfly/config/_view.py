# SPDX-License-Identifier: Apache-2.0
"""The settings as they apply at one moment."""

import logging
from collections.abc import Mapping
from os import environ
from typing import Any, NamedTuple

from pyfly.config._environment import Option, Settings, add_unlisted, like, overlaid, overlaid_node
from pyfly.config._names import canonical, variable_of
from pyfly.config._placeholders import parse, render
from pyfly.config._sources.source import Snapshot
from pyfly.config._tree import ABSENT, Entry, clone, leaves
from pyfly.config.errors import CircularPlaceholderError, ConfigurationError

_log = logging.getLogger("pyfly.config")


class View(NamedTuple):
    """All layers of one state: the merged sources, above them the environment, above it the command line.

    Attributes:
        snapshot: The sources.
        options: What the command line says, by the name of the variable of its key.
        told: The names of the variables about which something was logged.
    """

    snapshot: Snapshot
    options: Mapping[str, Option]
    told: set[str]

    def settings(self) -> Settings:
        """Return the texts that override keys."""
        return Settings(self.options, self.snapshot.yields_variables)

    def read(self, key: str) -> Any:
        """Return the value of ``key``, ABSENT when it is missing or null."""
        entry = self.snapshot.entry(key)
        found = self._overriding(entry)
        if found is not None:
            return self._like(entry.raw, *found)

        if isinstance(entry.raw, list) or entry.raw is ABSENT:
            return self._read_list(entry.raw, key)

        return ABSENT if entry.raw is None else self.resolved(entry.raw, key)

    def effective(self, section: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        """Return a section as it applies, with the variables under its prefix that override no known key."""
        settings = self.settings()
        result = overlaid(section, prefix, settings, self.resolved)
        add_unlisted(result, prefix, settings)
        return result

    def tree(self) -> dict[str, Any]:
        """Return all settings as they apply; one whose placeholder names nothing stays as it is written."""
        return overlaid(self.snapshot.tree, "", self.settings(), self._resolved_if_possible)

    def leaves(self) -> dict[str, Any]:
        """Return the values as they apply, by dotted key, a variable without a key by its words."""
        tree = self.tree()
        add_unlisted(tree, "", self.settings())
        return dict(leaves(tree))

    def origin(self, key: str) -> str | None:
        """Tell where the value of ``key`` comes from, None when there is none."""
        found = self._overriding(self.snapshot.entry(key))
        return self.snapshot.origin(key) if found is None else self.settings().source_of(found[0])

    def resolved(self, value: Any, key: str) -> Any:
        """Return the value of ``key`` with its placeholders filled in."""
        return self.filled(value, (key,))

    def filled(self, value: Any, path: tuple[str, ...] = ()) -> Any:
        """Return ``value`` with its placeholders filled in; ``path`` are the keys that led to it.

        Raises:
            UnresolvedPlaceholderError: If a placeholder without a default names nothing.
            CircularPlaceholderError: If a setting refers to itself.
        """
        if isinstance(value, str):
            return render(parse(value), lambda key: self._referred(key, path)) if "${" in value else value

        if isinstance(value, list):
            return [self.filled(item, path) for item in value]

        return clone(value) if isinstance(value, dict) else value

    def _referred(self, key: str, path: tuple[str, ...]) -> Any:
        text = environ.get(key)
        if text is not None:
            return text

        entry = self.snapshot.entry(key)
        found = self._overriding(entry)
        if found is not None:
            return self._like(entry.raw, *found)

        if entry.raw is ABSENT or entry.raw is None:
            return ABSENT

        if canonical(key) in map(canonical, path):
            raise CircularPlaceholderError((*path, key))

        return self.filled(entry.raw, (*path, key))

    def _overriding(self, entry: Entry) -> tuple[str, str] | None:
        for name in entry.names:
            option = self.options.get(name)
            text = environ.get(name) if option is None else option.text
            if text is not None:
                return name, text

        if entry.namesake is not None:
            self._tell_namesake(entry.namesake)

        return None

    def _read_list(self, raw: Any, key: str) -> Any:
        settings = self.settings()
        if not settings.any_under(f"{key}[0]") and settings.text_of(f"{key}[0]") is None and raw is ABSENT:
            return ABSENT

        return overlaid_node([] if raw is ABSENT else raw, key, settings, self.resolved)

    def _resolved_if_possible(self, value: Any, key: str) -> Any:
        try:
            return self.resolved(value, key)
        except ConfigurationError:
            return value

    def _like(self, raw: Any, name: str, text: str) -> Any:
        if not text.strip() and isinstance(raw, int | float) and name not in self.told:
            self.told.add(name)
            _log.warning("%s is empty and counts as not set: its key takes no text", name)

        return like(raw, text)

    def _tell_namesake(self, key: str) -> None:
        name = variable_of(key)
        if name not in self.told and environ.get(name) is not None:
            self.told.add(name)
            _log.warning("%s sets %s; %s keeps its value", name, key, key.removeprefix("pyfly."))
