# SPDX-License-Identifier: Apache-2.0
"""The WebSockets of controllers as routes."""

from typing import Any, Final

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.beans import BeanHandle
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathTemplate, RouteConflictError, RouteTable
from pyfly.web.routing.path import Segment
from pyfly.websocket.adapters.starlette.settings import SocketSettings
from pyfly.websocket.adapters.starlette.socket_plan import SocketPlan
from pyfly.websocket.endpoints import SocketEndpoint, socket_endpoints_of
from starlette.routing import BaseRoute, WebSocketRoute

_CONTROLLERS: Final = ("controller", "rest_controller")


class WebSocketRegistrar:
    """Find the methods with ``@websocket_mapping``."""

    def collect_routes(self, ctx: ApplicationContext, base_path: str = "") -> list[WebSocketRoute]:
        """Return a route for each WebSocket of the controllers of a context, the most specific path first.

        No bean is made before its first connection.

        Args:
            ctx: The context, started or not.
            base_path: What all paths begin with.

        Raises:
            BindingError: A setting of ``pyfly.websocket`` is wrong.
            ConfigurationError: An allowed origin is none.
            RouteDefinitionError: A handler cannot be served, or two of them have the same path.
        """
        found = [
            (endpoint, BeanHandle(ctx, registration))
            for registration in ctx.container.registrations()
            if getattr(registration.impl_type, "__pyfly_stereotype__", None) in _CONTROLLERS
            for endpoint in socket_endpoints_of(registration.impl_type, base_path)
        ]
        if not found:
            return []

        _refuse_conflicts([endpoint for endpoint, _ in found])
        settings = SocketSettings.of(ctx)
        found.sort(key=lambda entry: _specificity(entry[0].template))
        return [
            WebSocketRoute(
                endpoint.template.text, SocketPlan(endpoint, handle, settings), name=_name(endpoint)
            )
            for endpoint, handle in found
        ]


def websocket_routes(context: ApplicationContext, base_path: str) -> list[BaseRoute]:
    """Return the WebSockets of an application, for whoever asks the entry points for routes."""
    return [*WebSocketRegistrar().collect_routes(context, base_path)]


def _refuse_conflicts(endpoints: list[SocketEndpoint]) -> None:
    table: RouteTable[SocketEndpoint] = RouteTable()
    for endpoint in endpoints:
        try:
            table.add("WEBSOCKET", endpoint.template, endpoint)
        except RouteConflictError as error:
            existing: Any = error.existing
            raise RouteDefinitionError(
                f"the WebSocket {endpoint.template.text} is served by {_name(existing)}"
                f" and by {_name(endpoint)}.",
                "Change the path of one of them.",
                controller=endpoint.controller.__name__,
                method=endpoint.name,
            ) from error


def _specificity(template: PathTemplate) -> list[tuple[int, int]]:
    # The order in which the table of routes tries the alternatives at each segment.
    return [(_kind(segment), -segment.literal_length) for segment in template.segments]


def _kind(segment: Segment) -> int:
    if segment.rest:
        return 3

    if not segment.names:
        return 0

    return 2 if segment.pattern is None else 1


def _name(endpoint: SocketEndpoint) -> str:
    return f"{endpoint.controller.__name__}.{endpoint.name}"
