# SPDX-License-Identifier: Apache-2.0
"""The way of a request: to a compiled plan, or on to Starlette's router."""

from collections.abc import Callable

from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import MethodNotAllowedException
from pyfly.web.adapters.starlette.answers import Answer, TrackedSend, send_answer
from pyfly.web.adapters.starlette.bodies import limited
from pyfly.web.adapters.starlette.plan import RoutePlan
from pyfly.web.adapters.starlette.request_ids import request_id_of
from pyfly.web.adapters.starlette.wiring import Wiring
from pyfly.web.binding import Exchange
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send


class Dispatcher:
    """Serve compiled routes, and hand everything else to Starlette.

    Args:
        router: Starlette's router, for HTTP requests.
        others: The same with Starlette's handling of exceptions, for everything that is not HTTP.
        wiring: Returns the compiled routes.
        foreign_routes: Returns the routes that are not compiled.
        max_body_size: The most bytes that a request body may have.
    """

    def __init__(
        self,
        router: ASGIApp,
        others: ASGIApp,
        wiring: Callable[[], Wiring],
        foreign_routes: Callable[[], list[BaseRoute]],
        max_body_size: int,
    ) -> None:
        self._router = router
        self._others = others
        self._wiring = wiring
        self._foreign_routes = foreign_routes
        self._max_body_size = max_body_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._others(scope, receive, send)
            return

        path: str = scope["path"]
        root_path = scope.get("root_path")
        if root_path and path.startswith(f"{root_path}/"):
            path = path[len(root_path) :]

        exchange = Exchange(scope, receive, send, request_id=request_id_of(scope["headers"]))
        wiring = self._wiring()
        async with RequestContext.scope(exchange.request_id):
            found = wiring.table.find(scope["method"], path)
            if found is None:
                await self._other(exchange, path, wiring)
                return

            target, values = found
            if not isinstance(target, RoutePlan):
                await self._elsewhere(exchange, wiring, target.route)
                return

            exchange.path_values = values
            scope["endpoint"] = target.endpoint.function
            scope["path_params"] = target.path_params(values, scope.get("path_params"))
            await target.serve(exchange)

    async def _other(self, exchange: Exchange, path: str, wiring: Wiring) -> None:
        allowed = wiring.table.allowed(path)
        if not allowed or any(
            route.matches(exchange.scope)[0] is Match.FULL for route in self._foreign_routes()
        ):
            await self._elsewhere(exchange, wiring)
            return

        methods = sorted(allowed | {"OPTIONS"})
        method = exchange.scope["method"]
        if method == "OPTIONS":
            await send_answer(exchange, Answer(200, [(b"allow", ", ".join(methods).encode())], b""))
            return

        refusal = MethodNotAllowedException(
            f"{method} is not allowed here", code="METHOD_NOT_ALLOWED", context={"allow": methods}
        )
        await self._fail(refusal, exchange, TrackedSend(exchange), wiring)

    async def _elsewhere(self, exchange: Exchange, wiring: Wiring, route: Route | None = None) -> None:
        send = TrackedSend(exchange)
        receive = limited(exchange.receive, self._max_body_size)
        try:
            if route is None:
                await self._router(exchange.scope, receive, send)
            else:
                # The router would try the routes in their own order, controllers first.
                exchange.scope.update(route.matches(exchange.scope)[1])
                await route.handle(exchange.scope, receive, send)
        except ClientDisconnect:
            return
        except Exception as exc:
            if send.started:
                raise

            await self._fail(exc, exchange, send, wiring)

    async def _fail(self, exc: Exception, exchange: Exchange, send: TrackedSend, wiring: Wiring) -> None:
        answer = await wiring.failures.answer(exc, exchange)
        if isinstance(answer, Answer):
            await send_answer(exchange, answer)
        else:
            await answer(exchange.scope, exchange.receive, send)
