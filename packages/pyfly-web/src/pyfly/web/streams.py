# SPDX-License-Identifier: Apache-2.0
"""Results that are sent piece by piece, and as what."""

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Generator,
    Iterator,
)
from enum import Enum
from typing import Any, Final, get_args, get_origin

from pyfly.web.type_forms import bare, members

_STREAMS: Final = (AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterator)


class ItemKind(Enum):
    """What the items of a stream are; the value is the media type, unless the handler declares one."""

    BYTES = "application/octet-stream"
    TEXT = "text/plain"
    JSON = "application/x-ndjson"


def is_stream(cls: type) -> bool:
    """Tell whether results of a class are sent piece by piece: iterators, sync or async.

    Lists, sets, mappings and other containers are none: they have iterators, and are no iterators themselves.
    """
    return hasattr(cls, "__aiter__") or hasattr(cls, "__next__")


def stream_item(hint: Any) -> Any:
    """Return the type of the items that a return annotation promises; ``None`` if it promises no stream."""
    target = bare(hint)
    if get_origin(target) not in _STREAMS:
        return None

    return get_args(target)[0]


def kind_of_type(item: Any) -> ItemKind | None:
    """Return the kind of a type of items, or ``None`` where only the items can tell."""
    target = bare(item)
    kinds = {kind_of_type(member) for member in members(target)}
    if kinds:
        return kinds.pop() if len(kinds) == 1 else None

    origin = get_origin(target) or target
    if not isinstance(origin, type) or origin in (Any, object):
        return None

    if issubclass(origin, bytes | bytearray | memoryview):
        return ItemKind.BYTES

    return ItemKind.TEXT if issubclass(origin, str) else ItemKind.JSON


def kind_of_item(item: object) -> ItemKind:
    """Return the kind of an item."""
    if isinstance(item, bytes | bytearray | memoryview):
        return ItemKind.BYTES

    return ItemKind.TEXT if isinstance(item, str) else ItemKind.JSON
