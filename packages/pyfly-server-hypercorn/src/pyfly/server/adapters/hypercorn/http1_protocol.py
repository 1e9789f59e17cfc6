# SPDX-License-Identifier: Apache-2.0
"""A connection over HTTP/1: Hypercorn's, with an end that clients are told of."""

from typing import Any

import h11
from hypercorn.events import Closed
from hypercorn.protocol.events import Event, Response, StreamClosed
from hypercorn.protocol.h11 import STREAM_ID, H2ProtocolAssumedError, H11Protocol, H11WSConnection
from hypercorn.protocol.ws_stream import WSStream

from pyfly.server.adapters.hypercorn.engine_state import EngineState
from pyfly.server.adapters.hypercorn.http1_connection import Http1Connection
from pyfly.server.adapters.hypercorn.websocket_end import tell_of_the_end

_PREFACE = b"PRI * HTTP/2.0\r\n\r\n"


class Http1Protocol(H11Protocol):
    """Serve one connection over HTTP/1.

    The arguments are those of Hypercorn's class; ``context`` is the `EngineState`.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        assert isinstance(self.context, EngineState)
        self._state = self.context
        self.connection = Http1Connection(
            max_head=self.config.h11_max_incomplete_size, takes_preface="2" in self._state.offers
        )

    @property
    def is_idle(self) -> bool:
        """Whether no request is being received or answered."""
        return self.stream is None and not self.connection.trailing_data[0]

    async def stream_send(self, event: Event) -> None:
        """Pass on what an application, or its absence, has to say."""
        if isinstance(event, Response) and event.status_code >= 200 and self._ends:
            headers = [header for header in event.headers if header[0].lower() != b"connection"]
            event = Response(event.stream_id, [*headers, (b"connection", b"close")], event.status_code)

        await super().stream_send(event)

    async def end_websocket(self) -> None:
        """Close the connection if it is a WebSocket."""
        stream = self.stream
        if isinstance(stream, WSStream) and await tell_of_the_end(stream):
            await stream.handle(StreamClosed(STREAM_ID))
            await self.send(Closed())

    @property
    def _ends(self) -> bool:
        if not self._state.keep_alive:
            return True

        # With further requests in the buffer a later answer is the last one.
        return self._state.draining_since is not None and not self.connection.trailing_data[0]

    async def _check_protocol(self, event: h11.Request) -> None:
        # An offer of HTTP/2 in a header is ignored, as RFC 9113 wants it. It takes requests past the rules of
        # proxies that do not know of it.
        if event.method == b"PRI" and not isinstance(self.connection, H11WSConnection):
            raise H2ProtocolAssumedError(_PREFACE + self.connection.trailing_data[0])
