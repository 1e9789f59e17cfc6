# SPDX-License-Identifier: Apache-2.0
"""Configuration files, by suffix."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyfly.config._sources import Source
from pyfly.config._tree import expand
from pyfly.config.errors import MalformedSourceError

SUFFIXES = (".yaml", ".yml", ".toml")

_TOML_PLACE = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)


def read_file(path: Path, profile: str | None = None) -> Source | None:
    """Read one file, None when it does not exist.

    Raises:
        MalformedSourceError: If it is not UTF-8, not well-formed, or not a mapping.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MalformedSourceError(str(path), f"cannot be read: {error.strerror or error}") from error

    text = _decode(content, str(path))
    document, lines = _read_toml(text, str(path)) if path.suffix == ".toml" else _read_yaml(text, str(path))
    if document is None:
        document = {}

    if not isinstance(document, Mapping):
        kind = "a list" if isinstance(document, list) else f"the value {document!r}"
        raise MalformedSourceError(str(path), f"expected settings as 'key: value', got {kind}", 1, 1)

    name = str(path) if profile is None else f"{path} (profile: {profile})"
    return Source(name, expand(document), lines=lines)


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise MalformedSourceError(path, "not UTF-8", line, column) from error


def _read_yaml(text: str, path: str) -> tuple[Any, Mapping[str, int]]:
    # An application without YAML files never pays for the parser.
    from pyfly.config._yaml import read_yaml

    return read_yaml(text, path)


def _read_toml(text: str, path: str) -> tuple[Any, Mapping[str, int]]:
    import tomllib

    try:
        return tomllib.loads(text), {}
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.fullmatch(str(error))
        if found:
            raise MalformedSourceError(path, found[1], int(found[2]), int(found[3])) from error

        lines = text.splitlines() or [""]
        raise MalformedSourceError(path, str(error), len(lines), len(lines[-1]) + 1) from error
