# SPDX-License-Identifier: Apache-2.0
"""The importers that installed distributions bring."""

from importlib.metadata import EntryPoint

from pyfly.config._imports.locations import FILE, TREE
from pyfly.config.import_errors import ImporterError
from pyfly.config.imports import ConfigImporter
from pyfly.kernel.entry_points import entry_points_of

IMPORTERS = "pyfly.config_importers"

_BUILT_IN = (TREE, FILE)


def installed_schemes() -> list[str]:
    """Return the schemes that can be imported, by name."""
    return sorted({*_BUILT_IN, *(entry.name for entry in entry_points_of(IMPORTERS))})


def importer_of(scheme: str) -> ConfigImporter | None:
    """Return the importer of a scheme, None when no distribution brings one.

    Raises:
        ImporterError: If there are two, or it is none.
    """
    entries = [entry for entry in entry_points_of(IMPORTERS) if entry.name == scheme]
    if not entries:
        return None

    entry, *others = entries
    if others:
        raise ImporterError(scheme, name_of(entry), f"has a rival: {name_of(others[0])}")

    try:
        cls = entry.load()
    except Exception as error:
        raise ImporterError(
            scheme, name_of(entry), f"cannot be loaded: {type(error).__name__}: {error}"
        ) from error

    importer = cls() if isinstance(cls, type) and callable(getattr(cls, "load", None)) else None
    if importer is None:
        raise ImporterError(scheme, name_of(entry), "is no class with a method load")

    found: ConfigImporter = importer
    return found


def name_of(entry: EntryPoint) -> str:
    """Return what an entry point refers to, with its distribution."""
    return f"{entry.value}, from {entry.dist.name if entry.dist else 'an unknown distribution'}"
