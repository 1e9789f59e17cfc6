# SPDX-License-Identifier: Apache-2.0
"""The defaults that installed distributions contribute."""

import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint
from typing import Any

from pyfly.config._names import canonical
from pyfly.config._sources.source import Source
from pyfly.config._tree import expand, leaves, merge
from pyfly.config.errors import ConfigurationError, DefaultsConflictError
from pyfly.kernel.entry_points import entry_points_of

DEFAULTS = "pyfly.config_defaults"
DEFAULTS_NAME = "pyfly-defaults.yaml (framework defaults)"


def contributed_defaults() -> Source:
    """Return the defaults of all installed distributions as one layer that knows who contributes each key.

    Raises:
        ConfigurationError: If an entry point names no mapping.
        DefaultsConflictError: If two distributions disagree about a key.
    """
    return _contributed(tuple(sys.path))


@lru_cache(maxsize=4)
def _contributed(_path: tuple[str, ...]) -> Source:
    merged: dict[str, Any] = {}
    values: dict[str, Any] = {}
    contributors: dict[str, str] = {}
    for entry in entry_points_of(DEFAULTS):
        contributor = _name_of(entry)
        fragment = _load(entry)
        for key, value in leaves(fragment):
            known = canonical(key)
            _refuse_conflict(key, known, value, contributor, values, contributors)
            if value != {}:
                values.setdefault(known, value)
                contributors.setdefault(known, contributor)

        merged = merge(merged, fragment)

    return Source(DEFAULTS_NAME, merged, contributors=contributors)


def _refuse_conflict(
    key: str,
    known: str,
    value: Any,
    contributor: str,
    values: Mapping[str, Any],
    contributors: Mapping[str, str],
) -> None:
    if known in values:
        if value not in ({}, values[known]):
            raise DefaultsConflictError(key, contributors[known], contributor)

        return

    for other, owner in contributors.items():
        above, below = known.startswith(f"{other}."), other.startswith(f"{known}.") and value != {}
        if (above or below) and owner != contributor:
            raise DefaultsConflictError(key, owner, contributor)


def _load(entry: EntryPoint) -> dict[str, Any]:
    fragment = entry.load()
    if not isinstance(fragment, Mapping):
        raise ConfigurationError(
            f"Entry point {entry.name!r} of group {DEFAULTS!r} ({entry.value}) must name a mapping "
            f"of settings, not {type(fragment).__name__}"
        )

    return expand(fragment)


def _name_of(entry: EntryPoint) -> str:
    return f"{entry.dist.name if entry.dist else 'an unknown distribution'} ({entry.value})"
