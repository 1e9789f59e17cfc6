# SPDX-License-Identifier: Apache-2.0
"""The server that this process runs, for beans that want to know it.

The bean in the container is another object than the adapter that serves: the launcher made that one.
"""

import time
from dataclasses import dataclass, field

from pyfly.server.session import ServingSession
from pyfly.server.types import ServerInfo

__all__ = ["ActiveServer", "active_server", "set_active_server"]


@dataclass(frozen=True, slots=True)
class ActiveServer:
    """Name a server that runs.

    Attributes:
        info: Its effective values.
        session: What runs.
        since: When it began, by ``time.monotonic()``.
    """

    info: ServerInfo
    session: ServingSession
    since: float = field(default_factory=time.monotonic)


_active: list[ActiveServer] = []


def active_server() -> ActiveServer | None:
    """Return the server that was started last and still runs in this process; None for none."""
    return _active[-1] if _active else None


def set_active_server(server: ActiveServer) -> None:
    """Tell that a server runs."""
    _active.append(server)


def clear_active_server(server: ActiveServer) -> None:
    """Tell that a server runs no longer; without effect if it is not known."""
    if server in _active:
        _active.remove(server)
