# SPDX-License-Identifier: Apache-2.0
"""Configuration files, by suffix, and the documents within them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyfly.config._sources.file_documents import FileDocument, document_of
from pyfly.config._sources.readings import Readings
from pyfly.config.errors import MalformedSourceError

SUFFIXES = (".yaml", ".yml", ".toml")


def read_file(
    path: Path, profile: str | None = None, readings: Readings | None = None
) -> tuple[FileDocument, ...] | None:
    """Read the documents of one file, None when it does not exist.

    An empty document is left out, unless it is the only one.

    Args:
        path: The file.
        profile: The profile that it belongs to by its name.
        readings: What has been read already; None to read it in any case.

    Raises:
        MalformedSourceError: If it is not UTF-8, not well-formed, or a document is not a mapping.
        ProfileError: If a document sets for a profile what no profile can set, or cannot be activated.
    """
    try:
        parts = _parts(path) if readings is None else readings.of_file(path, _parts)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MalformedSourceError(str(path), f"cannot be read: {error.strerror or error}") from error

    return tuple(
        document_of(str(path), number, {} if data is None else data, lines, profile)
        for number, (data, lines) in enumerate(parts or [({}, {})], 1)
        if data is not None or len(parts) == 1
    )


def decode(content: bytes, path: str) -> str:
    """Return the text of a file.

    Raises:
        MalformedSourceError: If it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise MalformedSourceError(path, "not UTF-8", line, column) from error


def _parts(path: Path) -> list[tuple[Any, Mapping[str, int]]]:
    text = decode(path.read_bytes(), str(path))
    return [_read_toml(text, str(path))] if path.suffix == ".toml" else _read_yaml(text, str(path))


def _read_yaml(text: str, path: str) -> list[tuple[Any, Mapping[str, int]]]:
    # An application without YAML files never pays for the parser, nor one without TOML for the other.
    from pyfly.config._sources.yaml import read_yaml

    return read_yaml(text, path)


def _read_toml(text: str, path: str) -> tuple[Any, Mapping[str, int]]:
    from pyfly.config._sources.toml import read_toml

    return read_toml(text, path)
