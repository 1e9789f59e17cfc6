# SPDX-License-Identifier: Apache-2.0
"""The event streams of controllers as routes, for applications that are not made by ``create_app``."""

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.answers import response_of
from pyfly.web.adapters.starlette.endings import run_endings
from pyfly.web.adapters.starlette.plan import RoutePlan
from pyfly.web.adapters.starlette.wiring import Wiring
from pyfly.web.binding import Exchange
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


class SSERegistrar:
    """Find the methods with ``@sse_mapping``."""

    def collect_routes(self, ctx: ApplicationContext, base_path: str = "") -> list[Route]:
        """Return a GET route for each event stream of the controllers of a context.

        The routes answer by themselves, with the handlers of errors that the context has, and without
        filters. No bean is made before its first request.

        Args:
            ctx: The context, started or not.
            base_path: What all paths begin with.

        Raises:
            RouteDefinitionError: A controller cannot be served.
        """
        wiring = Wiring(ctx, [], {}, base_path=base_path)
        return [_route(plan) for plan in wiring.plans if plan.endpoint.is_event_stream]


class _EventStreamApp:
    def __init__(self, plan: RoutePlan) -> None:
        self._plan = plan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive, send)
        exchange.target = self._plan
        exchange.path_values = tuple(
            str(scope["path_params"][name]) for name in self._plan.endpoint.template.names
        )
        try:
            response = response_of(await self._plan.answer(exchange))
            await response(scope, receive, send)
        except ClientDisconnect:
            return
        finally:
            await run_endings(exchange)


def _route(plan: RoutePlan) -> Route:
    endpoint = plan.endpoint
    name = f"{endpoint.controller.__name__}.{endpoint.name}"
    return Route(endpoint.template.text, _EventStreamApp(plan), methods=["GET"], name=name)
