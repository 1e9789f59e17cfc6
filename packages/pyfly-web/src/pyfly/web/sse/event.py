# SPDX-License-Identifier: Apache-2.0
"""Events and their form on the wire, by the "Server-sent events" section of the HTML standard."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from pyfly.web.json import encode_json

__all__ = ["HEARTBEAT", "JsonEncoder", "LastEventId", "SseEvent", "format_sse_event", "frame_of", "render"]

JsonEncoder: TypeAlias = Callable[[Any], bytes]

HEARTBEAT: Final = b":\n\n"
"""A comment: it keeps a connection busy, and clients ignore it."""

_LINE_ENDS: Final = re.compile("\r\n|\r|\n")
_FORBIDDEN: Final = re.compile("[\r\n\0]")
# Whole frames, as `format_sse_event` makes them; other texts are data.
_FRAMES: Final = re.compile("(?:(?:(?:data|event|id|retry)?:[^\r\n]*\r?\n)+\r?\n)+")


@dataclass(frozen=True, slots=True)
class SseEvent:
    """One event.

    Attributes:
        data: The payload. Models, dataclasses, mappings and sequences become JSON; bytes are UTF-8; ``None``
            is empty; anything else is written as its ``str()``.
        event: Its name, for ``addEventListener``; a page gets an event without a name as ``message``.
        id: What a client that connects again sends as ``Last-Event-ID``.
        retry: Milliseconds that a client waits before it connects again.

    Raises:
        ValueError: ``retry`` is negative, or no whole number.
    """

    data: Any
    event: str | None = None
    id: str | int | None = None
    retry: int | None = None

    def __post_init__(self) -> None:
        """Refuse a waiting time that clients would ignore."""
        retry = self.retry
        if retry is not None and (isinstance(retry, bool) or not isinstance(retry, int) or retry < 0):
            raise ValueError(f"retry: expected whole milliseconds, 0 or more, got {retry!r}")


class LastEventId(str):
    """Ask in a handler for the id of the last event that the client has got; empty for a new client."""

    __slots__ = ()

    @classmethod
    def of(cls, header: str | None) -> "LastEventId":
        """Read the header ``Last-Event-ID``, whose text is UTF-8 where that of other headers is Latin-1."""
        return cls("" if header is None else header.encode("latin-1").decode("utf-8", "replace"))


def format_sse_event(
    data: Any, event: str | None = None, id: str | int | None = None, retry: int | None = None
) -> str:
    """Write one event as it is sent.

    Args:
        data: The payload, see `SseEvent`; or a whole event, which then stands for itself.
        event: The name.
        id: The id.
        retry: Milliseconds before the client connects again.

    Returns:
        The lines ``id``, ``event`` and ``retry``, those that are given, then a ``data`` line for each line of
        the payload, then an empty line. Line breaks and NUL are taken out of id and name.

    Raises:
        ValueError: ``retry`` is negative, or no whole number.
    """
    return render(data if isinstance(data, SseEvent) else SseEvent(data, event, id, retry), encode_json)


def render(event: SseEvent, encode: JsonEncoder) -> str:
    """Write an event, with JSON by the given encoder."""
    lines: list[str] = []
    if event.id is not None:
        lines.append(f"id: {_FORBIDDEN.sub('', str(event.id))}")

    if event.event is not None:
        lines.append(f"event: {_FORBIDDEN.sub('', event.event)}")

    if event.retry is not None:
        lines.append(f"retry: {event.retry}")

    lines += [f"data: {line}" for line in _LINE_ENDS.split(_text_of(event.data, encode))]
    return "\n".join(lines) + "\n\n"


def frame_of(item: Any, encode: JsonEncoder) -> bytes:
    """Write what a stream yields: an event, the frames of `format_sse_event`, or plain data."""
    if isinstance(item, str) and _FRAMES.fullmatch(item):
        text = item
    else:
        text = render(item if isinstance(item, SseEvent) else SseEvent(item), encode)

    # A lone surrogate is no reason to end a stream.
    return text.encode("utf-8", "replace")


def _text_of(data: Any, encode: JsonEncoder) -> str:
    if isinstance(data, str):
        return data

    if data is None:
        return ""

    if isinstance(data, bytes | bytearray | memoryview):
        return str(data, "utf-8", "replace")

    if isinstance(data, BaseModel):
        return str(encode(data), "utf-8")

    if isinstance(data, Mapping | list | tuple | set | frozenset) or is_dataclass(data):
        # The spaces of the standard library's JSON are what clients of such streams have always got.
        return json.dumps(json.loads(encode(data)))

    return str(data)
