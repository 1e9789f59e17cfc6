# SPDX-License-Identifier: Apache-2.0
"""Which results are certainly converted, and which may be sent in a way of their own."""

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final, Literal, get_origin
from uuid import UUID

from pydantic import BaseModel

from pyfly.web.files import FileResult
from pyfly.web.type_forms import bare, members, without_none

_DATA: Final = (
    BaseModel,
    Decimal,
    Enum,
    Mapping,
    UUID,
    bool,
    date,
    float,
    frozenset,
    int,
    list,
    set,
    str,
    time,
    timedelta,
    tuple,
)


def is_data(hint: Any) -> bool:
    """Tell whether every value of a type is plain data, and not, say, a response of some HTTP framework."""
    target = without_none(bare(hint))
    others = [member for member in members(target) if member is not NoneType]
    if others:
        return all(is_data(member) for member in others)

    origin = get_origin(target) or target
    if origin is Literal:
        return True

    return isinstance(origin, type) and (
        (issubclass(origin, _DATA) and not issubclass(origin, Iterator))
        or (is_dataclass(origin) and not issubclass(origin, FileResult))
    )
