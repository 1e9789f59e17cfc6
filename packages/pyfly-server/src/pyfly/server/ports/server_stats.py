# SPDX-License-Identifier: Apache-2.0
"""What a server tells about itself while it runs."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

__all__ = ["ServerStats", "ServerStatsPort"]


@dataclass(frozen=True, slots=True)
class ServerStats:
    """Count what a server does, in this process.

    Attributes:
        workers: Worker processes.
        server_uptime_seconds: Seconds since this worker began to serve; 0.0 when it does not.
        worker_pid: The id of this process.
        active_connections: Open connections; None where the server cannot tell.
        total_requests: Requests so far; None where the server cannot tell.
    """

    workers: int
    server_uptime_seconds: float
    worker_pid: int
    active_connections: int | None = None
    total_requests: int | None = None


@runtime_checkable
class ServerStatsPort(Protocol):
    """Sample a server that runs in this process."""

    def sample(self) -> ServerStats | None:
        """Return what the server counts now; cheap, and safe from any thread."""
        ...

    def on_serve_start(self) -> None:
        """Hear that the server accepts connections."""
        ...

    def on_serve_stop(self) -> None:
        """Hear that the server has stopped."""
        ...
