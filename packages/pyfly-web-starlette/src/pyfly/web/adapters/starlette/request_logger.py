# SPDX-License-Identifier: Apache-2.0
"""A line of the log for each request, around any ASGI application."""

from pyfly.web.adapters.starlette.filters.request_logging_filter import RequestLoggingFilter
from pyfly.web.binding import Exchange
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RequestLoggingMiddleware:
    """Log each request to an application as `RequestLoggingFilter` does.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._log = RequestLoggingFilter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        exchange = Exchange(scope, receive, send)

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]

            await send(message)

        self._log.before(exchange)
        try:
            await self.app(scope, receive, send_noted)
        except BaseException as error:
            exchange.error = error
            raise
        finally:
            exchange.transaction_id = scope.get("state", {}).get("transaction_id", "")
            self._log.after(exchange)
