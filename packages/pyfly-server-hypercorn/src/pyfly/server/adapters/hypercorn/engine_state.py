# SPDX-License-Identifier: Apache-2.0
"""What the connections of one engine share."""

import time

from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable
from hypercorn.typing import Scope as HypercornScope

from pyfly.server.asgi import Application
from pyfly.server.connection_limit import ConnectionLimit, too_many_connections
from pyfly.server.engine import EngineSettings

__all__ = ["ConnectionApplication", "EngineState"]


class EngineState(WorkerContext):
    """Tell connections how to behave, and count their requests.

    Hypercorn's own marks of an end (``terminate``, ``terminated``) are never set: it drops requests then.

    Args:
        settings: How connections are answered.

    Attributes:
        draining_since: When connections began to end with the requests that they have, by
            ``time.monotonic()``; None before.
        head_timeout: Seconds in which a client has to send the head of a request; None for any time.
        idle_timeout: Seconds of silence that end a connection between requests.
        keep_alive: Whether connections over HTTP/1 serve more than one request.
        limit: How many connections are served.
        offers: The versions of HTTP that are offered.
    """

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__(None)
        self.draining_since: float | None = None
        self.head_timeout = settings.head_timeout
        self.idle_timeout = float(settings.keep_alive_timeout)
        self.keep_alive = settings.keep_alive_timeout > 0
        self.limit = ConnectionLimit(settings.max_concurrent_connections)
        self.offers = frozenset({"auto": "12", "1": "1", "2": "2", "3": "123"}[settings.http])

    def drain(self) -> None:
        """Let connections end with the requests that they have."""
        if self.draining_since is None:
            self.draining_since = time.monotonic()

    def has_drained_for(self, seconds: float) -> bool:
        """Tell whether connections have been ending for some time."""
        return self.draining_since is not None and time.monotonic() - self.draining_since >= seconds


class ConnectionApplication:
    """The application as one connection sees it; beyond the limit, what answers in its place.

    Args:
        application: The application.
        state: What the connections share.

    Attributes:
        is_used: Whether a request has come.
    """

    def __init__(self, application: Application, state: EngineState) -> None:
        self._application = application
        self._state = state
        self.is_used = False

    async def __call__(
        self,
        scope: HypercornScope,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
        sync_spawn: object,
        call_soon: object,
    ) -> None:
        """Answer a request."""
        self.is_used = True
        self._state.requests += 1
        is_served = self._state.limit.admit(self)
        await (self._application if is_served else too_many_connections)(scope, receive, send)  # type: ignore[arg-type]  # Hypercorn's own types of ASGI

    def arrive(self) -> None:
        """Take a place among the connections, if there is one."""
        self._state.limit.admit(self)

    def leave(self) -> None:
        """Make room for another connection."""
        self._state.limit.leave(self)
