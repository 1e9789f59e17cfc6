# SPDX-License-Identifier: Apache-2.0
"""The FastAPI application that serves controllers."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pyfly.config.properties.web_fastapi import FastApiProperties
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.fastapi.errors import refuse_request
from pyfly.web.adapters.fastapi.native_routes import NativeRoutes
from pyfly.web.adapters.starlette.hosting import ControllerHost
from pyfly.web.adapters.starlette.routes import ForeignRoute
from pyfly.web.adapters.starlette.settings import HostSettings
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

_DEFAULTS: Final = (http_exception_handler, request_validation_exception_handler)
_SILENT: Final = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}


class PyFlyFastAPI(ControllerHost, FastAPI):
    """A FastAPI application with compiled controller routes in front of its router."""

    def __init__(
        self,
        context: ApplicationContext | None,
        settings: HostSettings,
        extra_routes: Sequence[BaseRoute],
        lifespan: Lifespan[Any] | None,
    ) -> None:
        shown = settings.docs_enabled
        base = settings.properties.base_path.rstrip("/")
        FastAPI.__init__(
            self,
            debug=settings.debug,
            routes=list(extra_routes),
            title=settings.title,
            version=settings.version,
            description=settings.description,
            openapi_url=f"{base}/openapi.json" if shown else None,
            docs_url=f"{base}/docs" if shown else None,
            redoc_url=f"{base}/redoc" if shown else None,
            lifespan=lifespan,
        )
        # What FastAPI answers by itself is answered by a problem document here.
        self.exception_handlers = {
            key: handler for key, handler in self.exception_handlers.items() if handler not in _DEFAULTS
        }
        self.exception_handlers[RequestValidationError] = refuse_request
        self.host_controllers(context, settings, has_lifespan=lifespan is not None)

    def setup(self) -> None:
        """Add nothing: document and pages are routes of the controllers' host."""

    def foreign_app(self) -> ASGIApp:
        """Return FastAPI's router, with what its routes expect around them."""
        return NativeRoutes(self.router)

    def entries_of(self, route: BaseRoute) -> Iterable[ForeignRoute]:
        """Return what the table of routes needs, of an included router for each of its routes."""
        app = NativeRoutes(route.handle)
        for each in iter_route_contexts([route]):
            if each.path is not None and each.endpoint is not None and hasattr(each, "methods"):
                yield ForeignRoute(each.path, each.methods, each.endpoint, each.name or "", route, app)
