# SPDX-License-Identifier: Apache-2.0
"""The layers of an application's configuration, lowest first."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pyfly.config._files import SUFFIXES, read_file
from pyfly.config._profiles import ACTIVE
from pyfly.config._sources import Source
from pyfly.config._tree import expand, merge
from pyfly.config.errors import ProfileError

DEFAULTS_NAME = "pyfly-defaults.yaml (framework defaults)"
STARTERS_NAME = "starter defaults (@enable_*_stack)"
APPLICATION_NAME = "application (@pyfly_application)"


class Layers(NamedTuple):
    """Where the settings of an application come from; read anew each time they are asked for.

    ``files`` gives the files of one profile, or with None those that always apply, lowest first.
    """

    files: Callable[[str | None], Sequence[Path]]
    load_defaults: bool
    application: Mapping[str, Any]
    starters: Mapping[str, Any]

    def base(self) -> tuple[Source, ...]:
        """Read the layers that apply under every profile."""
        found: list[Source | None] = []
        if self.load_defaults:
            found.append(Source(DEFAULTS_NAME, _framework_defaults()))

        if self.application:
            found.append(Source(APPLICATION_NAME, expand(self.application), listed=False))

        if self.starters:
            found.append(Source(STARTERS_NAME, expand(self.starters)))

        found.extend(read_file(path) for path in self.files(None))
        return tuple(source for source in found if source is not None)

    def overlays(self, profiles: Iterable[str]) -> tuple[Source, ...]:
        """Read the layers of the profiles; a later profile lies above an earlier one."""
        found = [read_file(path, profile) for profile in profiles for path in self.files(profile)]
        sources = tuple(source for source in found if source is not None)
        for source in sources:
            line = source.lines.get(ACTIVE)
            if source.has(ACTIVE):
                where = source.name if line is None else f"{source.name}, line {line}"
                raise ProfileError(f"{where}: {ACTIVE} cannot be set for a profile, which is active already")

        return sources


def files_of_directory(directory: Path) -> Callable[[str | None], Sequence[Path]]:
    """Return the files named ``pyfly`` in ``config/`` and, above them, in the directory itself."""

    def files(profile: str | None) -> Sequence[Path]:
        stem = "pyfly" if profile is None else f"pyfly-{profile}"
        return [
            folder / (stem + suffix) for folder in (directory / "config", directory) for suffix in SUFFIXES
        ]

    return files


def files_beside(path: Path) -> Callable[[str | None], Sequence[Path]]:
    """Return a file of any name, or its siblings ``<stem>-<profile><suffix>``."""

    def files(profile: str | None) -> Sequence[Path]:
        return [path if profile is None else path.with_name(f"{path.stem}-{profile}{path.suffix}")]

    return files


def _framework_defaults() -> dict[str, Any]:
    # The metadata of distributions is costly to import, and Config({...}) never needs it.
    from pyfly.config._discovery import framework_defaults

    merged: dict[str, Any] = {}
    for fragment in framework_defaults(tuple(sys.path)):
        merged = merge(merged, expand(fragment))

    return merged
