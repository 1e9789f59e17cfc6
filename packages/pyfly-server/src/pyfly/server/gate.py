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
        answer: The way in, as an ASGI application. It is a function: a method would cost each request more.
        returned: How many requests have come over HTTP/1 since `drain`.
    """

    def __init__(
        self, application: Application, *, limit: int | None = None, reached: Callable[[], None] | None = None
    ) -> None:
        requests = 0
        target: Application = application if limit is None else self._counted

        def answer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            nonlocal requests
            requests += 1
            return target(scope, receive, send)

        def count() -> int:
            return requests

        def lead_to(other: Application) -> None:
            nonlocal target
            target = other

        self.answer: Application = answer
        self.returned = 0
        self._count = count
        self._lead_to = lead_to
        self._limit = limit
        self._reached = reached
        self._application = application

    @property
    def requests(self) -> int:
        """How many requests and WebSockets have come."""
        return self._count()

    def drain(self) -> None:
        """From now on, answers over HTTP/1 tell their clients to use another connection."""
        self._lead_to(self._last_of_its_connection)

    def _counted(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self._limit is not None and self.requests >= self._limit:
            self._lead_to(self._application)
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
