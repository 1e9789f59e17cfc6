# SPDX-License-Identifier: Apache-2.0
"""A connection over HTTP/1: Hypercorn's, with an end that clients are told of."""

from typing import Any, Final, cast

import h11
from hypercorn.events import Event as ConnectionEvent
from hypercorn.events import Updated
from hypercorn.protocol.events import Event, Request, Response
from hypercorn.protocol.h11 import STREAM_ID, H2ProtocolAssumedError, H11Protocol, H11WSConnection
from hypercorn.protocol.http_stream import HTTPStream

from pyfly.server.adapters.hypercorn.engine_state import EngineState
from pyfly.server.adapters.hypercorn.http1_connection import Http1Connection
from pyfly.server.adapters.hypercorn.websocket_stream import WebSocketStream

__all__ = ["Http1Protocol"]

_PATIENCE: Final = 1.0
"""Seconds of draining after which half a head is not waited for any more."""
_HTTP2: Final = b"2.0"
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\n"


class Http1Protocol(H11Protocol):
    """Serve one connection over HTTP/1.

    The arguments are those of Hypercorn's class; ``context`` is the `EngineState`.

    Attributes:
        head_since: When the head of a request has begun that is not complete, by the clock of the event loop.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        assert isinstance(self.context, EngineState)
        self._state = self.context
        self.head_since: float | None = None
        self.connection = Http1Connection(
            max_head=self.config.h11_max_incomplete_size, takes_preface="2" in self._state.offers
        )

    @property
    def is_idle(self) -> bool:
        """Whether no request is being received or answered."""
        if self.stream is not None:
            return False

        return not self.connection.trailing_data[0] or self._state.has_drained_for(_PATIENCE)

    async def handle(self, event: ConnectionEvent) -> None:
        """Take what the client sends, or hear that it is gone."""
        await super().handle(event)
        if self.stream is None and self.head_since is None and self.connection.trailing_data[0]:
            self.head_since = self._state.time()
            await self.send(Updated(idle=True))

    async def stream_send(self, event: Event) -> None:
        """Pass on what an application, or its absence, has to say."""
        if isinstance(event, Response) and event.status_code >= 200 and self._ends:
            headers = [header for header in event.headers if header[0].lower() != b"connection"]
            event = Response(event.stream_id, [*headers, (b"connection", b"close")], event.status_code)

        await super().stream_send(event)

    def last_words(self) -> bytes:
        """Return what ends an idle connection: nothing."""
        return b""

    async def end_websockets(self) -> None:
        """Close the connection if it is a WebSocket."""
        if isinstance(self.stream, WebSocketStream):
            await self.stream.say_goodbye()

    @property
    def _ends(self) -> bool:
        if not self._state.keep_alive:
            return True

        # With further requests in the buffer a later answer is the last one.
        return self._state.draining_since is not None and not self.connection.trailing_data[0]

    async def _check_protocol(self, event: h11.Request) -> None:
        # An offer of HTTP/2 in a header is ignored, as RFC 9113 (3.1) wants it: it would take requests past
        # proxies that do not know of it.
        if event.http_version == _HTTP2:
            raise H2ProtocolAssumedError(_PREFACE + self.connection.trailing_data[0])

    async def _create_stream(self, request: h11.Request) -> None:
        self.head_since = None
        is_websocket = _asks_for_websocket(request)
        if is_websocket:
            self.connection = H11WSConnection(cast(h11.Connection, self.connection))

        self.stream = (WebSocketStream if is_websocket else HTTPStream)(
            self.app,
            self.config,
            self.context,
            self.task_group,
            self.ssl,
            self.client,
            self.server,
            self.stream_send,
            STREAM_ID,
        )
        await self.stream.handle(
            Request(
                stream_id=STREAM_ID,
                headers=list(request.headers),
                http_version=request.http_version.decode(),
                method=request.method.decode("ascii").upper(),
                raw_path=request.target,
                state=self.connection_state,
            )
        )


def _asks_for_websocket(request: h11.Request) -> bool:
    headers = dict(request.headers)
    if request.method != b"GET" or headers.get(b"upgrade", b"").lower() != b"websocket":
        return False

    return b"upgrade" in (token.strip() for token in headers.get(b"connection", b"").lower().split(b","))
