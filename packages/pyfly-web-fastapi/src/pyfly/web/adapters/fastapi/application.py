# SPDX-License-Identifier: Apache-2.0
"""The FastAPI application that serves controllers."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from fastapi.telemetry import TelemetryConfig
from pyfly.config.properties.web_fastapi import FastApiProperties
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.fastapi.errors import refuse_request
from pyfly.web.adapters.fastapi.native_document import NativeDocument
from pyfly.web.adapters.fastapi.native_markers import refuse_native_markers
from pyfly.web.adapters.fastapi.native_routes import NativeRoutes
from pyfly.web.adapters.fastapi.telemetry import SILENT, RouteNaming, is_native_wanted
from pyfly.web.adapters.starlette.hosting import ControllerHost
from pyfly.web.adapters.starlette.routes import ForeignRoute
from pyfly.web.adapters.starlette.settings import HostSettings
from pyfly.web.json import encode_json
from pyfly.web.openapi import OpenApiCustomizer
from pyfly.web.openapi.errors import ENVELOPES, PROBLEM_DOCUMENTS, ErrorForm

_DEFAULTS: Final = (http_exception_handler, request_validation_exception_handler)


class PyFlyFastAPI(FastAPI, ControllerHost):
    """A FastAPI application with compiled controller routes in front of its router."""

    def __init__(
        self,
        context: ApplicationContext | None,
        settings: HostSettings,
        extra_routes: Sequence[BaseRoute],
        lifespan: Lifespan[Any] | None,
    ) -> None:
        self._properties = (Config({}) if context is None else context.config).bind(FastApiProperties)
        self._records = False
        self._route_naming = RouteNaming()
        self._described: tuple[object, int] | None = None
        base = settings.properties.base_path.rstrip("/") if settings.docs_enabled else None
        FastAPI.__init__(
            self,
            telemetry=cast(TelemetryConfig, SILENT) if self._properties.native_telemetry is False else None,
            debug=settings.debug,
            routes=list(extra_routes),
            title=settings.title,
            version=settings.version,
            description=settings.description,
            openapi_url=None if base is None else f"{base}/openapi.json",
            docs_url=None if base is None else f"{base}/docs",
            redoc_url=None if base is None else f"{base}/redoc",
            lifespan=lifespan,
        )
        # What FastAPI would answer in its own way is answered like the errors of controllers.
        self.exception_handlers = {
            key: handler for key, handler in self.exception_handlers.items() if handler not in _DEFAULTS
        }
        self.exception_handlers[RequestValidationError] = refuse_request
        self.host_controllers(context, settings, has_lifespan=lifespan is not None)
        if lifespan is None:
            self._refuse_native_markers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # FastAPI's own way in is there for its telemetry alone.
        enter = FastAPI if self._records or scope["type"] == "lifespan" else ControllerHost
        await enter.__call__(self, scope, receive, send)

    def setup(self) -> None:
        """Add no routes: document and pages are those of the controllers' host."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the controllers where FastAPI has its router; all middleware stays around them."""
        stack = ControllerHost.build_middleware_stack(self)
        self._choose_telemetry()
        return stack

    def install_routes(self) -> None:
        """Compile the routes and filters of the context once more; see `ControllerHost.install_routes`."""
        ControllerHost.install_routes(self)
        self._refuse_native_markers()
        self._choose_telemetry()

    def app_of_router(self, router: Router) -> ASGIApp:
        """Return what has a router serve a request, with what FastAPI's routes expect around them."""
        return NativeRoutes(router)

    def entries_of(self, route: BaseRoute) -> Iterable[ForeignRoute]:
        """Return what the table of routes needs; of an included router, for each of its routes."""
        app = NativeRoutes(route.handle)
        for each in iter_route_contexts([route]):
            if isinstance(each.original_route, Route) and each.path is not None:
                yield ForeignRoute(each.path, each.methods, each.endpoint, each.name or "", route, app)

    def parts_of(self, route: BaseRoute) -> Iterable[Any]:
        """Return what a route stands for: of an included router, each of its routes."""
        return iter_route_contexts([route])

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document of controllers and of FastAPI's own routes.

        It is made again when there are other routes; ``app.openapi_schema`` holds it meanwhile.
        """
        described = (self._description, sum(1 for _ in iter_route_contexts(self.router.routes)))
        if self.openapi_schema is None or self._described != described:
            self.openapi_schema = json.loads(self._description.document())
            self._described = described

        return self.openapi_schema

    def build_document(self) -> bytes:
        """Return the document that `openapi` gives, or what the application has put into its place."""
        return encode_json(self.openapi())

    def document_customizers(self, context: ApplicationContext | None) -> list[OpenApiCustomizer]:
        """Return what changes the document: first of all FastAPI's own routes are added."""
        return [
            NativeDocument(self._native_document, self._error_form),
            *super().document_customizers(context),
        ]

    def _native_document(self) -> dict[str, Any]:
        return get_openapi(
            title=self.title,
            version=self.version,
            openapi_version=self.openapi_version,
            summary=self.summary,
            description=self.description,
            routes=self.router.routes,
            webhooks=self.webhooks.routes,
            tags=self.openapi_tags,
            servers=self.servers,
            terms_of_service=self.terms_of_service,
            contact=self.contact,
            license_info=self.license_info,
            separate_input_output_schemas=self.separate_input_output_schemas,
            external_docs=self.openapi_external_docs,
        )

    def _error_form(self) -> ErrorForm | None:
        if self.exception_handlers.get(RequestValidationError) is not refuse_request:
            return None

        return PROBLEM_DOCUMENTS if self.settings.properties.problem_details.enabled else ENVELOPES

    def _refuse_native_markers(self) -> None:
        refuse_native_markers(plan.endpoint for plan in self._wiring.plans)

    def _choose_telemetry(self) -> None:
        native = getattr(self, "_native_telemetry", None)
        wanted = is_native_wanted(self._properties, self._filters)
        self._records = wanted and native is not None and native.enabled()
        if self._records and self._route_naming not in self._filters:
            self._filters.append(self._route_naming)
