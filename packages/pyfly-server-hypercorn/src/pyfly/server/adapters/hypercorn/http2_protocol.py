# SPDX-License-Identifier: Apache-2.0
"""A connection over HTTP/2: Hypercorn's, where one stream does not hold up or end the others."""

from functools import partial
from typing import Any, Final

from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, RequestReceived, StreamReset
from h2.exceptions import ProtocolError
from hyperframe.frame import GoAwayFrame
from hypercorn.events import RawData, Updated
from hypercorn.protocol.events import StreamClosed
from hypercorn.protocol.h2 import H2Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.protocol.ws_stream import WSStream

from pyfly.server.adapters.hypercorn.connection_tasks import ApplicationMessages
from pyfly.server.adapters.hypercorn.engine_state import EngineState
from pyfly.server.adapters.hypercorn.request_target import is_target
from pyfly.server.adapters.hypercorn.websocket_end import tell_of_the_end

_STREAM_WINDOW: Final = 2**16 - 1
_PATIENCE: Final = 1.0
"""Seconds of draining after which a client that goes on asking is told to use another connection."""
_ANY_STREAM: Final = 2**31 - 1


class Http2Protocol(H2Protocol):
    """Serve one connection over HTTP/2.

    The arguments are those of Hypercorn's class; ``context`` is the `EngineState`.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        assert isinstance(self.context, EngineState)
        self._state = self.context
        self._is_told_to_go = False

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return not self.streams

    async def initiate(
        self, headers: list[tuple[bytes, bytes]] | None = None, settings: bytes | None = None
    ) -> None:
        """Begin."""
        await super().initiate(headers, settings)
        # A body that its application does not read yet must not keep others from coming.
        self.connection.increment_flow_control_window(
            _STREAM_WINDOW * (self.config.h2_max_concurrent_streams - 1)
        )
        await self._flush()

    def last_words(self) -> bytes:
        """Return what ends the connection: further requests are for another one (RFC 9113, 6.8)."""
        try:
            self.connection.close_connection()
        except ProtocolError:
            return b""

        return self.connection.data_to_send()

    async def end_websocket(self) -> None:
        """Close the WebSockets of the connection."""
        for stream_id, stream in list(self.streams.items()):
            if isinstance(stream, WSStream) and await tell_of_the_end(stream):
                await self.stream_send(StreamClosed(stream_id))

    async def _handle_events(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, DataReceived) and not self._is_for_websocket(event):
                self._offer(event)
            elif isinstance(event, RequestReceived) and not is_target(_pseudo(event, b":path")):
                self.connection.reset_stream(event.stream_id, ErrorCodes.PROTOCOL_ERROR)
            else:
                await super()._handle_events([event])

            if isinstance(event, StreamReset) and not self.streams:
                await self.send(Updated(idle=True))

        await self._flush()

    async def _create_stream(self, request: RequestReceived) -> None:
        await super()._create_stream(request)
        if self._state.has_drained_for(_PATIENCE) and not self._is_told_to_go:
            # Not close_connection: h2 would let nothing pass after it, not even the answers under way.
            self._is_told_to_go = True
            await self.send(RawData(GoAwayFrame(0, last_stream_id=_ANY_STREAM).serialize()))

    def _is_for_websocket(self, event: DataReceived) -> bool:
        return isinstance(self.streams.get(_id(event)), WSStream)

    def _offer(self, event: DataReceived) -> None:
        """Put a piece of a body where its application finds it, and open the window when it has it."""
        stream = self.streams.get(_id(event))
        taken = partial(self._acknowledge, _id(event), event.flow_controlled_length or 0)
        if isinstance(stream, HTTPStream) and isinstance(stream.app_put, ApplicationMessages):
            stream.app_put.offer(
                {"type": "http.request", "body": event.data or b"", "more_body": True}, taken
            )
        else:
            taken()

    def _acknowledge(self, stream_id: int, size: int) -> None:
        if size == 0 or self.closed:
            return

        try:
            self.connection.acknowledge_received_data(size, stream_id)
        except ProtocolError:
            return

        self.task_group.spawn(self._flush)


def _id(event: DataReceived) -> int:
    assert event.stream_id is not None
    return event.stream_id


def _pseudo(event: RequestReceived, wanted: bytes) -> bytes:
    return next((bytes(value) for name, value in event.headers or () if name == wanted), b"")
