# SPDX-License-Identifier: Apache-2.0
"""What a handler's return type can become on the wire."""

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Generator,
    Iterable,
    Iterator,
)
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Final, Union, get_args, get_origin

from pyfly.web.files import FileResult
from pyfly.web.openapi.metadata import RouteMetadata
from pyfly.web.type_forms import bare, members

NOTHING: Final[Any] = object()
"""Stands for the absence of a type."""

_STREAMS: Final = frozenset({AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Iterator})


@dataclass(frozen=True, slots=True)
class Results:
    """The forms that the results of one handler take.

    Attributes:
        value: The type of what is written as JSON or by another converter, or `NOTHING`.
        element: The type of what a stream yields, or `NOTHING` if no stream is returned.
        has_file: Whether a file may be returned.
        may_be_empty: Whether ``None`` may be returned.
    """

    value: Any
    element: Any
    has_file: bool
    may_be_empty: bool


def results_of(route: RouteMetadata) -> Results:
    """Take the return type of a handler apart; classes of ready-made responses are left out."""
    hint = route.return_type
    alternatives = members(bare(hint)) or (hint,)
    values: list[Any] = []
    element: Any = NOTHING
    has_file = may_be_empty = False
    for each in alternatives:
        kind = bare(each)
        kind = get_origin(kind) or kind
        if kind in (None, NoneType):
            may_be_empty = kind is NoneType
        elif not isinstance(kind, type):
            values.append(each)
        elif issubclass(kind, FileResult | Path):
            has_file = True
        elif kind in _STREAMS or issubclass(kind, AsyncIterable):
            element = (*get_args(bare(each)), Any)[0]
        elif not issubclass(kind, route.response_types):
            values.append(each)

    if not values:
        return Results(NOTHING, element, has_file, may_be_empty)

    value = hint if len(values) == len(alternatives) else Union[tuple(values)]  # noqa: UP007 - made at run time
    return Results(value, element, has_file, may_be_empty)
