# SPDX-License-Identifier: Apache-2.0
"""Headers that protect browsers, around any ASGI application."""

from pyfly.web.security_headers import SecurityHeadersConfig
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SecurityHeadersMiddleware:
    """Set the headers on every answer of an application, streams included; its own are replaced.

    Args:
        app: The application.
        config: The values of the headers.

    Raises:
        ValueError: A value cannot be sent.
    """

    def __init__(self, app: ASGIApp, config: SecurityHeadersConfig | None = None) -> None:
        config = config or SecurityHeadersConfig()
        self.app = app
        self._plain = config.encoded(secure=False)
        self._secure = config.encoded(secure=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        ours = self._secure if scope.get("scheme") == "https" else self._plain
        names = {name for name, _ in ours}

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [it for it in message.get("headers", ()) if it[0].lower() not in names]
                message = {**message, "headers": [*kept, *ours]}

            await send(message)

        await self.app(scope, receive, send_protected)
