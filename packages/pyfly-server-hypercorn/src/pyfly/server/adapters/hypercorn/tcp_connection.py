# SPDX-License-Identifier: Apache-2.0
"""A connection over TCP or a Unix socket, from its first byte to its end."""

import asyncio
from typing import Final

from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.config import Config
from hypercorn.events import Event, RawData, Updated
from hypercorn.protocol import ProtocolWrapper
from hypercorn.protocol.h11 import H2ProtocolAssumedError
from hypercorn.typing import ConnectionState
from hypercorn.utils import parse_socket_addr

from pyfly.server.adapters.hypercorn.connection_tasks import ConnectionTasks
from pyfly.server.adapters.hypercorn.engine_state import ConnectionApplication, EngineState
from pyfly.server.adapters.hypercorn.http1_protocol import Http1Protocol
from pyfly.server.adapters.hypercorn.http2_protocol import Http2Protocol

_H2: Final = "h2"


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

    protocol: "_ProtocolChoice"

    def __init__(
        self,
        application: ConnectionApplication,
        config: Config,
        state: EngineState,
        lifespan_state: dict[str, object],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(application, loop, config, state, lifespan_state, reader, writer)
        self._engine_state = state
        self._tasks = ConnectionTasks(loop)
        self._waits_for_request = False
        self._patience = state.head_timeout

    @property
    def transport(self) -> asyncio.WriteTransport:
        """What data goes through."""
        return self.writer.transport

    @property
    def is_idle(self) -> bool:
        """Whether no request is being received or answered."""
        return self._waits_for_request and self.protocol.protocol.is_idle

    async def run(self) -> None:
        """Serve until the connection ends."""
        try:
            async with self._tasks:
                self._task_group = self._tasks
                self.protocol = self._choose_protocol()
                await self.protocol.initiate()
                await self.protocol_send(Updated(idle=True))
                await self._read_data()
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

        await super().protocol_send(event)

    def close(self) -> None:
        """Close an idle connection."""
        protocol = self.protocol.protocol
        if isinstance(protocol, Http2Protocol) and not self.transport.is_closing():
            self.writer.write(protocol.last_words())

        self.writer.close()

    def end_websockets(self) -> None:
        """Close it, or its streams, if they are WebSockets."""
        if self._waits_for_request or not hasattr(self, "protocol"):
            return

        self._tasks.spawn(self.protocol.protocol.end_websocket)

    async def _idle_timeout(self) -> None:
        patience, self._patience = self._patience, self._engine_state.idle_timeout
        await asyncio.sleep(patience)
        self.close()

    def _choose_protocol(self) -> "_ProtocolChoice":
        socket = self.transport.get_extra_info("socket")
        encrypted = self.transport.get_extra_info("ssl_object")
        chosen = None if encrypted is None else encrypted.selected_alpn_protocol()
        return _ProtocolChoice(
            self.app,
            self.config,
            self.context,
            self._tasks,
            ConnectionState(self.state),
            encrypted is not None,
            parse_socket_addr(socket.family, socket.getpeername()),
            parse_socket_addr(socket.family, socket.getsockname()),
            self.protocol_send,
            _H2 if "1" not in self._engine_state.offers else chosen,
        )


class _ProtocolChoice(ProtocolWrapper):
    """Speak HTTP/2 where it is agreed upon, or where a client begins with it; else HTTP/1."""

    protocol: Http1Protocol | Http2Protocol

    async def initiate(self) -> None:
        is_http2 = not isinstance(self.protocol, Http1Protocol) and self._speaks_http2
        self.protocol = (Http2Protocol if is_http2 else Http1Protocol)(*self._arguments)
        await self.protocol.initiate()
