# SPDX-License-Identifier: Apache-2.0
"""What stands around FastAPI's own routes."""

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from pyfly.kernel.exceptions import PayloadTooLargeException


class NativeRoutes:
    """Give FastAPI's routes the stack on which they close files, and take their errors as they were.

    Args:
        app: The router, or a route of it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = AsyncExitStackMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except HTTPException as exc:
            # FastAPI says "error parsing the body" for whatever happens while it reads one.
            if isinstance(exc.__cause__, PayloadTooLargeException | ClientDisconnect):
                raise exc.__cause__ from None

            raise
