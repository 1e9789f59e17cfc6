# SPDX-License-Identifier: Apache-2.0
"""Imports carried out: which, in which order, and what happens when one fails."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pyfly.config._imports.files import import_file, import_tree, path_of
from pyfly.config._imports.locations import (
    CONFIG_SERVER,
    FILE,
    IMPORT,
    TREE,
    Location,
    location_of,
    shown,
    texts_of,
)
from pyfly.config._imports.policy import URI, ImportPolicy
from pyfly.config._sources.profiles import ACTIVE, GROUPS
from pyfly.config._sources.readings import Readings
from pyfly.config._sources.source import Source
from pyfly.config._tree import ABSENT
from pyfly.config.errors import ProfileError
from pyfly.config.import_errors import ImportChainError, MissingImportError
from pyfly.config.imports import ReadableConfig

MAX_DEPTH = 10
MAX_IMPORTS = 100

_log = logging.getLogger("pyfly.config")


class Wanted(NamedTuple):
    """One import, as it is asked for.

    Attributes:
        location: What is wanted.
        named_by: What names it, None when that is not known.
        directory: What a relative path is relative to.
        chain: The places that led to it, the outermost first.
    """

    location: Location
    named_by: str | None
    directory: Path
    chain: tuple[str, ...]

    @property
    def place(self) -> str:
        """What it refers to, the same for each spelling of a path."""
        if self.location.scheme in (FILE, TREE):
            return str(path_of(self.location, self.directory).resolve())

        return f"{self.location.scheme}:{self.location.target}"


class Importing:
    """One reading of everything that is imported.

    Args:
        sources: The layers beneath.
        reading: Gives the configuration that some layers make.
        directory: The folder of the configuration.
        present: The places whose settings are in force.
        readings: What has been read already; None to read everything.
    """

    def __init__(
        self,
        sources: tuple[Source, ...],
        reading: Callable[[tuple[Source, ...]], ReadableConfig],
        directory: Path,
        present: frozenset[str],
        readings: Readings | None,
    ) -> None:
        self._beneath = sources
        self._reading = reading
        self._directory = directory
        self._present = present
        self._readings = readings
        self._config = reading(sources)
        self._policy = ImportPolicy.of(self._config)
        self._found: list[Source] = []
        self._blocks: dict[str, tuple[Source, ...]] = {}

    def run(self) -> tuple[Source, ...]:
        """Import everything; what is imported later lies above, and above what asked for it.

        Raises:
            Exception: What an import raises that must not fail.
        """
        for wanted in self._outermost():
            self._import(wanted)

        return self._so_far()

    def _so_far(self) -> tuple[Source, ...]:
        # What is asked for twice lies where the last one wants it.
        last = {id(source): position for position, source in enumerate(self._found)}
        return tuple(source for position, source in enumerate(self._found) if last[id(source)] == position)

    def _outermost(self) -> Iterator[Wanted]:
        named = list(self._named())
        own = any(wanted.location.scheme == CONFIG_SERVER and not wanted.location.bare for wanted in named)
        if self._policy.uri and not own:
            origin = self._config.origin(URI)
            yield Wanted(Location(CONFIG_SERVER, self._policy.uri, bare=True), origin, self._directory, ())

        for wanted in named:
            location = wanted.location
            if location.bare and self._policy.uri:
                continue

            if location.scheme == CONFIG_SERVER and not location.target:
                location = location._replace(target=self._policy.uri)

            yield wanted._replace(location=location)

    def _named(self) -> Iterator[Wanted]:
        written = [source.index().find(IMPORT) for source in self._beneath]
        topmost = next((value for value in reversed(written) if value is not ABSENT), None)
        effective = self._config.get(IMPORT)
        if effective == _filled(topmost, self._config):
            for source in self._beneath:
                yield from self._named_in(source, ())
        else:
            # The environment or the command line says otherwise, in place of every file.
            origin = self._config.origin(IMPORT)
            for text in texts_of(effective, IMPORT, origin):
                yield Wanted(location_of(text, IMPORT, origin), origin, self._directory, ())

    def _named_in(self, source: Source, chain: tuple[str, ...]) -> Iterator[Wanted]:
        value = source.index().find(IMPORT)
        origin = source.place(IMPORT)
        file = None if source.file is None else Path(source.file)
        directory = self._directory if file is None else file.parent
        around = chain or (() if file is None else (str(file.resolve()),))
        for text in texts_of(None if value is ABSENT else value, IMPORT, origin):
            if "${" in text:
                text = str(self._reading((*self._beneath, *self._so_far())).resolve_placeholders(text))

            yield Wanted(location_of(text, IMPORT, origin), origin, directory, around)

    def _import(self, wanted: Wanted) -> tuple[Source, ...]:
        place = wanted.place
        chain = (*wanted.chain, place)
        if place in wanted.chain:
            raise _endless(chain[chain.index(place) :], "Imports lead back to where they started")

        if len(wanted.chain) > MAX_DEPTH:
            raise _endless(chain, f"More than {MAX_DEPTH} imports lead from one to the next")

        known = self._blocks.get(place)
        if known is not None:
            self._found.extend(known)
            return known

        if len(self._blocks) >= MAX_IMPORTS:
            raise _endless(chain, f"There are more than {MAX_IMPORTS} imports")

        own = tuple(replace(source, location=place) for source in self._load(wanted, place))
        self._found.extend(own)
        nested: list[Source] = []
        for source in own:
            for further in self._named_in(source, chain):
                nested.extend(self._import(further))

        block = self._blocks[place] = (*own, *nested)
        return block

    def _load(self, wanted: Wanted, place: str) -> tuple[Source, ...]:
        location = wanted.location
        if location.scheme not in (FILE, TREE):
            # What is read from files needs no event loop.
            from pyfly.config._imports.remote import RemoteImport

            so_far = self._reading((*self._beneath, *self._so_far()))
            must = place in self._present
            remote = RemoteImport(
                location, wanted.named_by, wanted.directory, so_far, self._policy, must, self._readings
            )
            return remote.load(_refuse_profiles)

        try:
            return self._load_locally(wanted)
        except MissingImportError as error:
            if not location.optional or place in self._present:
                raise

            _log.warning("%s; the application goes on without it", error)
            return ()

    def _load_locally(self, wanted: Wanted) -> tuple[Source, ...]:
        path = path_of(wanted.location, wanted.directory)
        if wanted.location.scheme == TREE:
            found = import_tree(wanted.location, path, wanted.named_by, self._readings)
        else:
            profiles = tuple(self._config.active_profiles)
            found = import_file(wanted.location, path, profiles, wanted.named_by, self._readings)

        _refuse_profiles(found)
        return found


def _endless(chain: tuple[str, ...], problem: str) -> ImportChainError:
    return ImportChainError([shown(place) for place in chain], problem)


def _filled(value: Any, config: ReadableConfig) -> Any:
    if isinstance(value, list):
        return [_filled(item, config) for item in value]

    return config.resolve_placeholders(value) if isinstance(value, str) else value


def _refuse_profiles(sources: tuple[Source, ...]) -> None:
    for source in sources:
        index = source.index()
        for key in (ACTIVE, GROUPS):
            if key in index:
                raise ProfileError(
                    f"{source.place(key)}: {key} cannot be set by an import: the profiles are active already"
                )
