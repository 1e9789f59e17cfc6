# SPDX-License-Identifier: Apache-2.0
"""The Starlette application that serves controllers."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.answers import Answer
from pyfly.web.adapters.starlette.dispatcher import Dispatcher
from pyfly.web.adapters.starlette.request_ids import request_id_of
from pyfly.web.adapters.starlette.wiring import Wiring
from pyfly.web.binding import Exchange
from pyfly.web.endpoints import Endpoint
from pyfly.web.errors import RouteDefinitionError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

logger = logging.getLogger("pyfly.web")


class ControllerRoute(Route):
    """A controller's endpoint as Starlette's introspection shows it.

    Requests reach the controller before they reach the router, which only reads this for its redirects.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        name = f"{endpoint.controller.__name__}.{endpoint.name}"
        super().__init__(endpoint.template.text, endpoint.function, methods=[endpoint.http_method], name=name)
        self.app = _nothing_here


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404)


class PyFlyStarlette(Starlette):
    """A Starlette application with compiled controller routes in front of its router.

    Attributes:
        title: Name of the application.
        version: Its version.
        description: What it is for.
    """

    def __init__(
        self,
        *,
        title: str,
        version: str,
        description: str,
        debug: bool,
        context: ApplicationContext | None,
        extra_routes: Sequence[BaseRoute],
        lifespan: Lifespan[Any] | None,
        max_body_size: int,
    ) -> None:
        super().__init__(debug=debug, routes=extra_routes, lifespan=lifespan)
        self.title = title
        self.version = version
        self.description = description
        self._context = context
        self._body_limit = max_body_size
        self._awaits_lifespan = lifespan is not None
        self._inner_lifespan = self.router.lifespan_context
        self.router.lifespan_context = self._lifespan
        self._wiring = self._compile_early()
        self.state.pyfly_install_dynamic_wiring = self.install_routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._awaits_lifespan and scope["type"] != "lifespan":
            self._awaits_lifespan = False
            logger.error(
                "A request came before the lifespan of %r has started its context: let the server run it.",
                self.title,
            )

        scope["app"] = self
        stack = self.middleware_stack
        if stack is None:
            stack = self.middleware_stack = self.build_middleware_stack()

        await stack(scope, receive, send)

    def install_routes(self) -> None:
        """Compile the routes of the context once more, and serve them from the next request on.

        For callers that start the context themselves, after the application was made.
        """
        self._wiring = self._compile(self._context)

    def build_middleware_stack(self) -> ASGIApp:
        """Put the controllers where Starlette has its router; all middleware stays around them."""
        handlers = {
            key: handler for key, handler in self.exception_handlers.items() if key not in (500, Exception)
        }
        last_resort = self.exception_handlers.get(500) or self.exception_handlers.get(Exception)
        app: ASGIApp = Dispatcher(
            self.router,
            ExceptionMiddleware(self.router, handlers=handlers, debug=self.debug),
            lambda: self._wiring,
            self._foreign_routes,
            self._body_limit,
        )
        outermost = Middleware(
            ServerErrorMiddleware, handler=last_resort or self._answer_late, debug=self.debug
        )
        for cls, args, kwargs in reversed([outermost, *self.user_middleware]):
            app = cls(app, *args, **kwargs)

        return app

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[Any]:
        async with self._inner_lifespan(app) as state:
            self._awaits_lifespan = False
            self.install_routes()
            logger.info("%s %s serves %d endpoints", self.title, self.version, len(self._wiring.plans))
            yield state

    def _compile_early(self) -> Wiring:
        try:
            return self._compile(self._context)
        except RouteDefinitionError:
            if not self._awaits_lifespan:
                raise

            # Conditions may still drop one of two controllers that are in each other's way. Once the lifespan
            # has started the context, the routes are compiled again; what is wrong then stops the start.
            return self._compile(None)

    def _foreign_routes(self) -> list[BaseRoute]:
        return [route for route in self.router.routes if not isinstance(route, ControllerRoute)]

    def _compile(self, context: ApplicationContext | None) -> Wiring:
        foreign = self._foreign_routes()
        wiring = Wiring(
            context,
            foreign,
            self.exception_handlers,
            debug=self.debug,
            max_body_size=self._body_limit,
        )
        routes = [ControllerRoute(plan.endpoint) for plan in wiring.plans]
        self.router.routes[:] = [*routes, *foreign]
        return wiring

    async def _answer_late(self, request: Request, exc: Exception) -> Response:
        exchange = Exchange(
            request.scope, request.receive, None, request_id=request_id_of(request.scope["headers"])
        )
        answer = await self._wiring.failures.answer(exc, exchange)
        if isinstance(answer, Answer):
            headers = {str(name, "latin-1"): str(value, "latin-1") for name, value in answer.headers}
            return Response(answer.body, answer.status, {**headers, "x-request-id": exchange.request_id})

        return answer
