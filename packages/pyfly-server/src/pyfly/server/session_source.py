# SPDX-License-Identifier: Apache-2.0
"""What a server adapter offers to those that run it in a process."""

from collections.abc import Callable
from typing import Protocol

from pyfly.server.asgi import Application
from pyfly.server.listeners import BoundSockets
from pyfly.server.plan import ServerPlan
from pyfly.server.session import ServingSession
from pyfly.server.types import ServerInfo

__all__ = ["SessionSource"]


class SessionSource(Protocol):
    """Bind the address of a server, and make sessions on it."""

    @property
    def server_info(self) -> ServerInfo:
        """Describe the server; the address is known from `bind` on."""
        ...

    def bind(self, plan: ServerPlan, *, event_loop: str = ...) -> BoundSockets:
        """Take the address.

        Raises:
            AddressUnavailableError: The address cannot be bound.
        """
        ...

    def new_session(
        self,
        application: Application,
        plan: ServerPlan,
        sockets: BoundSockets,
        *,
        on_started: Callable[[], None] = ...,
        on_used_up: Callable[[], None] = ...,
    ) -> ServingSession:
        """Make a session in the running event loop."""
        ...

    def on_serve_stop(self) -> None:
        """Hear that the server has stopped."""
        ...
