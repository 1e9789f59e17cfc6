# SPDX-License-Identifier: Apache-2.0
"""Requests over HTTP/3: Hypercorn's, where clients may give up and slow ones hold up nobody."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any, Final

from aioquic.h3.connection import ErrorCode
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, QuicEvent, StopSendingReceived, StreamReset
from hypercorn.protocol.events import (
    Body,
    Data,
    EndBody,
    EndData,
    Event,
    InformationalResponse,
    Request,
    Response,
    StreamClosed,
    Trailers,
)
from hypercorn.protocol.h3 import H3Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.utils import filter_pseudo_headers

from pyfly.server.adapters.hypercorn.application_messages import ApplicationMessages
from pyfly.server.adapters.hypercorn.engine_state import EngineState
from pyfly.server.adapters.hypercorn.stream_headers import is_well_formed, sendable
from pyfly.server.adapters.hypercorn.websocket_stream import WebSocketStream

__all__ = ["Http3Protocol"]

_UNSENT: Final = 1024 * 1024
"""Bytes of an answer that wait for its client, before its application waits too."""
_PATIENCE: Final = 1.0
"""Seconds of draining after which further requests are rejected, for another connection."""


class Http3Protocol(H3Protocol):
    """Serve the requests of one connection over HTTP/3.

    The arguments are those of Hypercorn's class; ``context`` is the `EngineState`.

    Attributes:
        unread: Bytes of bodies that no application has asked for yet.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        assert isinstance(self.context, EngineState)
        self._engine_state = self.context
        self._quic: QuicConnection = args[-2]
        self._complete: set[int] = set()
        self._unconfirmed: set[int] = set()
        self._progress = asyncio.Event()
        self.unread = 0

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered, and all answers have arrived."""
        self._unconfirmed = {stream_id for stream_id in self._unconfirmed if not self._has_arrived(stream_id)}
        return not self.streams and not self._unconfirmed

    def progress(self) -> None:
        """Hear that something has come from the client: there may be room for more of an answer."""
        self._progress.set()

    async def handle(self, quic_event: QuicEvent) -> None:
        """Take what the client sends."""
        if isinstance(quic_event, ConnectionTerminated):
            for stream_id in list(self.streams):
                await self._give_up(stream_id)
        elif isinstance(quic_event, StreamReset | StopSendingReceived):
            await self._give_up(quic_event.stream_id)

        for event in self.connection.handle_event(quic_event):
            if isinstance(event, HeadersReceived):
                await self._take_headers(event)
            elif isinstance(event, DataReceived):
                await self._take_data(event)

    async def end_websockets(self) -> None:
        """Close the WebSockets of the connection."""
        for stream in list(self.streams.values()):
            if isinstance(stream, WebSocketStream):
                await stream.say_goodbye()

    async def stream_send(self, event: Event) -> None:
        """Pass on what an application has to say, unless its client has given up."""
        stream_id = event.stream_id
        if stream_id not in self.streams:
            # An application that does nothing but send must not keep the event loop.
            await asyncio.sleep(0)
            return

        if isinstance(event, StreamClosed):
            await self._close_stream(stream_id)
            return

        if isinstance(event, Response | InformationalResponse | Trailers):
            event = replace(event, headers=sendable(event.headers))
        elif isinstance(event, EndBody | EndData):
            self._complete.add(stream_id)

        await super().stream_send(event)
        if isinstance(event, Body | Data):
            while stream_id in self.streams and self._unsent(stream_id) > _UNSENT:
                self._progress.clear()
                await self._progress.wait()

    async def _take_headers(self, event: HeadersReceived) -> None:
        stream = self.streams.get(event.stream_id)
        if stream is not None:
            # Trailers. Hypercorn has no place for them, and neither has ASGI.
            if event.stream_ended:
                await stream.handle(EndBody(event.stream_id))

            return

        if not is_well_formed(event.headers):
            await self._reject(event.stream_id, ErrorCode.H3_MESSAGE_ERROR)
        elif self._engine_state.has_drained_for(_PATIENCE):
            await self._reject(event.stream_id, ErrorCode.H3_REQUEST_REJECTED)
        else:
            await self._create_stream(event)
            if event.stream_ended:
                await self.streams[event.stream_id].handle(EndBody(event.stream_id))

    async def _take_data(self, event: DataReceived) -> None:
        stream = self.streams.get(event.stream_id)
        if isinstance(stream, WebSocketStream):
            await stream.handle(Body(event.stream_id, event.data))
        elif isinstance(stream, HTTPStream) and isinstance(stream.app_put, ApplicationMessages):
            size = len(event.data)
            self.unread += size
            message: Any = {"type": "http.request", "body": event.data, "more_body": True}
            await stream.app_put.offer(message, partial(self._taken, size))

        if event.stream_ended and event.stream_id in self.streams:
            await self.streams[event.stream_id].handle(EndBody(event.stream_id))

    async def _taken(self, size: int) -> None:
        self.unread -= size

    async def _create_stream(self, request: HeadersReceived) -> None:
        headers = dict(request.headers)
        method = headers[b":method"].decode("ascii").upper()
        stream = self.streams[request.stream_id] = (WebSocketStream if method == "CONNECT" else HTTPStream)(
            self.app,
            self.config,
            self.context,
            self.task_group,
            True,
            self.client,
            self.server,
            self.stream_send,
            request.stream_id,
        )
        await stream.handle(
            Request(
                stream_id=request.stream_id,
                headers=filter_pseudo_headers(request.headers),
                http_version="3",
                method=method,
                raw_path=headers[b":path"],
                state=self.state,
            )
        )

    async def _give_up(self, stream_id: int) -> None:
        stream = self.streams.pop(stream_id, None)
        if stream is not None:
            self._complete.discard(stream_id)
            self._progress.set()
            self._quic.reset_stream(stream_id, ErrorCode.H3_REQUEST_CANCELLED)
            await stream.handle(StreamClosed(stream_id))
            await self.send()

    async def _close_stream(self, stream_id: int) -> None:
        stream = self.streams.pop(stream_id)
        if stream_id in self._complete:
            self._complete.discard(stream_id)
            self._unconfirmed.add(stream_id)
        elif isinstance(stream, WebSocketStream):
            self.connection.send_data(stream_id, b"", True)
        else:
            # Its application has ended without saying so: the client waits for it.
            self._quic.reset_stream(stream_id, ErrorCode.H3_INTERNAL_ERROR)

        await self.send()
        await stream.handle(StreamClosed(stream_id))

    async def _reject(self, stream_id: int, reason: ErrorCode) -> None:
        self._quic.reset_stream(stream_id, reason)
        self._quic.stop_stream(stream_id, reason)
        await self.send()

    def _unsent(self, stream_id: int) -> int:
        stream = self._quic._streams.get(stream_id)
        return 0 if stream is None else len(stream.sender._buffer)

    def _has_arrived(self, stream_id: int) -> bool:
        stream = self._quic._streams.get(stream_id)
        return stream is None or stream.sender.is_finished
