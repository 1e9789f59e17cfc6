# SPDX-License-Identifier: Apache-2.0
"""What installed distributions declare through entry points."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint

from pyfly.config.errors import AutoConfigurationError
from pyfly.kernel.entry_points import entry_points_of

AUTO_CONFIGURATIONS = "pyfly.auto_configuration"

_log = logging.getLogger("pyfly.config")


@lru_cache(maxsize=16)
def discover(exclude: frozenset[str], _path: tuple[str, ...]) -> tuple[type, ...]:
    """Load the auto-configurations that are not excluded, by entry-point name, each class once."""
    unknown = set(exclude)
    found: dict[type, None] = {}
    for entry in entry_points_of(AUTO_CONFIGURATIONS):
        names = {entry.name, entry.value, entry.value.replace(":", ".")}
        unknown -= names
        cls = None if names & exclude else _load(entry)
        if isinstance(cls, type) and getattr(cls, "__pyfly_auto_configuration__", False):
            found[cls] = None

    if unknown:
        _log.warning("No auto-configuration is called %s, so nothing is excluded by it", sorted(unknown))

    return tuple(found)


def entry_names() -> Mapping[str, frozenset[str]]:
    """Return the names of the auto-configurations' entry points, by ``module:Class``."""
    found: dict[str, frozenset[str]] = {}
    for entry in entry_points_of(AUTO_CONFIGURATIONS):
        found[entry.value] = found.get(entry.value, frozenset()) | {entry.name}

    return found


def _load(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing.partition(".")[0] == "pyfly":
            raise _failure(entry, error) from error

        _log.info("Auto-configuration %s is left out: module %s is not installed", entry.name, missing)
        return None
    except Exception as error:
        raise _failure(entry, error) from error


def _failure(entry: EntryPoint, error: Exception) -> AutoConfigurationError:
    distribution = entry.dist.name if entry.dist else "an unknown distribution"
    return AutoConfigurationError(entry.name, entry.value, distribution, f"{type(error).__name__}: {error}")
