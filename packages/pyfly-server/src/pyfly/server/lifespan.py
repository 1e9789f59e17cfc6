# SPDX-License-Identifier: Apache-2.0
"""Watch how an application's lifespan start-up ends, at no cost to its requests worth naming."""

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pyfly.server.before_stop import BEFORE_STOP, BeforeStop

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
FailureListener = Callable[[BaseException | None, str], None]


def watch_lifespan(
    app: Application,
    *,
    started: Callable[[], None],
    failed: FailureListener,
    entered: Callable[[], None] = lambda: None,
    before_stop: BeforeStop | None = None,
) -> Application:
    """Wrap an ASGI application so that the end of its start-up is told.

    Args:
        app: The application.
        started: Called once when the start-up is complete, or when the application has no lifespan.
        failed: Called when the application reports a failure, with the exception (if one is being handled)
            and the message of the application. What it raises goes through the application.
        entered: Called in the event loop before the application's lifespan begins.
        before_stop: What the server awaits before it stops; the application finds it in the state.

    Returns:
        The application to serve.
    """

    def watched(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "lifespan":
            return run_lifespan(scope, receive, send)

        return app(scope, receive, send)

    async def run_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        settled = False
        if before_stop is not None:
            scope.setdefault("state", {})[BEFORE_STOP] = before_stop

        entered()

        async def watching_send(message: Message) -> None:
            nonlocal settled
            if message["type"] == "lifespan.startup.complete":
                settled = True
                await send(message)
                started()
            elif message["type"] == "lifespan.startup.failed":
                settled = True
                failed(sys.exc_info()[1], str(message.get("message", "")))
                # The listener has told the reason; a second account from the server would only hide it.
                await send({"type": "lifespan.startup.failed", "message": ""})
            else:
                await send(message)

        try:
            await app(scope, receive, watching_send)
        except Exception:
            # ASGI 3.0: an application that raises before it answered has no lifespan, and is served without.
            if not settled:
                started()

            raise

        if not settled:
            started()

    return watched
