# SPDX-License-Identifier: Apache-2.0
"""The way of a request: through the filters to a compiled plan, or on to the routes of Starlette."""

from collections.abc import Callable, Sequence
from typing import Any

from pyfly.container.request_storage import current_request
from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import MethodNotAllowedException
from pyfly.web.adapters.starlette.after_answer import run_after
from pyfly.web.adapters.starlette.answers import Answer, HeadSend, OnHead, send_answer
from pyfly.web.adapters.starlette.bodies import remaining
from pyfly.web.adapters.starlette.chain import AnyFilter, FilterChain
from pyfly.web.adapters.starlette.endings import run_endings, tell_after
from pyfly.web.adapters.starlette.handshakes import HANDSHAKE, Handshake
from pyfly.web.adapters.starlette.plan import RoutePlan
from pyfly.web.adapters.starlette.requests import show_ids
from pyfly.web.adapters.starlette.stepping import SteppedApplication
from pyfly.web.adapters.starlette.wiring import Elsewhere, Wiring
from pyfly.web.binding import Exchange
from pyfly.web.filters.order import in_order
from pyfly.web.ids import ReadId
from pyfly.web.request_limits import HeadCheck
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send


class Dispatcher:
    """Serve compiled routes, and hand everything else to Starlette, all of it inside the filters.

    Args:
        wiring: The compiled routes.
        filters: The filters; the list may change while requests are served.
        others: Starlette's routes, for HTTP requests.
        sockets: The same with Starlette's handling of exceptions, for everything that is not HTTP.
        foreign_routes: Returns the routes that are not compiled.
        max_body_size: The most bytes that a request body may have.
        read_id: Chooses between the id of a client and a new one.
        check_head: Refuses requests by their head alone.
        remaining_routes: ``others`` without the routes of controllers, for paths that are no controller's.

    Attributes:
        wiring: The compiled routes; may be replaced at any time.
    """

    def __init__(
        self,
        wiring: Wiring,
        filters: Sequence[AnyFilter],
        others: ASGIApp,
        sockets: ASGIApp,
        foreign_routes: Callable[[], list[BaseRoute]],
        *,
        max_body_size: int,
        read_id: ReadId,
        check_head: HeadCheck | None = None,
        remaining_routes: ASGIApp | None = None,
    ) -> None:
        self.wiring = wiring
        self._filters = filters
        self._seen: list[AnyFilter] = []
        self._others = others
        self._remaining = remaining_routes or others
        self._sockets = sockets
        self._foreign_routes = foreign_routes
        self._max_body_size = max_body_size
        self._read_id = read_id
        self._check_head = check_head
        self._chain = self._compile_chain()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._not_http(scope, receive, send)
            return

        if self._filters != self._seen:
            self._chain = self._compile_chain()

        chain = self._chain
        exchange = Exchange(scope, receive, send)
        exchange.request_id = request_id = self._read_id(exchange.head.get(b"x-request-id"))
        exchange.body_limit = self._max_body_size
        exchange.context = context = RequestContext(request_id)
        token = current_request.set(context)
        answer: Answer | Response | None
        try:
            try:
                path: str = scope["path"]
                root_path = scope.get("root_path")
                if root_path and path.startswith(f"{root_path}/"):
                    path = path[len(root_path) :]

                found = self.wiring.table.find(scope["method"], path)
                if found is not None:
                    exchange.target, exchange.path_values = found
                    scope["endpoint"] = exchange.target.handler

                if self._check_head is not None:
                    refusal = self._check_head(scope)
                    if refusal is not None:
                        raise refusal

                for before in chain.before:
                    before(exchange)

                if chain.is_fused:
                    if type(exchange.target) is RoutePlan:
                        answer = await exchange.target.answer(exchange)
                    else:
                        answer = await self._serve_foreign(exchange, path, chain.on_head)
                else:
                    answer = await chain.handle(exchange)
            except ClientDisconnect:
                return
            except Exception as exc:
                answer = await self._fail(exc, exchange)

            if type(answer) is Answer:
                await send_answer(exchange, answer, chain.on_head)
            elif answer is not None:
                await self._respond(answer, exchange, chain.on_head)
        except BaseException as error:
            exchange.error = error
            raise
        finally:
            if exchange.endings is not None:
                await run_endings(exchange)

            tell_after(chain.after, exchange)

            current_request.reset(token)
            if context.needs_ending:
                await context.end()

    def _compile_chain(self) -> FilterChain:
        self._seen = list(self._filters)
        return FilterChain(in_order(self._seen), self._handle, self._fail)

    async def _handle(self, exchange: Exchange) -> Answer | Response:
        target = exchange.target
        if type(target) is RoutePlan:
            return await target.answer(exchange)

        try:
            app = self._foreign_app(exchange, path_below_root(exchange.scope))
            if isinstance(app, Answer):
                return app

            return await SteppedApplication(app, exchange).head()
        except ClientDisconnect:
            raise
        except Exception as exc:
            return await self._fail(exc, exchange)

    async def _serve_foreign(
        self, exchange: Exchange, path: str, on_head: Sequence[OnHead]
    ) -> Answer | Response | None:
        app = self._foreign_app(exchange, path)
        if isinstance(app, Answer):
            return app

        send = HeadSend(exchange, on_head)
        try:
            await app(exchange.scope, remaining(exchange), send)
        except ClientDisconnect:
            return None
        except Exception as exc:
            if send.started:
                raise

            return await self._fail(exc, exchange)

        return None

    def _foreign_app(self, exchange: Exchange, path: str) -> ASGIApp | Answer:
        # An outer application's handlers of exceptions are no concern of ours.
        exchange.scope.pop("starlette.exception_handlers", None)
        show_ids(exchange)
        target = exchange.target
        if isinstance(target, Elsewhere):
            # The router would try the routes in their own order, controllers first.
            target.show_in(exchange)
            return target.app

        allowed = self.wiring.table.allowed(path)
        if not allowed and not self.wiring.table.allowed(_with_other_ending(path)):
            return self._remaining

        if not allowed or any(
            route.matches(exchange.scope)[0] is Match.FULL for route in self._foreign_routes()
        ):
            return self._others

        methods = sorted(allowed | {"OPTIONS"})
        method = exchange.scope["method"]
        if method == "OPTIONS":
            return Answer(200, [(b"allow", ", ".join(methods).encode())], b"")

        raise MethodNotAllowedException(
            f"{method} is not allowed here", code="METHOD_NOT_ALLOWED", context={"allow": methods}
        )

    async def _fail(self, exc: Exception, exchange: Exchange) -> Answer | Response:
        return await self.wiring.failures.answer(exc, exchange)

    async def _respond(self, response: Response, exchange: Exchange, on_head: Sequence[OnHead]) -> None:
        send = HeadSend(exchange, on_head)
        background = getattr(response, "background", None)
        if background is not None:
            response.background = None

        try:
            await response(exchange.scope, exchange.receive, send)
        except ClientDisconnect:
            # What is to be done after the answer is done all the same.
            pass
        except Exception as exc:
            if send.started:
                raise

            background = None
            target = exchange.target
            recover = target.recover if type(target) is RoutePlan else self._fail
            answer = await recover(exc, exchange)
            if isinstance(answer, Answer):
                await send_answer(exchange, answer, on_head)
            else:
                await answer(exchange.scope, exchange.receive, HeadSend(exchange, on_head))

        if background is not None:
            await run_after(background, self.wiring.background)

    async def _not_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._sockets(scope, receive, send)
            return

        if self._filters != self._seen:
            self._chain = self._compile_chain()

        chain = self._chain
        exchange = Exchange(scope, receive, send)
        exchange.request_id = self._read_id(exchange.head.get(b"x-request-id"))

        async def send_with_head(message: Any) -> None:
            if message["type"] in ("websocket.accept", "websocket.http.response.start"):
                status = exchange.status = message.get("status", 101)
                headers = list(message.get("headers", ()))
                for hook in chain.handshake_on_head:
                    hook(exchange, status, headers)

                message = {**message, "headers": headers}

            await send(message)

        exchange.context = context = RequestContext(exchange.request_id)
        token = current_request.set(context)
        try:
            handshake = scope[HANDSHAKE] = Handshake(exchange, self._fail)
            try:
                refusal = None if self._check_head is None else self._check_head(scope)
                if refusal is not None:
                    raise refusal

                for before in chain.handshake_before:
                    before(exchange)
            except Exception as exc:
                await handshake.refuse(exc, send_with_head)
                return

            await self._sockets(scope, receive, send_with_head)
        except BaseException as error:
            exchange.error = error
            raise
        finally:
            if exchange.endings is not None:
                await run_endings(exchange)

            tell_after(chain.handshake_after, exchange)

            current_request.reset(token)
            await context.end()


def _with_other_ending(path: str) -> str:
    # Where that is a controller's, the router redirects to it.
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def path_below_root(scope: Scope) -> str:
    """Return the path of a request below where the application is mounted."""
    path: str = scope["path"]
    root_path = scope.get("root_path")
    if root_path and path.startswith(f"{root_path}/"):
        return path[len(root_path) :]

    return path
