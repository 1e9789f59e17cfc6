# SPDX-License-Identifier: Apache-2.0
"""A connection over HTTP/2: Hypercorn's, where one stream does not hold up or end the others."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamReset
from h2.events import Event as H2Event
from h2.exceptions import ProtocolError
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol.events import (
    EndBody,
    EndData,
    InformationalResponse,
    Request,
    Response,
    StreamClosed,
    Trailers,
)
from hypercorn.protocol.events import Event as StreamEvent
from hypercorn.protocol.h2 import H2Protocol, StreamBuffer
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.utils import filter_pseudo_headers
from hyperframe.frame import GoAwayFrame
from priority.priority import DuplicateStreamError

from pyfly.server.adapters.hypercorn.application_messages import ApplicationMessages
from pyfly.server.adapters.hypercorn.engine_state import EngineState
from pyfly.server.adapters.hypercorn.stream_headers import is_well_formed, sendable
from pyfly.server.adapters.hypercorn.websocket_stream import WebSocketStream

__all__ = ["Http2Protocol"]

_STREAM_WINDOW: Final = 2**16 - 1
_PATIENCE: Final = 1.0
"""Seconds of draining after which further requests are left for another connection."""
_QUIET: Final = 0.05
"""Seconds between the last answer and the end: some clients drop answers that come together with it."""
_SILENCE: Final = 2.0
"""Seconds in which their client is not told so: many clients then give up what is being answered, too."""


class Http2Protocol(H2Protocol):
    """Serve one connection over HTTP/2.

    The arguments are those of Hypercorn's class; ``context`` is the `EngineState`.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        assert isinstance(self.context, EngineState)
        self._state = self.context
        self._complete: set[int] = set()
        self._last_taken = 0
        self._last_end = -_QUIET
        self._is_left = False
        self._leaves_requests = False

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered, nor has just been."""
        if self.streams or self.stream_buffers:
            return False

        return self.context.time() - self._last_end >= _QUIET

    async def initiate(
        self, headers: list[tuple[bytes, bytes]] | None = None, settings: bytes | None = None
    ) -> None:
        """Begin."""
        await super().initiate(headers, settings)
        # A body that its application does not read yet must not keep those of others from coming.
        others = self.config.h2_max_concurrent_streams - 1
        self.connection.increment_flow_control_window(_STREAM_WINDOW * others)
        await self._flush()

    def last_words(self) -> bytes:
        """Return what ends an idle connection: what came late is for another one (RFC 9113, 6.8)."""
        self._is_left = True
        try:
            self.connection.close_connection(last_stream_id=self._last_taken)
        except ProtocolError:
            return b""

        return self.connection.data_to_send()

    async def handle(self, event: Event) -> None:
        """Take what the client sends, or hear that it is gone."""
        if not self._is_left:
            await super().handle(event)

        if isinstance(event, Closed):
            # What waits for the client to take more waits in vain.
            for buffer in self.stream_buffers.values():
                await buffer.close()

            self.stream_buffers.clear()

    async def end_websockets(self) -> None:
        """Close the WebSockets of the connection."""
        for stream in list(self.streams.values()):
            if isinstance(stream, WebSocketStream):
                await stream.say_goodbye()

    async def stream_send(self, event: StreamEvent) -> None:
        """Pass on what an application has to say, unless its client has given up."""
        if event.stream_id not in self.streams:
            # An application that does nothing but send must not keep the event loop.
            await asyncio.sleep(0)
            return

        if isinstance(event, Response | InformationalResponse | Trailers):
            event = replace(event, headers=sendable(event.headers))

        if isinstance(event, EndBody | EndData):
            self._complete.add(event.stream_id)
        elif isinstance(event, StreamClosed):
            self._last_end = self.context.time()
            await self._complete_stream(event.stream_id)

        await super().stream_send(event)

    async def _complete_stream(self, stream_id: int) -> None:
        """End a stream whose application has ended without saying so: the client waits for it."""
        is_complete = stream_id in self._complete
        self._complete.discard(stream_id)
        buffer = self.stream_buffers.get(stream_id)
        if is_complete or buffer is None:
            return

        if isinstance(self.streams.get(stream_id), WebSocketStream):
            buffer.set_complete()
            self.priority.unblock(stream_id)
            await self.has_data.set()
            return

        await buffer.close()
        del self.stream_buffers[stream_id]
        self.priority.remove_stream(stream_id)
        try:
            self.connection.reset_stream(stream_id, ErrorCodes.INTERNAL_ERROR)
        except ProtocolError:
            # Trailers have ended it, or the client has.
            return

        await self._flush()

    async def _handle_events(self, events: list[H2Event]) -> None:
        for event in events:
            if isinstance(event, DataReceived):
                await self._take_data(event)
            elif isinstance(event, RequestReceived) and not is_well_formed(_headers(event)):
                self.connection.reset_stream(_id(event), ErrorCodes.PROTOCOL_ERROR)
            elif isinstance(event, RequestReceived) and self._state.has_drained_for(_PATIENCE):
                self._leave_request()
            else:
                await super()._handle_events([event])

            if isinstance(event, StreamReset) and not self.streams:
                await self.send(Updated(idle=True))

        await self._flush()

    async def _create_stream(self, request: RequestReceived) -> None:
        stream_id = self._last_taken = _id(request)
        headers = _headers(request)
        method = dict(headers)[b":method"].decode("ascii").upper()
        stream = self.streams[stream_id] = (WebSocketStream if method == "CONNECT" else HTTPStream)(
            self.app,
            self.config,
            self.context,
            self.task_group,
            self.ssl,
            self.client,
            self.server,
            self.stream_send,
            stream_id,
        )
        self.stream_buffers[stream_id] = StreamBuffer(self.context.event_class)
        # A frame about its priority may have come before.
        with suppress(DuplicateStreamError):
            self.priority.insert_stream(stream_id)
            self.priority.block(stream_id)

        await stream.handle(
            Request(
                stream_id=stream_id,
                headers=filter_pseudo_headers(headers),
                http_version="2",
                method=method,
                raw_path=dict(headers)[b":path"],
                state=self.connection_state,
            )
        )

    def _leave_request(self) -> None:
        if not self._leaves_requests:
            self._leaves_requests = True
            self.task_group.spawn(self._tell_of_requests_left)

    async def _tell_of_requests_left(self) -> None:
        await asyncio.sleep(_SILENCE)
        # Not close_connection: h2 lets nothing pass after it, not even the answers under way.
        await self.send(RawData(GoAwayFrame(0, last_stream_id=self._last_taken).serialize()))

    async def _take_data(self, event: DataReceived) -> None:
        """Put a piece of a body where its application finds it; the window opens again when it is taken."""
        stream = self.streams.get(_id(event))
        taken = partial(self._acknowledge, _id(event), event.flow_controlled_length or 0)
        if isinstance(stream, WebSocketStream):
            await super()._handle_events([event])
        elif isinstance(stream, HTTPStream) and isinstance(stream.app_put, ApplicationMessages):
            body = event.data or b""
            await stream.app_put.offer({"type": "http.request", "body": body, "more_body": True}, taken)
        else:
            # It is answered already.
            await taken()

    async def _acknowledge(self, stream_id: int, size: int) -> None:
        if size == 0 or self.closed:
            return

        try:
            self.connection.acknowledge_received_data(size, stream_id)
        except ProtocolError:
            return

        await self._flush()


def _id(event: DataReceived | RequestReceived) -> int:
    assert event.stream_id is not None
    return event.stream_id


def _headers(event: RequestReceived) -> list[tuple[bytes, bytes]]:
    return [(bytes(name), bytes(value)) for name, value in event.headers or ()]
