# SPDX-License-Identifier: Apache-2.0
"""A connection over TCP or a Unix socket, from its first byte to its end."""

import asyncio
from typing import Any, Final, cast

from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol import ProtocolWrapper
from hypercorn.protocol.h11 import H2ProtocolAssumedError
from hypercorn.typing import ConnectionState
from hypercorn.utils import parse_socket_addr

from pyfly.server.adapters.hypercorn.connection_tasks import ConnectionTasks
from pyfly.server.adapters.hypercorn.engine_state import ConnectionApplication, EngineState
from pyfly.server.adapters.hypercorn.http1_protocol import Http1Protocol
from pyfly.server.adapters.hypercorn.http2_protocol import Http2Protocol
from pyfly.server.unread_data import has_unread_data

__all__ = ["TcpConnection"]

_LAST_MOMENT: Final = 0.25
"""Seconds in which requests that cross the end of a connection are read, for no reset to overtake it."""
_TICK: Final = 0.01


class TcpConnection(TCPServer):
    """Serve one connection.

    Args:
        application: The application as this connection sees it.
        config: Hypercorn's configuration.
        state: What the connections share.
        lifespan_state: What the lifespan has left.
        reader: What the client sends.
        writer: What it gets.
    """

    def __init__(
        self,
        application: ConnectionApplication,
        config: Config,
        state: EngineState,
        lifespan_state: dict[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(application, loop, config, state, lifespan_state, reader, writer)
        self.application = application
        self._engine_state = state
        self._tasks = ConnectionTasks(loop)
        self._choice: _ProtocolChoice | None = None
        self._waits_for_request = False
        self._is_over = False
        self._since = loop.time()

    @property
    def transport(self) -> asyncio.Transport:
        """What the data goes through."""
        return cast(asyncio.Transport, self.writer.transport)

    @property
    def is_idle(self) -> bool:
        """Whether no request is being received or answered."""
        if not self._waits_for_request or self._choice is None or self.transport.is_closing():
            return False

        return self._choice.protocol.is_idle

    async def run(self) -> None:
        """Serve until the connection ends."""
        try:
            async with self._tasks:
                try:
                    self._task_group = self._tasks
                    self._choice = self.protocol = self._choose_protocol()
                    await self._choice.initiate()
                    await self.protocol_send(Updated(idle=True))
                    await self._read_data()
                finally:
                    self._is_over = True
                    if self._choice is not None:
                        await self._choice.handle(Closed())

                await self.idle_task.stop()
                await self._tasks.end()
        except* OSError:
            # The client is gone.
            pass
        finally:
            await self._close()

    async def protocol_send(self, event: Event) -> None:
        """Do what the protocol wants: send, close, or know whether the connection is idle."""
        if isinstance(event, Updated):
            self._waits_for_request = event.idle
            if self._is_over:
                return

        await super().protocol_send(event)

    def hold(self) -> None:
        """Read nothing for a while, so that what has been read can become a request."""
        self.transport.pause_reading()

    def close_or_go_on(self) -> None:
        """Close the connection, unless it has got a request after all."""
        if self.is_idle and not has_unread_data(self.transport):
            self.close()

        if not self.transport.is_closing():
            self.transport.resume_reading()

    def cancel_requests(self) -> None:
        """Cancel the application."""
        self._tasks.cancel_applications()

    def abort(self) -> None:
        """Cut the connection."""
        self.transport.abort()

    def close(self) -> None:
        """Close an idle connection; over HTTP/2 its client is told first, and has a moment to hear of it."""
        last_words = b"" if self._choice is None else self._choice.protocol.last_words()
        if self.transport.is_closing() or not last_words:
            self.writer.close()
            return

        self._waits_for_request = False
        self.writer.write(last_words)
        self.loop.call_later(_LAST_MOMENT, self.writer.close)

    def end_websockets(self) -> None:
        """Close it if it is a WebSocket; of its streams, those that are."""
        if self._choice is not None and not self._is_over:
            self._tasks.spawn(self._choice.protocol.end_websockets)

    async def _idle_timeout(self) -> None:
        seconds = self._patience()
        if seconds is None:
            return

        await asyncio.sleep(seconds)
        # The end of an answer may still be on its way.
        while not self._is_done():  # noqa: ASYNC110  # Hypercorn's buffers have no event for it
            await asyncio.sleep(_TICK)

        self.close()

    def _patience(self) -> float | None:
        """Return the seconds that the client may still be silent, or take for a head; None for any time."""
        state, is_used = self._engine_state, self.application.is_used
        protocol = None if self._choice is None else self._choice.protocol
        if isinstance(protocol, Http2Protocol):
            return state.idle_timeout if is_used else state.idle_timeout or state.head_timeout

        head_since = None if protocol is None else protocol.head_since
        since = head_since if is_used else self._since
        if since is None:
            return state.idle_timeout

        if state.head_timeout is None:
            return None

        return max(0.0, since + state.head_timeout - self.loop.time())

    def _is_done(self) -> bool:
        return self._choice is None or isinstance(self._choice.protocol, Http1Protocol) or self.is_idle

    def _choose_protocol(self) -> "_ProtocolChoice":
        socket = self.transport.get_extra_info("socket")
        encrypted = self.transport.get_extra_info("ssl_object")
        agreed = None if encrypted is None else encrypted.selected_alpn_protocol()
        return _ProtocolChoice(
            self.app,
            self.config,
            self._engine_state,
            self._tasks,
            ConnectionState(self.state),
            encrypted is not None,
            parse_socket_addr(socket.family, socket.getpeername()),
            parse_socket_addr(socket.family, socket.getsockname()),
            self.protocol_send,
            is_http2=agreed == "h2" or "1" not in self._engine_state.offers,
        )


class _ProtocolChoice(ProtocolWrapper):
    """Speak HTTP/2 where it is agreed upon, or where a client begins with it; else HTTP/1."""

    protocol: Http1Protocol | Http2Protocol

    def __init__(self, *args: Any, is_http2: bool) -> None:
        # Hypercorn's own would make protocols of its own.
        self.protocol = Http2Protocol(*args) if is_http2 else Http1Protocol(*args)
        self._arguments = args

    async def handle(self, event: Event) -> None:
        """Take what the client sends."""
        try:
            await self.protocol.handle(event)
        except H2ProtocolAssumedError as error:
            self.protocol = Http2Protocol(*self._arguments)
            await self.protocol.initiate()
            await self.protocol.send(Updated(idle=True))
            await self.protocol.handle(RawData(error.data))
