# SPDX-License-Identifier: Apache-2.0
"""Uvicorn at work in a running event loop.

Uvicorn's own ``serve`` hears signals, runs the lifespan, and waits without end for clients that do not read.
This engine uses what is below that: the protocols of its connections and the parts that make them. They are
not all documented: the version of Uvicorn is pinned to the one that has them.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final, cast

import uvicorn

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.adapters.uvicorn.cut_requests import cut
from pyfly.server.adapters.uvicorn.engine_state import EngineState
from pyfly.server.adapters.uvicorn.http_protocol import HttpProtocol
from pyfly.server.adapters.uvicorn.websocket_protocol import WebSocketProtocol
from pyfly.server.asgi import Application, Receive, Scope, Send
from pyfly.server.engine import EngineSettings, ServerSockets
from pyfly.server.tls import TlsSettings
from pyfly.server.unread_data import has_unread_data

__all__ = ["UvicornEngine"]

_TICK: Final = 0.01
_CUT: Final = 0.25
"""Seconds in which cancelled requests come to their end, and again those in which their connections do."""

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class UvicornEngine:
    """Answer connections with Uvicorn.

    Args:
        settings: How.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._state = EngineState(settings)
        self._server: uvicorn.Server | None = None
        self._clock: asyncio.Task[None] | None = None

    async def start(self, app: Application, state: MutableMapping[str, Any], sockets: ServerSockets) -> None:
        """Accept connections from now on."""
        access_logger = logging.getLogger("uvicorn.access")
        if self._settings.access_log and access_logger.level == logging.NOTSET:
            access_logger.setLevel(logging.INFO)

        # Whatever logging was set up or released before: each WebSocket would be a line otherwise.
        logging.getLogger("uvicorn.error.request.websocket").setLevel(logging.WARNING)
        config = self._config()
        config.load()
        config.loaded_app = app
        server = uvicorn.Server(config)
        server.server_state = self._state
        server.lifespan = config.lifespan_class(config)
        server.lifespan.state = dict(state)
        # The date of answers; from here on the task below keeps it.
        await server.on_tick(0)
        await server.startup(sockets=list(sockets.stream))
        self._server = server
        self._clock = asyncio.create_task(server.main_loop(), name="uvicorn-clock")

    def stop_accepting(self) -> None:
        """Close the listening sockets; answers from now on end their connections."""
        self._state.drain()
        if self._server is not None:
            for listener in self._server.servers:
                listener.close()

        for connection in self._connections():
            connection.drain()

    async def finish(self, timeout: float) -> None:
        """Close idle connections, let answers complete, and return when no connection is left."""
        self.stop_accepting()
        deadline = asyncio.get_running_loop().time() + timeout
        if not await self._ended(deadline, self._close_idle_connections):
            await self._cut()

        self._state.ended = True
        if self._clock is not None:
            self._clock.cancel()
            with suppress(asyncio.CancelledError):
                await self._clock

            self._clock = None

    @property
    def connections(self) -> int:
        """The number of open connections."""
        return len(self._state.connections)

    @property
    def requests(self) -> int:
        """The number of answers and WebSockets so far."""
        return self._state.total_requests + self._state.websockets

    def _config(self) -> uvicorn.Config:
        settings = self._settings
        return uvicorn.Config(
            _never_called,
            loop="none",
            http=HttpProtocol,
            ws=WebSocketProtocol,
            lifespan="off",
            log_config=None,
            interface="asgi3",
            workers=1,
            proxy_headers=False,
            backlog=settings.backlog,
            timeout_keep_alive=settings.keep_alive_timeout,
            ssl_context_factory=None if settings.tls is None else _context_factory(settings.tls),
        )

    def _connections(self) -> list[HttpProtocol | WebSocketProtocol]:
        return list(cast(set[HttpProtocol | WebSocketProtocol], self._state.connections))

    def _close_idle_connections(self) -> None:
        for connection in self._connections():
            if connection.is_idle and not has_unread_data(connection.transport):
                connection.shutdown()

    async def _ended(self, deadline: float, step: Callable[[], None] = lambda: None) -> bool:
        """Repeat a step until nothing is left, or the deadline has come; tell which."""
        loop = asyncio.get_running_loop()
        # A connection that is accepted shows up in one of the next rounds of the loop.
        for _ in range(5):
            await asyncio.sleep(0)

        while self._state.connections or self._state.tasks:
            remaining = deadline - loop.time()
            if remaining <= 0:
                return False

            step()
            await asyncio.sleep(min(_TICK, remaining))

        return True

    async def _cut(self) -> None:
        loop = asyncio.get_running_loop()
        _logger.warning(
            "requests_cut", requests=len(self._state.tasks), connections=len(self._state.connections)
        )
        for task in self._state.tasks:
            cut(task)

        if await self._ended(loop.time() + _CUT, self._close_idle_connections):
            return

        for connection in self._connections():
            connection.transport.abort()

        if not await self._ended(loop.time() + _CUT):
            _logger.error("requests_not_ended", requests=len(self._state.tasks))


def _context_factory(
    tls: TlsSettings,
) -> Callable[[uvicorn.Config, Callable[[], ssl.SSLContext]], ssl.SSLContext]:
    return lambda config, default: tls.context(["http/1.1"])


async def _never_called(scope: Scope, receive: Receive, send: Send) -> None:
    # Uvicorn calls the application that it is given, without arguments, to see whether it is a factory.
    raise AssertionError("the application takes its place")
