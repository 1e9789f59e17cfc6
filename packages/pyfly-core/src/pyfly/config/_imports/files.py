# SPDX-License-Identifier: Apache-2.0
"""Imports that are built in: configuration files, and folders with a file for each key."""

from collections.abc import Iterator
from pathlib import Path

from pyfly.config._imports.locations import IMPORT, Location
from pyfly.config._imports.unflatten import unflatten
from pyfly.config._names import canonical
from pyfly.config._sources.file_documents import applied
from pyfly.config._sources.files import SUFFIXES, decode, read_file
from pyfly.config._sources.readings import Readings
from pyfly.config._sources.source import Source
from pyfly.config.errors import MalformedSourceError
from pyfly.config.import_errors import ImportSettingError, MissingImportError

MAX_KEY_FILES = 10_000
MAX_KEY_BYTES = 1024 * 1024
MAX_DEPTH = 20


def path_of(location: Location, directory: Path) -> Path:
    """Return what a location of the file system refers to; ``directory`` is what it is relative to."""
    target = location.target.removeprefix("//") if location.target.startswith("///") else location.target
    return directory / Path(target).expanduser()


def import_file(
    location: Location,
    path: Path,
    profiles: tuple[str, ...],
    named_by: str | None,
    readings: Readings | None = None,
) -> tuple[Source, ...]:
    """Read a configuration file, lowest document first.

    Args:
        location: The import.
        path: The file.
        profiles: The active profiles.
        named_by: What names the location, for the error.
        readings: What has been read already; None to read it in any case.

    Raises:
        MissingImportError: If it does not exist.
        ConfigurationError: If it is not as it must be.
    """
    if path.suffix not in SUFFIXES:
        expected = f"a file that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise ImportSettingError(IMPORT, expected, location.shown, named_by)

    documents = read_file(path, None, readings)
    if documents is None:
        raise MissingImportError(location.shown, str(path), named_by)

    return applied(documents, profiles)


def import_tree(
    location: Location, path: Path, named_by: str | None, readings: Readings | None = None
) -> tuple[Source, ...]:
    """Read a folder: each file is a key, its text without blanks at the ends the value.

    Folders within are segments of the keys. Names that start with a dot are passed over: what mounts secrets
    keeps its own affairs under them.

    Args:
        location: The import.
        path: The folder.
        named_by: What names the location, for the error.
        readings: What has been read already; None to read each file in any case.

    Raises:
        MissingImportError: If it does not exist.
        MalformedSourceError: If it is no folder, or holds what cannot be a setting.
    """
    if not path.exists():
        raise MissingImportError(location.shown, str(path), named_by)

    files = dict(_key_files(path, "", 0))
    settings = {
        key: _text(file) if readings is None else readings.of_file(file, _text) for key, file in files.items()
    }

    def conflict(key: str) -> None:
        raise MalformedSourceError(str(files[key]), f"key {key!r} has a value and further keys below it")

    contributors = {canonical(key): str(file) for key, file in files.items()}
    return (Source(location.shown, unflatten(settings, conflict), contributors=contributors),)


def _key_files(folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, Path]]:
    if depth > MAX_DEPTH:
        raise MalformedSourceError(str(folder), f"more than {MAX_DEPTH} folders inside each other")

    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise MalformedSourceError(str(folder), f"cannot be read: {error.strerror or error}") from error

    if len(entries) > MAX_KEY_FILES:
        raise MalformedSourceError(str(folder), f"has more than {MAX_KEY_FILES} entries")

    for entry in entries:
        if entry.is_dir():
            yield from _key_files(entry, f"{prefix}{entry.name}.", depth + 1)
        else:
            yield prefix + entry.name, entry


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_KEY_BYTES + 1)
    except OSError as error:
        raise MalformedSourceError(str(file), f"cannot be read: {error.strerror or error}") from error

    if len(content) > MAX_KEY_BYTES:
        raise MalformedSourceError(str(file), f"is longer than {MAX_KEY_BYTES} bytes")

    return decode(content, str(file)).strip()
