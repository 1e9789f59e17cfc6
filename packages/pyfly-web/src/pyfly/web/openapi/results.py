# SPDX-License-Identifier: Apache-2.0
"""What a handler's return type can become on the wire."""

from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Final, Union, get_origin

from pyfly.web.files import FileResult
from pyfly.web.openapi.metadata import RouteMetadata
from pyfly.web.sse import SseEmitter, SseEvent
from pyfly.web.streams import is_stream, stream_item
from pyfly.web.type_forms import bare, members

NOTHING: Final[Any] = object()
"""Stands for the absence of a type."""


@dataclass(frozen=True, slots=True)
class Results:
    """The forms that the results of one handler take.

    Attributes:
        value: The type of what is written as JSON or by another converter, or `NOTHING`.
        item: The type of what a stream yields, ``Any`` if it is not known, `NOTHING` if there is no stream.
        sends_events: Whether the stream consists of server-sent events.
        has_file: Whether a file may be returned.
        may_be_empty: Whether ``None`` may be returned.
    """

    value: Any
    item: Any
    sends_events: bool
    has_file: bool
    may_be_empty: bool


def results_of(route: RouteMetadata) -> Results:
    """Take the return type of a handler apart; classes of ready-made responses are left out."""
    hint = route.return_type
    alternatives = members(bare(hint)) or (hint,)
    values: list[Any] = []
    item: Any = Any if route.is_event_stream else NOTHING
    sends_events = route.is_event_stream
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
        elif issubclass(kind, SseEmitter):
            item, sends_events = Any, True
        elif is_stream(kind):
            item = _item(each)
        elif not issubclass(kind, route.response_types):
            values.append(each)

    value: Any = NOTHING
    if values and not route.is_event_stream:
        # Python makes no union of one type: this is the type itself then.
        value = hint if len(values) == len(alternatives) else Union[tuple(values)]  # noqa: UP007

    return Results(value, item, sends_events, has_file, may_be_empty)


def _item(stream: Any) -> Any:
    item = stream_item(stream)
    # An event says nothing about the type of its data.
    return Any if item in (None, SseEvent) else item
