# SPDX-License-Identifier: Apache-2.0
"""Hypercorn at work in a running event loop.

Hypercorn's own ``serve`` runs the lifespan, and at its end drops requests that are on their way and waits for
clients that do not read. This engine uses what is below that: its protocols and streams. They are not all
documented: the version of Hypercorn is pinned to the one that has them.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import MutableMapping
from typing import Any, Final, Protocol

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.adapters.hypercorn.engine_config import EngineConfig
from pyfly.server.adapters.hypercorn.engine_state import ConnectionApplication, EngineState
from pyfly.server.adapters.hypercorn.tcp_connection import TcpConnection
from pyfly.server.asgi import Application
from pyfly.server.engine import EngineSettings, ServerSockets

__all__ = ["HypercornEngine"]

_ALPN: Final = {"1": ["http/1.1"], "2": ["h2"]}
_ALL: Final = ["h2", "http/1.1"]
_TICK: Final = 0.01
_ROUNDS: Final = 5
"""Rounds of the event loop in which a connection that is accepted, or data that is read, shows up."""
_CUT: Final = 0.25
"""Seconds in which cancelled requests come to their end, and again those in which their connections do."""

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class _Connection(Protocol):
    """The parts of a connection that an engine uses, whatever it goes over."""

    application: ConnectionApplication

    @property
    def is_idle(self) -> bool: ...

    async def run(self) -> None: ...

    def hold(self) -> None: ...

    def close_or_go_on(self) -> None: ...

    def end_websockets(self) -> None: ...

    def cancel_requests(self) -> None: ...

    def abort(self) -> None: ...


class HypercornEngine:
    """Answer connections with Hypercorn.

    Args:
        settings: How.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._state = EngineState(settings)
        self._listeners: list[asyncio.Server] = []
        self._endpoints: list[asyncio.DatagramTransport] = []
        self._connections: dict[asyncio.Task[None], _Connection] = {}
        self._has_ended = False

    async def start(self, app: Application, state: MutableMapping[str, Any], sockets: ServerSockets) -> None:
        """Accept connections from now on."""
        access_logger = logging.getLogger("hypercorn.access")
        if self._settings.access_log and access_logger.level == logging.NOTSET:
            access_logger.setLevel(logging.INFO)

        quic_port = sockets.quic[0].getsockname()[1] if sockets.quic else None
        config = EngineConfig(self._settings, quic_port=quic_port)
        lifespan_state = dict(state)

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            application = ConnectionApplication(app, self._state)
            self._serve(TcpConnection(application, config, self._state, lifespan_state, reader, writer))

        for stream in sockets.stream:
            listener = await asyncio.start_server(
                accept, sock=stream, backlog=self._settings.backlog, ssl=self._tls()
            )
            self._listeners.append(listener)

        for datagrams in sockets.quic:
            await self._open_endpoint(datagrams, app, config, lifespan_state)

    def stop_accepting(self) -> None:
        """Close the listening sockets; answers from now on end their connections.

        The sockets of HTTP/3 stay open for the connections that there are.
        """
        self._state.drain()
        for listener in self._listeners:
            listener.close()

    async def finish(self, timeout: float) -> None:
        """Close idle connections, let answers complete, and return when no connection is left."""
        self.stop_accepting()
        await _rounds()
        for connection in self._connections.values():
            connection.end_websockets()

        if not await self._ended(timeout):
            await self._cut()

        self._has_ended = True
        for endpoint in self._endpoints:
            endpoint.close()

        await _rounds()

    @property
    def connections(self) -> int:
        """The number of open connections."""
        return len(self._connections)

    @property
    def requests(self) -> int:
        """The number of requests and WebSockets so far."""
        return self._state.requests

    def _tls(self) -> ssl.SSLContext | None:
        tls = self._settings.tls
        return None if tls is None else tls.context(_ALPN.get(self._settings.http, _ALL))

    async def _open_endpoint(
        self, datagrams: socket.socket, app: Application, config: EngineConfig, lifespan_state: dict[str, Any]
    ) -> None:
        # aioquic is an extra: without HTTP/3 it need not be there.
        from pyfly.server.adapters.hypercorn.quic_connection import Quic, QuicConnection, quic_endpoint

        def connect(quic: Quic) -> QuicConnection:
            application = ConnectionApplication(app, self._state)
            return QuicConnection(quic, application, config, self._state, lifespan_state, self._serve)

        assert self._settings.tls is not None
        endpoint = quic_endpoint(self._settings.tls, self._state, connect)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(endpoint, sock=datagrams)
        self._endpoints.append(transport)

    def _serve(self, connection: _Connection) -> None:
        if self._has_ended:
            connection.abort()
            return

        connection.application.arrive()
        task = asyncio.create_task(connection.run())
        self._connections[task] = connection
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        connection = self._connections.pop(task)
        connection.application.leave()
        connection.abort()
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("connection_failed", exc_info=error)

    async def _close_idle_connections(self) -> None:
        idle = [connection for connection in self._connections.values() if connection.is_idle]
        for connection in idle:
            connection.hold()

        await _rounds()
        for connection in idle:
            connection.close_or_go_on()

    async def _ended(self, timeout: float) -> bool:
        """Close connections as they become idle until none is left, or the time is over; tell which."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while self._connections:
            remaining = deadline - loop.time()
            if remaining <= 0:
                return False

            await self._close_idle_connections()
            await asyncio.sleep(min(_TICK, remaining))

        return True

    async def _cut(self) -> None:
        _logger.warning("requests_cut", connections=len(self._connections))
        for connection in self._connections.values():
            connection.cancel_requests()

        if await self._ended(_CUT):
            return

        for task, connection in self._connections.items():
            task.cancel()
            connection.abort()

        _, remaining = await asyncio.wait(self._connections, timeout=_CUT)
        if remaining:
            _logger.error("requests_not_ended", connections=len(remaining))


async def _rounds() -> None:
    for _ in range(_ROUNDS):
        await asyncio.sleep(0)
