# SPDX-License-Identifier: Apache-2.0
"""What the connections of one engine share."""

import time

from uvicorn.server import ServerState

from pyfly.server.connection_limit import ConnectionLimit
from pyfly.server.engine import EngineSettings

__all__ = ["EngineState"]


class EngineState(ServerState):
    """Tell connections how to behave, and count their requests.

    Args:
        settings: How connections are answered.

    Attributes:
        access_log: Whether each request is logged.
        draining_since: When connections began to end with the requests that they have, by
            ``time.monotonic()``; None before.
        ends_connections: Whether an answer over HTTP/1 ends its connection.
        ended: Whether no connection is wanted any more.
        head_timeout: Seconds in which a client has to send the head of a request; None for any time.
        keep_alive: Whether connections serve more than one request.
        limit: How many connections are served.
        websockets: How many WebSockets have come.
    """

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__()
        self.access_log = settings.access_log
        self.draining_since: float | None = None
        self.ended = False
        self.head_timeout = settings.head_timeout
        self.keep_alive = settings.keep_alive_timeout > 0
        self.ends_connections = not self.keep_alive
        self.limit = ConnectionLimit(settings.max_concurrent_connections)
        self.websockets = 0

    def drain(self) -> None:
        """Let connections end with the requests that they have."""
        if self.draining_since is None:
            self.draining_since = time.monotonic()
            self.ends_connections = True

    def has_drained_for(self, seconds: float) -> bool:
        """Tell whether connections have been ending for some time."""
        return self.draining_since is not None and time.monotonic() - self.draining_since >= seconds
