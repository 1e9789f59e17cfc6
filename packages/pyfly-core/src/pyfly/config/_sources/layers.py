# SPDX-License-Identifier: Apache-2.0
"""The layers of an application's configuration, lowest first."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pyfly.config._sources.file_documents import FileDocument
from pyfly.config._sources.files import SUFFIXES, read_file
from pyfly.config._sources.readings import Readings
from pyfly.config._sources.source import Source
from pyfly.config._tree import expand

STARTERS_NAME = "starter defaults (@enable_*_stack)"
APPLICATION_NAME = "application (@pyfly_application)"


class Beneath(NamedTuple):
    """What lies beneath all files.

    Attributes:
        defaults: Whether the defaults of the installed distributions are the lowest layer.
        application: What the application says about itself.
        starters: The defaults of its starters.
    """

    defaults: bool
    application: Mapping[str, Any]
    starters: Mapping[str, Any]


class Layers(NamedTuple):
    """Where the settings of an application come from; read anew each time they are asked for.

    Attributes:
        directory: What relative paths are relative to.
        files: Gives the files of one profile, or with None those that always apply, lowest first.
        others: What lies beneath them.
    """

    directory: Path
    files: Callable[[str | None], Sequence[Path]]
    others: Beneath

    def beneath(self) -> tuple[Source, ...]:
        """Return the layers beneath all files."""
        found: list[Source] = []
        if self.others.defaults:
            found.append(_defaults())

        if self.others.application:
            found.append(Source(APPLICATION_NAME, expand(self.others.application), listed=False))

        if self.others.starters:
            found.append(Source(STARTERS_NAME, expand(self.others.starters)))

        return tuple(found)

    def documents(self, profile: str | None, readings: Readings | None) -> list[tuple[FileDocument, ...]]:
        """Read the documents of each file of one profile, or with None of those that always apply.

        Args:
            profile: The profile.
            readings: What has been read already; None to read everything.
        """
        found = [read_file(path, profile, readings) for path in self.files(profile)]
        return [documents for documents in found if documents is not None]


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


def _defaults() -> Source:
    # The metadata of distributions is costly to import, and Config({...}) never needs it.
    from pyfly.config._sources.contributed import contributed_defaults

    return contributed_defaults()
