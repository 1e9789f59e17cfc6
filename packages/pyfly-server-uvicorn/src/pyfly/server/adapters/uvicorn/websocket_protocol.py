# SPDX-License-Identifier: Apache-2.0
"""A WebSocket connection: Uvicorn's, counted and logged like requests."""

import asyncio
import logging
from typing import Any, Final

from uvicorn._types import ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.utils import get_client_addr, get_path_with_query_string
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from pyfly.server.adapters.uvicorn.cut_requests import is_worth_a_line, request_logger
from pyfly.server.adapters.uvicorn.engine_state import EngineState

__all__ = ["WebSocketProtocol"]

_access: Final = logging.getLogger("uvicorn.access")

# Uvicorn and websockets tell of each connection at level INFO, whether an access log is wanted or not.
_logger: Final = request_logger.getChild("websocket")
_logger.addFilter(is_worth_a_line)


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Serve one WebSocket."""

    def __init__(
        self,
        config: Config,
        server_state: EngineState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = self.conn.logger = _logger
        self._state = server_state

    @property
    def is_idle(self) -> bool:
        """Whether the handshake is over, so that the WebSocket can be closed."""
        return self.handshake_complete

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._state.limit.leave(self.transport)
        super().connection_lost(exc)

    def drain(self) -> None:
        """Go on: a WebSocket ends when it is told to."""

    async def run_asgi(self) -> None:
        """Run the application."""
        self._state.websockets += 1
        await super().run_asgi()

    async def send(self, message: ASGISendEvent) -> None:
        """Pass a message of the application on to the client."""
        answered = self.handshake_complete or self.initial_response is not None
        await super().send(message)
        if self._state.access_log and not answered:
            self._log_access(message)

    def _log_access(self, message: ASGISendEvent) -> None:
        kind = message["type"]
        status = {"websocket.accept": 101, "websocket.close": 403}.get(kind, message.get("status"))
        _access.info(
            '%s - "GET %s WebSocket" %s',
            get_client_addr(self.scope),
            get_path_with_query_string(self.scope),
            status,
        )
