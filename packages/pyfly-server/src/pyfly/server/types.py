# SPDX-License-Identifier: Apache-2.0
"""Values that describe a server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Describe a server as it runs.

    Attributes:
        name: The server's name, as ``pyfly.server.type`` takes it.
        version: The version of the server library, ``"unknown"`` when it cannot be told.
        workers: The number of worker processes; 0 before start.
        event_loop: The name of the event loop in use; ``"unknown"`` before start.
        http_protocol: The protocols offered: ``"h1"``, ``"h2"``, ``"h3"`` or several joined by ``+``;
            ``"unknown"`` before start.
        host: The address that the server is bound to.
        port: The TCP port that the server is bound to; 0 before start.
    """

    name: str
    version: str
    workers: int
    event_loop: str
    http_protocol: str
    host: str
    port: int
