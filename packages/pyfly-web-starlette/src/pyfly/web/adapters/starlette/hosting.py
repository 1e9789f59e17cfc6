# SPDX-License-Identifier: Apache-2.0
"""What turns an application of Starlette's kind into one that serves controllers."""

import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.answers import Answer, AnswerResponse
from pyfly.web.adapters.starlette.chain import AnyFilter
from pyfly.web.adapters.starlette.cors import cors_middleware
from pyfly.web.adapters.starlette.default_filters import filters_of
from pyfly.web.adapters.starlette.description import DescribedState, RoutesDescription
from pyfly.web.adapters.starlette.dispatcher import Dispatcher
from pyfly.web.adapters.starlette.docs import documentation_routes
from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.adapters.starlette.remaining_routes import RemainingRoutes
from pyfly.web.adapters.starlette.routes import ControllerRoute, ForeignRoute, further_routes
from pyfly.web.adapters.starlette.settings import HostSettings
from pyfly.web.adapters.starlette.wiring import Wiring
from pyfly.web.binding import Exchange
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.ids import id_reader
from pyfly.web.ports.openapi import OpenApiCustomizer
from pyfly.web.request_limits import compile_head_check
from pyfly.web.served_routes import ServedRoute
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger("pyfly.web")


class ControllerHost(Starlette):
    """Serves the controllers of a context in front of Starlette's own routes.

    A subclass makes the application of its kind first, then calls `host_controllers`.
    """

    _dispatcher: Dispatcher | None = None

    def host_controllers(
        self, context: ApplicationContext | None, settings: HostSettings, *, has_lifespan: bool
    ) -> None:
        """Serve the controllers of a context from now on.

        Args:
            context: Where the controllers are; ``None`` for none.
            settings: How they are served.
            has_lifespan: Whether a lifespan starts what the application needs.

        Raises:
            ConfigurationError: A host in ``pyfly.web.limits.allowed-hosts`` is none.
            RouteDefinitionError: A controller or filter cannot be served.
        """
        self.settings = settings
        self._context = context
        self._check_head = compile_head_check(settings.limits)
        self._awaits_lifespan = has_lifespan
        self._inner_lifespan = self.router.lifespan_context
        self.router.lifespan_context = self._lifespan
        self._filters: list[AnyFilter] = []
        self._installed_filters: list[AnyFilter] = []
        self._further: list[BaseRoute] = []
        self._compiled_beside: list[BaseRoute] = []
        self._controller_routes: list[ControllerRoute] = []
        if settings.cors is not None:
            self.user_middleware.append(cors_middleware(settings.cors))

        self._chain_entry = Middleware(WebFilterChainMiddleware, filters=self._filters)
        self.user_middleware.append(self._chain_entry)
        self.state = DescribedState(self.state, lambda: self._description)
        self.state.pyfly_context = context
        self.state.pyfly_docs_enabled = settings.docs_enabled
        self.state.pyfly_problem_details = settings.properties.problem_details.enabled
        self.state.pyfly_install_dynamic_wiring = self.install_routes
        self._wiring = self._compile_early()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._awaits_lifespan and scope["type"] != "lifespan":
            self._awaits_lifespan = False
            logger.error(
                "A request came before the lifespan of %r has started its context: let the server run it."
                " Below another application, mount it with pyfly.web.adapters.starlette.mounting.mount().",
                self.settings.title,
            )

        scope["app"] = self
        stack = self.middleware_stack
        if stack is None:
            stack = self.middleware_stack = self.build_middleware_stack()

        await stack(scope, receive, send)

    def install_routes(self) -> None:
        """Compile the routes and filters of the context once more, and serve them from the next request on.

        For callers that start the context themselves, after the application was made.

        Raises:
            RouteDefinitionError: A controller or filter cannot be served.
        """
        self._wiring = self._compile(self._context)
        if self._dispatcher is not None:
            self._dispatcher.wiring = self._wiring

    def build_middleware_stack(self) -> ASGIApp:
        """Put the controllers where Starlette has its router; all middleware stays around them."""
        if not self._awaits_lifespan and self._foreign_routes() != self._compiled_beside:
            # Routes that were added since take part in the choice of the most specific one.
            self.install_routes()

        handlers = {
            key: handler for key, handler in self.exception_handlers.items() if key not in (500, Exception)
        }
        others = self.app_of_router(self.router)
        self._dispatcher = Dispatcher(
            self._wiring,
            self._filters,
            others,
            ExceptionMiddleware(others, handlers=handlers, debug=self.settings.debug),
            self._foreign_routes,
            max_body_size=self.settings.max_body_size,
            read_id=self._id_reader(),
            check_head=self._check_head,
            remaining_routes=RemainingRoutes(self.router, self._foreign_routes, self.app_of_router),
        )
        app: ASGIApp = self._dispatcher
        middleware = [it for it in self.user_middleware if it is not self._chain_entry]
        if not middleware:
            return app

        last_resort = self.exception_handlers.get(500) or self.exception_handlers.get(Exception)
        outermost = Middleware(
            ServerErrorMiddleware, handler=last_resort or self._answer_late, debug=self.settings.debug
        )
        for cls, args, kwargs in reversed([outermost, *middleware]):
            app = cls(app, *args, **kwargs)

        return app

    def app_of_router(self, router: Router) -> ASGIApp:
        """Return what is called to have a router serve what is no controller's."""
        return router

    def entries_of(self, route: BaseRoute) -> Iterable[ForeignRoute]:
        """Return what the table of routes needs to choose between a route and controllers.

        Args:
            route: A route that is no controller's; one without entries is tried after all controllers.
        """
        if not isinstance(route, Route):
            return ()

        return (ForeignRoute(route.path, route.methods, route.endpoint, route.name, route, route.handle),)

    def parts_of(self, route: BaseRoute) -> Iterable[Any]:
        """Return what a route in the list of routes stands for: itself, or several."""
        return (route,)

    def served_routes(self) -> list[ServedRoute]:
        """Return all routes as they are now: those of controllers, then the others, mounts opened up."""
        # Few starts need it.
        from pyfly.web.adapters.starlette.route_list import endpoint_routes, foreign_routes

        own = endpoint_routes(plan.endpoint for plan in self._wiring.plans)
        return [*own, *foreign_routes(self._foreign_routes(), self.parts_of)]

    def make_document_beans(self) -> list[str]:
        """Make what has a say in the OpenAPI document of a context that is prepared and never starts.

        Returns:
            The labels of the beans that are left out, since they need more than settings.
        """
        from pyfly.web.openapi.document_beans import make_document_beans

        left_out = [] if self._context is None else make_document_beans(self._context)
        self.install_routes()
        return left_out

    def document_customizers(self, context: ApplicationContext | None) -> list[OpenApiCustomizer]:
        """Return what changes the OpenAPI document of the controllers, in order."""
        from pyfly.web.openapi import customizers_of

        return customizers_of(context)

    def build_document(self) -> bytes:
        """Return the OpenAPI document of the routes that are served now, as JSON; takes a moment."""
        return self._description.document()

    def _id_reader(self) -> Callable[[bytes | None], str]:
        ids = self.settings.properties.request_ids
        return id_reader(trust_inbound=ids.trust_inbound, max_length=ids.max_length)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[Any]:
        async with self._inner_lifespan(app) as state:
            self._awaits_lifespan = False
            self.install_routes()
            settings = self.settings
            logger.info(
                "%s %s serves %d endpoints", settings.title, settings.version, len(self._wiring.plans)
            )
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
        routes, known = self.router.routes, self._controller_routes
        count = len(known)
        if count and len(routes) >= count and routes[0] is known[0] and routes[count - 1] is known[-1]:
            # They stand together at the front, unless somebody has put them elsewhere.
            return routes[count:]

        return [route for route in routes if not isinstance(route, ControllerRoute)]

    def _compile(self, context: ApplicationContext | None) -> Wiring:
        properties = self.settings.properties
        replaced = {id(it) for it in self._further}
        own = [it for it in self._foreign_routes() if id(it) not in replaced]
        further = [] if context is None else further_routes(context, properties.base_path)
        if self.settings.docs_enabled:
            further += documentation_routes(self.build_document, self.settings.title, properties.base_path)

        wiring = Wiring(
            context,
            [entry for route in (*own, *further) for entry in self.entries_of(route)],
            self.exception_handlers,
            debug=self.settings.debug,
            problem_details=properties.problem_details.enabled,
            base_path=properties.base_path,
        )
        installed = {id(it) for it in self._installed_filters}
        added_by_hand = [it for it in self._filters if id(it) not in installed]
        self._installed_filters = filters_of(context, properties)
        self._filters[:] = [*self._installed_filters, *added_by_hand]
        routes = [ControllerRoute(plan.endpoint) for plan in wiring.plans]
        self.router.routes[:] = [*routes, *own, *further]
        self._controller_routes = routes
        self._further = further
        self._compiled_beside = [*own, *further]
        self._description = RoutesDescription(
            wiring, self.settings, lambda: self.document_customizers(context)
        )
        self.state.pyfly_exception_converter_service = wiring.converters
        self.state.pyfly_json_serializer = wiring.conversion.serializer
        self.state.pyfly_message_converters = wiring.conversion.registry
        return wiring

    async def _answer_late(self, request: Request, exc: Exception) -> Response:
        exchange = Exchange(request.scope, request.receive, None)
        exchange.request_id = self._id_reader()(exchange.head.get(b"x-request-id"))
        answer = await self._wiring.failures.answer(exc, exchange)
        if isinstance(answer, Answer):
            answer.headers.append((b"x-request-id", exchange.request_id.encode()))
            return AnswerResponse(answer)

        return answer
