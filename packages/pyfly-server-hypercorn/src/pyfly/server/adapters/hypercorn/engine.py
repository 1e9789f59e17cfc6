# SPDX-License-Identifier: Apache-2.0
"""Hypercorn at work in a running event loop.

Hypercorn's own ``serve`` runs the lifespan, and at its end drops requests that are on their way and waits for
clients that do not read. This engine uses what is below that: its protocols and streams. They are not all
documented: the version of Hypercorn is pinned to the one that has them.
"""

import asyncio
import logging
import ssl
from collections.abc import MutableMapping
from typing import Any, Final

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.adapters.hypercorn.engine_config import EngineConfig
from pyfly.server.adapters.hypercorn.engine_state import ConnectionApplication, EngineState
from pyfly.server.adapters.hypercorn.tcp_connection import TcpConnection
from pyfly.server.asgi import Application
from pyfly.server.engine import EngineSettings, ServerSockets
from pyfly.server.unread_data import has_unread_data

__all__ = ["HypercornEngine"]

_ALPN: Final = {"1": ["http/1.1"], "2": ["h2"]}
_ALL: Final = ["h2", "http/1.1"]
_TICK: Final = 0.01
_CUT: Final = 0.25
"""Seconds in which cancelled requests come to their end, and again those in which their connections do."""

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class HypercornEngine:
    """Answer connections with Hypercorn.

    Args:
        settings: How.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._state = EngineState(settings)
        self._listeners: list[asyncio.Server] = []
        self._connections: dict[asyncio.Task[None], TcpConnection] = {}
        self._ended = False

    async def start(self, app: Application, state: MutableMapping[str, Any], sockets: ServerSockets) -> None:
        """Accept connections from now on."""
        access_logger = logging.getLogger("hypercorn.access")
        if self._settings.access_log and access_logger.level == logging.NOTSET:
            access_logger.setLevel(logging.INFO)

        config = EngineConfig(self._settings, quic_port=None)
        lifespan_state = dict(state)

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._ended:
                writer.transport.abort()
                return

            application = ConnectionApplication(app, self._state)
            connection = TcpConnection(application, config, self._state, lifespan_state, reader, writer)
            task = asyncio.create_task(connection.run())
            self._connections[task] = connection
            task.add_done_callback(self._forget)

        for socket in sockets.stream:
            self._listeners.append(
                await asyncio.start_server(
                    accept, sock=socket, backlog=self._settings.backlog, ssl=self._tls()
                )
            )

    def stop_accepting(self) -> None:
        """Close the listening sockets; answers from now on end their connections."""
        self._state.drain()
        for listener in self._listeners:
            listener.close()

    async def finish(self, timeout: float) -> None:
        """Close idle connections, let answers complete, and return when no connection is left."""
        self.stop_accepting()
        loop = asyncio.get_running_loop()
        # A connection that is accepted shows up in one of the next rounds of the loop.
        for _ in range(5):
            await asyncio.sleep(0)

        for connection in self._connections.values():
            connection.end_websockets()

        deadline = loop.time() + timeout
        while self._connections and (remaining := deadline - loop.time()) > 0:
            await self._close_idle_connections()
            await asyncio.sleep(min(_TICK, remaining))

        await self._cut()
        self._ended = True

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

    async def _close_idle_connections(self) -> None:
        idle = [connection for connection in self._connections.values() if connection.is_idle]
        for connection in idle:
            connection.transport.pause_reading()

        # What has been read already becomes a request meanwhile.
        for _ in range(5):
            await asyncio.sleep(0)

        for connection in idle:
            if connection.is_idle and not has_unread_data(connection.transport):
                connection.close()
            else:
                connection.transport.resume_reading()

    async def _cut(self) -> None:
        if not self._connections:
            return

        _logger.warning("requests_cut", connections=len(self._connections))
        for task in self._connections:
            task.cancel()

        await asyncio.wait(self._connections, timeout=_CUT)
        for connection in self._connections.values():
            connection.transport.abort()

        if self._connections:
            await asyncio.wait(self._connections, timeout=_CUT)

        if self._connections:
            _logger.error("requests_not_ended", connections=len(self._connections))

    def _forget(self, task: asyncio.Task[None]) -> None:
        connection = self._connections.pop(task)
        connection.application.leave()
        connection.transport.abort()
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("connection_failed", exc_info=error)
