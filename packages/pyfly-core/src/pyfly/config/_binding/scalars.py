# SPDX-License-Identifier: Apache-2.0
"""How values without parts are read: what each type takes, and what it refuses."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from pyfly.config._binding.shapes import Scalar
from pyfly.config._names import canonical
from pyfly.config.conversion import parse_bool, parse_duration
from pyfly.config.data_size import DataSize, parse_data_size
from pyfly.config.secret import Secret


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value

    if isinstance(value, bool):
        return str(value).lower()

    if isinstance(value, int | float | Decimal | UUID | PurePath):
        return str(value)

    if isinstance(value, date | time):
        return value.isoformat()

    raise TypeError


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value

    if isinstance(value, str) or (isinstance(value, int) and value in (0, 1)):
        return parse_bool(str(value))

    raise TypeError


def _integer(value: Any) -> int:
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return int(value)

    raise TypeError


def _number(value: Any) -> float:
    if isinstance(value, str | float) or (isinstance(value, int) and not isinstance(value, bool)):
        return float(value)

    raise TypeError


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError

    return Decimal(str(value).strip())


def _duration(value: Any) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, str | int | float | timedelta):
        raise TypeError

    return parse_duration(value)


def _data_size(value: Any) -> DataSize:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError

    return parse_data_size(value)


def _secret(value: Any) -> Secret:
    return value if isinstance(value, Secret) else Secret(_text(value))


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value

    return datetime.fromisoformat(value)


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value

    return date.fromisoformat(value)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(_text(value))


def _none(value: Any) -> None:
    if value is not None:
        raise TypeError


_DURATION = "a duration such as 30s, PT30S or a number of seconds"
_DATA_SIZE = "a data size such as 10MB, 512KB or a number of bytes"

SCALARS: Mapping[Any, Scalar] = {
    str: Scalar("text", _text, takes_empty_text=True, native=str),
    bool: Scalar("true or false", _boolean, native=bool),
    int: Scalar("an integer", _integer, native=int),
    float: Scalar("a number", _number, native=float),
    Decimal: Scalar("a decimal number", _decimal, native=Decimal),
    timedelta: Scalar(_DURATION, _duration, native=timedelta, noun="a duration"),
    DataSize: Scalar(_DATA_SIZE, _data_size, native=DataSize, noun="a data size"),
    Secret: Scalar("text", _secret, takes_empty_text=True, native=Secret, secret=True),
    datetime: Scalar("a date and time in ISO-8601", _moment, native=datetime, noun="a date and time"),
    date: Scalar("a date in ISO-8601", _day, native=date, noun="a date"),
    UUID: Scalar("a UUID", _uuid, native=UUID),
    Path: Scalar("a path", lambda value: Path(_text(value)), native=Path),
    PurePath: Scalar("a path", lambda value: PurePath(_text(value)), native=PurePath),
    type(None): Scalar("null", _none, native=type(None)),
}


def enumeration(cls: type[Enum]) -> Scalar:
    """Read a member of ``cls`` by its value, or by its name or value in any spelling."""
    members = list(cls)
    spellings = {canonical(str(member.value)): member for member in reversed(members)}
    spellings.update({canonical(member.name): member for member in reversed(members)})
    expected = "one of " + ", ".join(str(member.value) for member in members)
    return Scalar(expected, _choice({member.value: member for member in members}, spellings, cls), native=cls)


def literal(options: tuple[Any, ...]) -> Scalar:
    """Read one of ``options``, text in any spelling."""
    spellings = {canonical(str(option)): option for option in reversed(options)}
    expected = "one of " + ", ".join(str(option) for option in options)
    return Scalar(expected, _choice({option: option for option in options}, spellings, None))


def _choice(
    exact: Mapping[Any, Any], spellings: Mapping[str, Any], cls: type[Enum] | None
) -> Callable[[Any], Any]:
    def choose(value: Any) -> Any:
        if cls is not None and isinstance(value, cls):
            return value

        for option, member in exact.items():
            if option == value and type(option) is type(value):
                return member

        if not isinstance(value, str):
            raise TypeError

        member = spellings.get(canonical(value.strip()), exact)
        if member is exact:
            raise ValueError

        return member

    return choose


def instance(cls: type) -> Scalar:
    """Take an object that is already of a type the configuration cannot express."""

    def take(value: Any) -> Any:
        if not isinstance(value, cls):
            raise TypeError

        return value

    return Scalar(f"an instance of {cls.__qualname__}", take, native=cls)
