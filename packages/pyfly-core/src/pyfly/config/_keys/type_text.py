# SPDX-License-Identifier: Apache-2.0
"""Types, defaults and constraints of settings, told to people."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePath
from types import NoneType
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from pyfly.config._annotations import bare
from pyfly.config._keys.keys import is_mapping, is_section, is_series, members_of
from pyfly.config.data_size import DataSize
from pyfly.config.secret import Secret

_NAMES: Mapping[Any, str] = {
    bool: "boolean",
    str: "text",
    int: "integer",
    float: "number",
    Decimal: "decimal number",
    timedelta: "duration",
    DataSize: "data size",
    datetime: "date and time",
    date: "date",
    time: "time",
    UUID: "UUID",
    Path: "path",
    PurePath: "path",
    Secret: "secret text",
    NoneType: "null",
}
_JSON: Mapping[Any, Mapping[str, Any]] = {
    bool: {"type": "boolean"},
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
}
_CONSTRAINTS = (
    ("gt", "more than"),
    ("ge", "at least"),
    ("lt", "less than"),
    ("le", "at most"),
    ("multiple_of", "a multiple of"),
    ("min_length", "length at least"),
    ("max_length", "length at most"),
    ("pattern", "matching"),
)


def type_text(annotation: Any) -> str:
    """Return a type as the documentation calls it."""
    return " or ".join(dict.fromkeys(_member_text(it) for it in members_of(annotation)))


def entry_type(annotation: Any) -> Any:
    """Return the type of the values of a mapping type."""
    for member in members_of(annotation):
        if is_mapping(member):
            return (get_args(member) or (Any, Any))[1]

    return Any


def choices_of(annotation: Any) -> tuple[str, ...]:
    """Return the values of an enumeration or literal type, as they are written; empty for other types."""
    found: list[str] = []
    for member in members_of(annotation):
        if get_origin(member) is Literal:
            found += [yaml_text(option) for option in get_args(member)]
        elif isinstance(member, type) and issubclass(member, Enum):
            found += [yaml_text(option) for option in member]

    return tuple(dict.fromkeys(found))


def constraints_of(markers: tuple[Any, ...]) -> tuple[str, ...]:
    """Return the constraints among the markers of a field, in words."""
    found: list[str] = []
    for marker in markers:
        for name, words in _CONSTRAINTS:
            limit = getattr(marker, name, None)
            if limit is not None:
                found.append(f"{words} {plain(limit)}")

    return tuple(found)


def is_secret_type(annotation: Any) -> bool:
    """Tell whether values of a type hide their text."""
    return any(getattr(it, "__name__", "").startswith("Secret") for it in members_of(annotation))


def json_type(annotation: Any) -> dict[str, Any]:
    """Return the JSON schema of what may be written for a type."""
    schemas: list[dict[str, Any]] = []
    for member in members_of(annotation):
        schema = _json_member(member)
        if schema not in schemas:
            schemas.append(schema)

    if NoneType in get_args(bare(annotation)[0]):
        schemas.append({"type": "null"})

    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def plain(value: Any) -> Any:
    """Return a default as a value that YAML and JSON know."""
    if isinstance(value, Enum):
        return plain(value.value)

    if isinstance(value, bool | int | float | str) and not isinstance(value, DataSize):
        return value

    if isinstance(value, timedelta):
        return _duration(value)

    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}

    if isinstance(value, list | tuple):
        return [plain(item) for item in value]

    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)

    return None if value is None else str(value)


def yaml_text(value: Any) -> str:
    """Return a default as it would be written in YAML, in one line."""
    import yaml

    text = yaml.safe_dump(plain(value), default_flow_style=True, sort_keys=False, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...").strip()


def _member_text(member: Any) -> str:
    if choices_of(member):
        return "choice"

    arguments = get_args(member)
    if is_mapping(member):
        return f"map of {type_text(arguments[1])}" if arguments else "map"

    if is_series(member):
        items = [it for it in arguments if it is not Ellipsis]
        return f"list of {' or '.join(dict.fromkeys(map(type_text, items)))}" if items else "list"

    if is_section(member):
        return "section"

    if member is Any or member is object:
        return "anything"

    return _NAMES.get(member) or ("secret text" if is_secret_type(member) else _words(member))


def _words(member: Any) -> str:
    name: str = getattr(member, "__name__", str(member))
    return name


def _json_member(member: Any) -> dict[str, Any]:
    choices = choices_of(member)
    if choices:
        return {"enum": list(choices)}

    arguments = get_args(member)
    if is_mapping(member):
        return {"type": "object", "additionalProperties": json_type(arguments[1]) if arguments else {}}

    if is_series(member):
        # A list may also be written as text, with commas.
        items = [it for it in arguments if it is not Ellipsis]
        return {"type": ["array", "string"], "items": json_type(items[0]) if items else {}}

    if member in _JSON:
        # A placeholder is text, whatever stands behind it.
        own = _JSON[member]["type"]
        return {"type": own} if own == "string" else {"type": [own, "string"]}

    if member is timedelta or member is DataSize:
        return {"type": ["number", "string"]}

    return {"type": "string"} if member in _NAMES else {}


def _duration(value: timedelta) -> Any:
    seconds = value.total_seconds()
    if seconds and seconds == int(seconds):
        return f"{int(seconds)}s"

    return f"{round(seconds * 1000)}ms" if seconds else 0
