# SPDX-License-Identifier: Apache-2.0
"""Keys that nobody reads, found before they are missed."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import environ
from typing import Any

from pyfly.config._keys.installed import InstalledClass, installed_classes, prefixes
from pyfly.config._keys.known_keys import KnownKeys
from pyfly.config._names import VARIABLE_PREFIX, canonical, variable_stem, variables_of
from pyfly.config._placeholders import references
from pyfly.config._sources.contributed import DEFAULTS_NAME
from pyfly.config._sources.layers import APPLICATION_NAME, STARTERS_NAME
from pyfly.config._tree import leaves
from pyfly.config.store import Config
from pyfly.config.strictness import KeyFindings, UnknownKey, UnknownVariable, UnusedSection

__all__ = ["check_keys"]

_CONTRIBUTED = frozenset({APPLICATION_NAME, DEFAULTS_NAME, STARTERS_NAME})
_ENVIRONMENT = "systemEnvironment"
_INDEX = re.compile(r"_\d+(?=_|$)")

# So many edits may lie between what is written and what was meant, where the reader only gets a hint.
_MOST_EDITS = 3
# From this length on, two edits are no accident either.
_LONG = 12
_LONG_VARIABLE = 8


def check_keys(
    config: Config, classes: Iterable[type] = (), references: Callable[[], Iterable[str]] = tuple
) -> KeyFindings:
    """Find the settings that nothing reads.

    Every installed class of settings owns its section, and so does every class that is given: another key in
    there is a mistake. Outside of them a key of ``pyfly`` is one when it is close to a known key, and any
    other key when it is one edit away from one. What the defaults of distributions and starters set, and what
    placeholders of the configuration refer to, is known.

    Args:
        config: The settings.
        classes: The application's own classes, with ``@config_properties``.
        references: Gives further keys that are read; only called when something seems to be unknown.
    """
    return _KeyCheck(config, classes).run(references)


class _KeyCheck:
    def __init__(self, config: Config, classes: Iterable[type]) -> None:
        self._config = config
        self._known = KnownKeys()
        for cls in classes:
            self._known.add_class(cls, str(getattr(cls, "__pyfly_config_prefix__", "")))

        self._contributed: list[str] = []
        self._written: dict[str, bool] = {}
        for source in config.property_sources():
            values = {key: entry["value"] for key, entry in source["properties"].items()}
            if source["name"] in _CONTRIBUTED:
                self._contributed += values
            elif source["name"] != _ENVIRONMENT:
                for key, value in self._places(values):
                    self._written.setdefault(key, value is None or value == {})

        self._variables = [name for name in environ if name.startswith(VARIABLE_PREFIX)]

    def run(self, references: Callable[[], Iterable[str]]) -> KeyFindings:
        # Most starts find nothing: they only pay for the classes whose sections are in use.
        configured = [
            it
            for prefix in sorted(prefixes())
            if self._uses(canonical(prefix))
            for it in installed_classes(prefix)
        ]
        self._add(configured)
        keys = self._unknown_keys()
        names = self._unknown_variables()
        if keys or names:
            self._add(installed_classes())
            self._known.add([*self._contributed, *references(), *_placeholders(self._config.to_dict())])
            keys = self._unknown_keys()
            names = self._unknown_variables()

        unknown, unused = self._sorted(keys) if keys else ((), ())
        misspelt = tuple(self._misspelt(names)) if names else ()
        return KeyFindings(unknown, unused, misspelt, tuple(it.cls for it in configured))

    def _places(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for key, value in values.items():
            yield key, value
            if isinstance(value, list):
                for place, item in enumerate(value):
                    if isinstance(item, Mapping):
                        yield from self._places(dict(leaves(item, f"{key}[{place}]")))

    def _uses(self, prefix: str) -> bool:
        # The few keys right under `pyfly` have a class of their own, which is not about the sections.
        stem = f"{prefix}."
        depth = prefix.count(".") + 1 if prefix == "pyfly" else None
        if any(canonical(key).startswith(stem) and depth in (None, key.count(".")) for key in self._written):
            return True

        start = variable_stem(prefix)
        return any(
            name.startswith(start) and (depth is None or "_" not in name[len(start) :])
            for name in self._variables
        )

    def _add(self, installed: Iterable[InstalledClass]) -> None:
        for it in installed:
            self._known.add_class(it.cls, it.prefix)

    def _unknown_keys(self) -> list[str]:
        return [key for key, empty in self._written.items() if not self._known.judge(key, empty=empty).known]

    def _is_settled(self, key: str, empty: bool) -> bool:
        judgement = self._known.judge(key, empty=empty)
        return judgement.known or not judgement.owned

    def _unknown_variables(self) -> list[str]:
        if not self._variables:
            return []

        names, stems = self._known.variables()
        settled = (key for key, empty in self._written.items() if self._is_settled(key, empty))
        written = {name for key in (*settled, *self._contributed) for name in variables_of(key)}
        return [
            name
            for name in self._variables
            if not {name, _INDEX.sub("", name)} & (names | written) and not name.startswith(stems)
        ]

    def _sorted(self, keys: Iterable[str]) -> tuple[tuple[UnknownKey, ...], tuple[UnusedSection, ...]]:
        # Only somebody who mistypes a key pays for the comparisons.
        from pyfly.config._keys.suggestions import suggested_keys

        unknown: list[UnknownKey] = []
        unused: dict[str, list[str]] = {}
        candidates = list(self._known.candidates())
        for key in keys:
            judgement = self._known.judge(key)
            ours = canonical(key).startswith("pyfly.")
            limit = _hint_limit(key) if judgement.owned else _limit(key, ours)
            suggestions = suggested_keys(key, candidates, limit)
            if judgement.owned or suggestions:
                unknown.append(UnknownKey(key, suggestions, self._config.origin(key)))
            elif ours:
                unused.setdefault(judgement.section, []).append(key)

        sections = [
            UnusedSection(section, tuple(found), self._config.origin(found[0]))
            for section, found in unused.items()
        ]
        return tuple(unknown), tuple(sections)

    def _misspelt(self, variables: Iterable[str]) -> Iterator[UnknownVariable]:
        from pyfly.config._keys.suggestions import suggested_variables

        names, stems = self._known.variables()
        for name in variables:
            limit = 2 if len(name) - len(VARIABLE_PREFIX) >= _LONG_VARIABLE else 1
            suggestions = suggested_variables(name, names, stems, limit)
            if suggestions:
                yield UnknownVariable(name, suggestions)


def _hint_limit(key: str) -> int:
    return max(1, min(_MOST_EDITS, len(key.rpartition(".")[2]) // 3))


def _limit(key: str, ours: bool) -> int:
    return 2 if ours and len(key) - len("pyfly.") >= _LONG else 1


def _placeholders(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield from references(node)
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _placeholders(value)
    elif isinstance(node, list):
        for item in node:
            yield from _placeholders(item)
