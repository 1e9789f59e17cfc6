# SPDX-License-Identifier: Apache-2.0
"""How many connections an engine serves at once, and what the others are told."""

import logging
from typing import Final

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.asgi import Receive, Scope, Send

__all__ = ["ConnectionLimit", "too_many_connections"]

_BODY: Final = b"Service Unavailable"

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class ConnectionLimit:
    """Admit connections up to a number; one that leaves makes room for another.

    A connection beyond the limit is not cut: `too_many_connections` answers its requests until there is room.
    The log tells once that the limit is reached, and again only after no connection was too many.

    Args:
        maximum: Connections at once; None for no limit.
    """

    def __init__(self, maximum: int | None) -> None:
        self._maximum = maximum
        self._admitted: set[object] = set()
        self._refused: set[object] = set()

    def admit(self, connection: object) -> bool:
        """Tell whether a connection is served; ask when it comes and before each of its requests."""
        if self._maximum is None or connection in self._admitted:
            return True

        if len(self._admitted) < self._maximum:
            self._admitted.add(connection)
            self._refused.discard(connection)
            return True

        if not self._refused:
            _logger.warning("connection_limit_reached", limit=self._maximum)

        self._refused.add(connection)
        return False

    def leave(self, connection: object) -> None:
        """Make room again; without effect on a connection that was not admitted."""
        self._admitted.discard(connection)
        self._refused.discard(connection)


async def too_many_connections(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 503, as an ASGI application, and end the connection where its protocol has a header for that."""
    is_websocket = scope["type"] == "websocket"
    if is_websocket and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return

    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(_BODY))]
    if scope["http_version"].startswith("1"):
        headers.append((b"connection", b"close"))

    kind = "websocket.http.response" if is_websocket else "http.response"
    await send({"type": f"{kind}.start", "status": 503, "headers": headers})
    await send({"type": f"{kind}.body", "body": _BODY})
