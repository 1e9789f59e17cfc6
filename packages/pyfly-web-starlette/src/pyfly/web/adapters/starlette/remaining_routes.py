# SPDX-License-Identifier: Apache-2.0
"""The routes that are no controller's, without a look at those that are."""

from collections.abc import Callable
from copy import copy

from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send


class RemainingRoutes:
    """Starlette's router, as if it had the other routes alone; it tries one route after the other.

    Args:
        router: The router of the application.
        foreign_routes: Returns the routes that are no controller's, as they are at that moment.
        app_of: Returns what is called to have a router serve a request.
    """

    def __init__(
        self,
        router: Router,
        foreign_routes: Callable[[], list[BaseRoute]],
        app_of: Callable[[Router], ASGIApp],
    ) -> None:
        self._router = router
        self._foreign_routes = foreign_routes
        self._others = copy(router)
        # The copy of a bound method is still bound to the original.
        self._others.middleware_stack = self._others.app
        self._app = app_of(self._others)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._others.routes = self._foreign_routes()
        self._others.default = self._router.default
        scope.setdefault("router", self._router)
        await self._app(scope, receive, send)
