# SPDX-License-Identifier: Apache-2.0
"""The controllers of a context as routes and as data."""

from typing import NoReturn

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.dispatcher import Dispatcher
from pyfly.web.adapters.starlette.routes import ControllerRoute
from pyfly.web.adapters.starlette.settings import HostSettings
from pyfly.web.adapters.starlette.wiring import Wiring
from pyfly.web.endpoints import Endpoint
from pyfly.web.ids import id_reader
from pyfly.web.openapi import RouteMetadata, route_metadata
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["ControllerRegistrar", "RouteMetadata", "metadata_of"]


class ControllerRegistrar:
    """Look at the controllers of a context from the outside.

    Only their classes are looked at: no bean is created, and the context need not have started.
    """

    def collect_routes(self, ctx: ApplicationContext) -> list[Route]:
        """Return routes that serve the controllers in any application of Starlette's kind.

        A controller is created by its first request. Errors are answered; filters are left to others.

        Args:
            ctx: The context with the controllers.

        Raises:
            RouteDefinitionError: A controller cannot be served.
        """
        settings = _settings_of(ctx)
        wiring = _wiring_of(ctx, settings)
        dispatcher = Dispatcher(
            wiring,
            (),
            _nothing_here,
            _nothing_here,
            list,
            max_body_size=settings.max_body_size,
            read_id=id_reader(),
        )
        return [_ServedRoute(plan.endpoint, dispatcher) for plan in wiring.plans]

    def collect_route_metadata(self, ctx: ApplicationContext) -> list[RouteMetadata]:
        """Return what is known of the endpoints, in the order of their declaration.

        Args:
            ctx: The context with the controllers.

        Raises:
            RouteDefinitionError: A controller cannot be served.
        """
        return metadata_of(_wiring_of(ctx, _settings_of(ctx)))


def metadata_of(wiring: Wiring) -> list[RouteMetadata]:
    """Return what is known of compiled endpoints.

    Args:
        wiring: Where they are.
    """
    return [
        route_metadata(plan.endpoint, plan.parameters, response_types=(Response,)) for plan in wiring.plans
    ]


class _ServedRoute(ControllerRoute):
    def __init__(self, endpoint: Endpoint, app: ASGIApp) -> None:
        super().__init__(endpoint)
        self.app = app


def _settings_of(context: ApplicationContext) -> HostSettings:
    return HostSettings.of(
        context,
        title="",
        version="",
        description="",
        debug=None,
        docs_enabled=False,
        actuator_enabled=False,
        cors=None,
        max_body_size=None,
    )


def _wiring_of(context: ApplicationContext, settings: HostSettings) -> Wiring:
    properties = settings.properties
    return Wiring(
        context,
        (),
        {},
        debug=settings.debug,
        problem_details=properties.problem_details.enabled,
        base_path=properties.base_path,
    )


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> NoReturn:
    raise HTTPException(404)
