# SPDX-License-Identifier: Apache-2.0
"""What the connections of one engine share."""

from typing import Final

from uvicorn.server import ServerState

from pyfly.server.connection_limit import ConnectionLimit
from pyfly.server.engine import EngineSettings

_FIRST_HEAD: Final = 30.0
"""Seconds for the head of a request where connections are not kept alive."""


class EngineState(ServerState):
    """Tell connections how to behave, and count their requests.

    Args:
        settings: How connections are answered.

    Attributes:
        access_log: Whether each request is logged.
        draining: Whether connections end with the request that they have.
        ended: Whether no connection is wanted any more.
        head_timeout: Seconds in which a client has to send the head of its next request.
        keep_alive: Whether connections serve more than one request.
        limit: How many connections are served.
        requests: How many requests and WebSockets have come.
    """

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__()
        self.access_log = settings.access_log
        self.draining = False
        self.ended = False
        self.head_timeout = float(settings.keep_alive_timeout) or _FIRST_HEAD
        self.keep_alive = settings.keep_alive_timeout > 0
        self.limit = ConnectionLimit(settings.max_concurrent_connections)
        self.requests = 0
