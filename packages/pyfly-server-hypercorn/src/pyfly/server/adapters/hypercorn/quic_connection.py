# SPDX-License-Identifier: Apache-2.0
"""A connection over QUIC, from its handshake to its end, and the endpoint that all of them share."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import QuicServer
from aioquic.h3.connection import H3_ALPN, ErrorCode
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import NetworkAddress
from aioquic.quic.connection import QuicConnection as Quic
from aioquic.quic.events import ConnectionTerminated, ProtocolNegotiated, QuicEvent
from aioquic.quic.packet import QuicErrorCode
from hypercorn.config import Config
from hypercorn.typing import ConnectionState

from pyfly.server.adapters.hypercorn.connection_tasks import ConnectionTasks
from pyfly.server.adapters.hypercorn.engine_state import ConnectionApplication, EngineState
from pyfly.server.adapters.hypercorn.http3_protocol import Http3Protocol
from pyfly.server.tls import TlsSettings

__all__ = ["Quic", "QuicConnection", "quic_endpoint"]

_TICK: Final = 0.25
_SHORTEST_PATIENCE: Final = 1.0
_PING: Final = 15.0
_UNREAD: Final = 1024 * 1024
_WITHOUT_CONTENT: Final = 256
"""Bytes of a datagram that only confirms what has come."""


class QuicConnection(QuicConnectionProtocol):
    """Serve one connection.

    Args:
        quic: The connection, as aioquic has it.
        application: The application as this connection sees it.
        config: Hypercorn's configuration.
        state: What the connections share.
        lifespan_state: What the lifespan has left.
        opened: Called when the client has agreed on HTTP/3.
    """

    def __init__(
        self,
        quic: Quic,
        application: ConnectionApplication,
        config: Config,
        state: EngineState,
        lifespan_state: dict[str, Any],
        opened: Callable[["QuicConnection"], None],
    ) -> None:
        super().__init__(quic)
        self.application = application
        self._config = config
        self._state = state
        self._lifespan_state = lifespan_state
        self._opened = opened
        self._tasks = ConnectionTasks(self._loop)
        self._arrived: asyncio.Queue[QuicEvent] | None = None
        self._client: NetworkAddress | None = None
        self._http: Http3Protocol | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        if self._http is None or self._arrived is None:
            return False

        return self._arrived.empty() and self._http.is_idle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)
        self._datagrams = transport

    def datagram_received(self, data: bytes | str, addr: NetworkAddress) -> None:
        """Take a datagram; one with content is lost, and comes again, while enough of it waits already."""
        if self._http is not None:
            if self._http.unread > _UNREAD and len(data) > _WITHOUT_CONTENT:
                return

            self._http.progress()

        self._client = addr
        super().datagram_received(data, addr)

    def quic_event_received(self, event: QuicEvent) -> None:
        """Keep an event for `run`."""
        if isinstance(event, ProtocolNegotiated):
            self._arrived = asyncio.Queue()
            self._opened(self)
        elif self._arrived is not None:
            self._arrived.put_nowait(event)

    def transmit(self) -> None:
        """Send what there is to send."""
        if not self._datagrams.is_closing():
            super().transmit()

    async def run(self) -> None:
        """Serve until the connection ends."""
        assert self._arrived is not None
        async with self._tasks:
            http = self._http = Http3Protocol(
                self.application,
                self._config,
                self._state,
                self._tasks,
                ConnectionState(self._lifespan_state),
                self._client[:2] if self._client else None,
                self._datagrams.get_extra_info("sockname")[:2],
                self._quic,
                self._transmit,
            )
            await self._serve(http, self._arrived)
            await self._tasks.end()

    def end_websockets(self) -> None:
        """Close its WebSockets."""
        if self._http is not None:
            self._tasks.spawn(self._http.end_websockets)

    def hold(self) -> None:
        """Do nothing: what has come is known at once."""

    def close_or_go_on(self) -> None:
        """Close the connection, unless it has got a request after all."""
        if self.is_idle:
            self.abort()

    def cancel_requests(self) -> None:
        """Cancel the application."""
        self._tasks.cancel_applications()

    def abort(self) -> None:
        """Close the connection, whatever it does; its client is told."""
        self.close(ErrorCode.H3_NO_ERROR)

    async def _serve(self, http: Http3Protocol, arrived: "asyncio.Queue[QuicEvent]") -> None:
        busy = pinged = self._loop.time()
        while True:
            try:
                async with asyncio.timeout(_TICK):
                    event = await arrived.get()
            except TimeoutError:
                now = self._loop.time()
                if not http.is_idle:
                    busy = now
                    if now - pinged >= _PING:
                        pinged = now
                        self._quic.send_ping(0)
                        self.transmit()
                elif self._patience is not None and now - busy >= self._patience:
                    self.abort()
                    return
            else:
                busy = self._loop.time()
                await http.handle(event)
                self.transmit()
                if isinstance(event, ConnectionTerminated):
                    return

    @property
    def _patience(self) -> float | None:
        timeout: float | None = self._state.idle_timeout
        if not timeout and not self.application.is_used:
            timeout = self._state.head_timeout

        return None if timeout is None else max(timeout, _SHORTEST_PATIENCE)

    async def _transmit(self) -> None:
        self.transmit()


class _RefusedConnection(QuicConnectionProtocol):
    """Send a client away: there are no new connections any more."""

    def datagram_received(self, data: bytes | str, addr: NetworkAddress) -> None:
        super().datagram_received(data, addr)
        self.close(QuicErrorCode.CONNECTION_REFUSED)


def quic_endpoint(
    tls: TlsSettings, state: EngineState, connection: Callable[[Quic], QuicConnection]
) -> Callable[[], QuicServer]:
    """Return what makes the protocol of a UDP socket.

    Args:
        tls: How connections are encrypted.
        state: What the connections share.
        connection: Makes a connection.
    """
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain(tls.certificate, tls.key, tls.password)

    def connect(quic: Quic, stream_handler: object = None) -> QuicConnectionProtocol:
        return connection(quic) if state.draining_since is None else _RefusedConnection(quic)

    return lambda: QuicServer(configuration=configuration, create_protocol=connect)
