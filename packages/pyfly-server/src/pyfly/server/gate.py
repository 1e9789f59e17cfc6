# SPDX-License-Identifier: Apache-2.0
"""The way of every request into the application, at no cost to it worth naming."""

from collections.abc import Awaitable, Callable

from pyfly.server.asgi import Application, Message, Receive, Scope, Send

__all__ = ["ApplicationGate"]


class ApplicationGate:
    """Pass requests to an application, count them, and end kept connections while the server drains.

    Args:
        application: The application.
        limit: Requests after which ``reached`` is called, once; None for never.
        reached: Called in the event loop.

    Attributes:
        requests: How many requests and WebSockets have come.
        returned: How many of them have come over HTTP/1 since `drain`.
    """

    __slots__ = ("_application", "_limit", "_reached", "_target", "requests", "returned")

    def __init__(
        self, application: Application, *, limit: int | None = None, reached: Callable[[], None] | None = None
    ) -> None:
        self.requests = self.returned = 0
        self._limit = limit
        self._reached = reached
        self._application = application
        self._target: Application = application if limit is None else self._counted

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer a request."""
        self.requests += 1
        return self._target(scope, receive, send)

    def drain(self) -> None:
        """From now on, answers over HTTP/1 tell their clients to use another connection."""
        self._target = self._last_of_its_connection

    def _counted(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self._limit is not None and self.requests >= self._limit:
            self._target = self._application
            if self._reached is not None:
                self._reached()

        return self._application(scope, receive, send)

    def _last_of_its_connection(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http" or not scope["http_version"].startswith("1"):
            return self._application(scope, receive, send)

        self.returned += 1

        async def closing_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", ())
                headers = [header for header in given if header[0].lower() != b"connection"]
                message = {**message, "headers": [*headers, (b"connection", b"close")]}

            await send(message)

        return self._application(scope, receive, closing_send)
