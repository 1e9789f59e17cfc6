# SPDX-License-Identifier: Apache-2.0
"""The classes of settings that installed distributions declare."""

import logging
import sys
from functools import lru_cache
from importlib.metadata import EntryPoint
from typing import NamedTuple

from pyfly.config.errors import ConfigurationError
from pyfly.kernel.entry_points import entry_points_of

GROUP = "pyfly.config_properties"

_log = logging.getLogger("pyfly.config")


class InstalledClass(NamedTuple):
    """One declared class.

    Attributes:
        prefix: The section of its keys.
        distribution: Who brings it.
        cls: The class.
    """

    prefix: str
    distribution: str
    cls: type


def prefixes() -> frozenset[str]:
    """Return the sections that installed classes have; the classes are not imported for that."""
    return frozenset(entry.name for entry in entry_points_of(GROUP))


def installed_classes(prefix: str | None = None) -> tuple[InstalledClass, ...]:
    """Import the classes of one section, or of all of them, in the order of their sections.

    Raises:
        ConfigurationError: If what is declared is no class of settings of that section.
    """
    found = (
        _loaded(entry, tuple(sys.path)) for entry in entry_points_of(GROUP) if prefix in (None, entry.name)
    )
    return tuple(it for it in found if it is not None)


@lru_cache(maxsize=256)
def _loaded(entry: EntryPoint, _path: tuple[str, ...]) -> InstalledClass | None:
    owner = entry.dist.name if entry.dist else "an unknown distribution"
    try:
        cls: object = entry.load()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "pyfly":
            raise

        _log.info("The keys of %s are not known: module %s is not installed", entry.name, error.name)
        return None

    if not isinstance(cls, type) or getattr(cls, "__pyfly_config_prefix__", None) != entry.name:
        raise ConfigurationError(
            f"Entry point {entry.name!r} of group {GROUP!r} ({entry.value}, from {owner}) must name a class "
            f"with @config_properties({entry.name!r})"
        )

    return InstalledClass(entry.name, owner, cls)
