# SPDX-License-Identifier: Apache-2.0
"""The request object of filters and handlers, made only if somebody asks for it."""

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, Final

from pyfly.context.request_context import RequestContext
from pyfly.web import ports
from pyfly.web.adapters.starlette.bodies import limited, refuse_announced, taken_body, too_large
from pyfly.web.binding import BodyState, Exchange
from pyfly.web.sse import LastEventId
from starlette.requests import ClientDisconnect, Request


class ExchangeRequest(Request):
    """A request whose body can be read by filters and by the handler.

    Args:
        exchange: The request as it came.
    """

    def __init__(self, exchange: Exchange) -> None:
        scope = exchange.scope
        show_ids(exchange)
        if exchange.target is not None:
            exchange.target.show_in(exchange)

        super().__init__(scope, limited(exchange.receive, exchange.body_limit), exchange.send)
        self.exchange = exchange

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the body piece by piece; who comes later cannot read it then.

        Raises:
            PayloadTooLargeException: The body is, or says it will be, longer than allowed.
            ClientDisconnect: The client went away first.
            RuntimeError: Somebody has taken pieces of it already.
        """
        exchange = self.exchange
        if exchange.body_state is BodyState.READ:
            yield exchange.body
            yield b""
            return

        if exchange.body_state is BodyState.TAKEN:
            raise taken_body()

        refuse_announced(exchange)
        exchange.body_state = BodyState.TAKEN
        receive, limit = exchange.receive, exchange.body_limit
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect

            piece = message.get("body", b"")
            size += len(piece)
            if size > limit:
                raise too_large(limit)

            more = message.get("more_body", False)
            if piece:
                yield piece

        yield b""

    async def body(self) -> bytes:
        """Return the whole body; who comes later can read it too."""
        content = await super().body()
        self.exchange.body = content
        self.exchange.body_state = BodyState.READ
        return content


def show_ids(exchange: Exchange) -> None:
    """Leave the ids of a request where ``request.state`` has them."""
    state = exchange.scope.setdefault("state", {})
    state["request_id_header"] = exchange.request_id
    state["transaction_id"] = exchange.transaction_id
    state["correlation_id"] = exchange.correlation_id
    state["tenant_id"] = exchange.tenant_id
    state["traceparent"] = exchange.traceparent
    state["tracestate"] = exchange.tracestate


def request_of(exchange: Exchange) -> Request:
    """Return Starlette's request; the same one to everybody who asks."""
    if exchange.request is None:
        exchange.request = ExchangeRequest(exchange)

    request: Request = exchange.request
    return request


def _request_context_of(exchange: Exchange) -> RequestContext | None:
    return RequestContext.current()


def _last_event_id_of(exchange: Exchange) -> LastEventId:
    return LastEventId.of(exchange.header(b"last-event-id"))


INJECTABLES: Final[Mapping[type, Callable[[Exchange], Any]]] = {
    Request: request_of,
    ports.Request: request_of,
    RequestContext: _request_context_of,
    LastEventId: _last_event_id_of,
}
