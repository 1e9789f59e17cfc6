# SPDX-License-Identifier: Apache-2.0
"""The controllers of a context in an application of FastAPI that somebody else has made."""

from fastapi import FastAPI
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.fastapi.application import PyFlyFastAPI
from pyfly.web.adapters.starlette.controller import ControllerRegistrar
from pyfly.web.openapi import RouteMetadata


class FastAPIControllerRegistrar:
    """Look at the controllers of a context, or serve them in any application of FastAPI."""

    def register_controllers(self, app: FastAPI, ctx: ApplicationContext) -> None:
        """Add the controllers of a context to the routes of an application.

        They are not part of the document that FastAPI makes, and the filters of the context do not run:
        `create_app` brings both. An application of `create_app` only compiles its own controllers again.

        Args:
            app: The application.
            ctx: The context with the controllers; it need not have started.

        Raises:
            RouteDefinitionError: A controller cannot be served.
        """
        if isinstance(app, PyFlyFastAPI):
            app.install_routes()
            return

        app.router.routes.extend(ControllerRegistrar().collect_routes(ctx))

    def collect_route_metadata(self, ctx: ApplicationContext) -> list[RouteMetadata]:
        """Return what is known of the endpoints, in the order of their declaration.

        Args:
            ctx: The context with the controllers; it need not have started.

        Raises:
            RouteDefinitionError: A controller cannot be served.
        """
        return ControllerRegistrar().collect_route_metadata(ctx)
