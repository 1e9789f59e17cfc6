# SPDX-License-Identifier: Apache-2.0
"""What a server library has to do; everything around it is the same for all of them.

The address is bound, the application is started and stopped, and signals are heard by this distribution. An
engine answers connections in between, in the event loop that runs.
"""

import socket
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from pyfly.config.properties.server import GranianProperties
from pyfly.server.asgi import Application
from pyfly.server.tls import TlsSettings

__all__ = ["EngineSettings", "ServerEngine", "ServerSockets"]

_HEAD_TIMEOUT: Final = 30


@dataclass(frozen=True, slots=True)
class ServerSockets:
    """Hold the sockets that are bound for a server.

    Attributes:
        stream: Listening sockets, TCP or Unix.
        quic: UDP sockets for HTTP/3; empty where it is not offered.
    """

    stream: tuple[socket.socket, ...]
    quic: tuple[socket.socket, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Tell an engine how to answer connections; all values are checked.

    Attributes:
        http: ``auto``, ``1``, ``2`` or ``3``.
        backlog: Connections that may wait to be accepted.
        keep_alive_timeout: Seconds after which an idle connection is closed; 0 for no keep-alive.
        request_header_timeout: Seconds for the head of a request over HTTP/1; 0 for any time, None for the
            default of 30.
        max_concurrent_connections: Connections at once; None for no limit.
        tls: How connections are encrypted; None for plain ones.
        access_log: Whether each request is logged.
        granian: Settings of Granian alone.
    """

    http: str = "auto"
    backlog: int = 1024
    keep_alive_timeout: int = 5
    request_header_timeout: int | None = None
    max_concurrent_connections: int | None = None
    tls: TlsSettings | None = None
    access_log: bool = False
    granian: GranianProperties = field(default_factory=GranianProperties)

    @property
    def head_timeout(self) -> float | None:
        """Seconds for the head of a request; None for any time."""
        timeout = _HEAD_TIMEOUT if self.request_header_timeout is None else self.request_header_timeout
        return float(timeout) or None


class ServerEngine(Protocol):
    """Answer connections with one server library, from `start` to `finish`, in one event loop."""

    async def start(self, app: Application, state: MutableMapping[str, Any], sockets: ServerSockets) -> None:
        """Accept connections from now on.

        Args:
            app: The application; it gets ``http`` and ``websocket`` scopes alone, no ``lifespan``.
            state: What the lifespan has left; each scope has a shallow copy of it under ``state``.
            sockets: Where to accept; `stop_accepting` closes them.

        Raises:
            OSError: A socket cannot be used.
        """
        ...

    def stop_accepting(self) -> None:
        """Close the listening sockets of this process; connections stay. Safe to call twice.

        An engine that cannot do it alone does it in `finish`.
        """
        ...

    async def finish(self, timeout: float) -> None:
        """Close idle connections, let answers complete, and return when no connection is left.

        Requests that are not answered in time are cancelled and their connections cut, whatever their clients
        do. An answer that ends a connection says so (``Connection: close``).

        Args:
            timeout: Seconds for the answers; 0 to cut at once.
        """
        ...

    @property
    def connections(self) -> int | None:
        """The number of open connections; None where the library cannot tell."""
        ...

    @property
    def requests(self) -> int | None:
        """The number of requests so far; None where the library cannot tell."""
        ...
