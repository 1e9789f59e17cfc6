# SPDX-License-Identifier: Apache-2.0
"""Routes that stand in an application's list of routes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.entry_points import entry_points_of
from pyfly.web.endpoints import Endpoint
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

ROUTES_GROUP: Final = "pyfly.web_routes"
"""Entry points of functions ``(context, base_path)`` that return further routes of Starlette. They are called
whenever routes are compiled, before and after the context starts, and make no bean."""


@dataclass(frozen=True, slots=True)
class ForeignRoute:
    """A route that is no controller's, as the table of routes needs it.

    Attributes:
        path: Its path template.
        methods: The methods that it answers, in upper case; ``None`` for all.
        endpoint: What serves it in the end.
        name: What errors call it.
        route: What is asked for the path variables.
        app: What is called.
    """

    path: str
    methods: Collection[str] | None
    endpoint: Callable[..., Any] | None
    name: str
    route: BaseRoute
    app: ASGIApp


class ControllerRoute(Route):
    """A controller's endpoint as Starlette's introspection shows it.

    Requests reach the controller before they reach the router, which only reads this for its redirects.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        name = f"{endpoint.controller.__name__}.{endpoint.name}"
        super().__init__(endpoint.template.text, endpoint.function, methods=[endpoint.http_method], name=name)
        self.app = _nothing_here
        self._template = endpoint.template

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request fits; other than Starlette's expressions, in time linear in its path."""
        values = self._template.match(_route_path(scope)) if scope["type"] == "http" else None
        if values is None:
            return Match.NONE, {}

        convertors = self.param_convertors
        found = zip(self._template.names, values, strict=True)
        params = {name: convertors[name].convert(value) for name, value in found}
        child: Scope = {"endpoint": self.endpoint, "path_params": {**scope.get("path_params", {}), **params}}
        if self.methods and scope["method"] not in self.methods:
            return Match.PARTIAL, child

        return Match.FULL, child


def _route_path(scope: Scope) -> str:
    path: str = scope["path"]
    root_path = scope.get("root_path", "")
    return path[len(root_path) :] if root_path and path.startswith(f"{root_path}/") else path


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404)


def further_routes(context: ApplicationContext, base_path: str) -> list[BaseRoute]:
    """Return the routes that installed distributions add to an application.

    Args:
        context: The context of the application, started or not.
        base_path: What the paths of all controllers begin with.
    """
    return [route for entry in entry_points_of(ROUTES_GROUP) for route in entry.load()(context, base_path)]
