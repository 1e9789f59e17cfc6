# SPDX-License-Identifier: Apache-2.0
"""The layers of an application read and put in their order."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Generic, TypeVar

from pyfly.config._sources.file_documents import FileDocument, applied
from pyfly.config._sources.layers import Beneath, Layers, files_beside, files_of_directory
from pyfly.config._sources.profiles import profiles_of
from pyfly.config._sources.readings import SHARED, Readings
from pyfly.config._sources.source import Source
from pyfly.config.imports import ReadableConfig

IMPORT = "pyfly.config.import"
URI = "pyfly.cloud.config.uri"

C = TypeVar("C", bound=ReadableConfig)

Reading = Callable[[tuple[Source, ...], tuple[str, ...]], C]
Again = Callable[[tuple[Source, ...]], C]


def load_directory(
    directory: Path, given: Sequence[str] | None, beneath: Beneath, reading: Reading[C]
) -> tuple[C, Again[C]]:
    """Read the configuration of a directory.

    Args:
        directory: The directory.
        given: The profiles; when None, those that the settings name.
        beneath: What lies beneath the files.
        reading: Makes a configuration of some layers, under some profiles.

    Returns:
        The configuration, and what reads it again under the same profiles: given the layers in force, an
        import that has given one of them must not fail.

    Raises:
        ConfigurationError: If a file or a profile is not as it must be.
        Exception: What an import raises that must not fail.
    """
    return _load(Layers(directory, files_of_directory(directory), beneath), given, (), reading)


def load_file(
    file: Path, given: Sequence[str] | None, beneath: Beneath, reading: Reading[C]
) -> tuple[C, Again[C]]:
    """Read the configuration that a file belongs to; otherwise the same as for a directory."""
    if file.stem != "pyfly" and not file.stem.startswith("pyfly-"):
        return _load(Layers(file.parent, files_beside(file), beneath), given, (), reading)

    own = file.stem.removeprefix("pyfly").removeprefix("-")
    layers = Layers(file.parent, files_of_directory(file.parent), beneath)
    return _load(layers, given, [own] if own else [], reading)


def _load(
    layers: Layers, given: Sequence[str] | None, further: Sequence[str], reading: Reading[C]
) -> tuple[C, Again[C]]:
    readings = SHARED.readings
    beneath, files = layers.beneath(), layers.documents(None, readings)
    always = [source for documents in files for source, condition in documents if condition is None]
    profiles = profiles_of(reading((*beneath, *always), ()), given, further)

    def again(present: tuple[Source, ...]) -> C:
        places = frozenset(source.location for source in present if source.location is not None)
        # Who asks again wants what is there now, whatever has been read before.
        loading = _Loading(layers, reading, profiles, places, None)
        return loading.run(layers.beneath(), layers.documents(None, None))

    return _Loading(layers, reading, profiles, frozenset(), readings).run(beneath, files), again


class _Loading(Generic[C]):
    def __init__(
        self,
        layers: Layers,
        reading: Reading[C],
        profiles: tuple[str, ...],
        present: frozenset[str],
        readings: Readings | None,
    ) -> None:
        self._layers = layers
        self._reading = reading
        self._profiles = profiles
        self._present = present
        self._readings = readings

    def run(self, beneath: Iterable[Source], files: Iterable[tuple[FileDocument, ...]]) -> C:
        of_profiles = (self._layers.documents(profile, self._readings) for profile in self._profiles)
        found = [*beneath]
        for documents in chain(files, *of_profiles):
            found.extend(applied(documents, self._profiles))

        config = self._config(tuple(found))
        if config.get(IMPORT) is None and not config.get(URI):
            return config

        # Few applications import anything.
        from pyfly.config._imports.importing import Importing

        importing = Importing(
            tuple(found), self._config, self._layers.directory, self._present, self._readings
        )
        return self._config((*found, *importing.run()))

    def _config(self, sources: tuple[Source, ...]) -> C:
        return self._reading(sources, self._profiles)
