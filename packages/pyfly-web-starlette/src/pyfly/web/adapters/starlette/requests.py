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
from starlette.types import Receive


class ExchangeRequest(Request):
    """A request whose body can be read by filters and by the handler.

    Args:
        exchange: The request as it came.
    """

    def __init__(self, exchange: Exchange) -> None:
        if exchange.target is not None:
            exchange.target.show_in(exchange)

        super().__init__(exchange.scope, exchange.receive, exchange.send)
        self.exchange = exchange

    @property
    def receive(self) -> Receive:
        """The ASGI channel from the client; it delivers no more than allowed."""
        return limited(self._receive, self.exchange.body_limit)

    @property
    def state(self) -> Any:
        """What filters leave for others; the ids of the request are there."""
        if not hasattr(self, "_state"):
            show_ids(self.exchange)

        return super().state

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
        # Where the length is announced, it is within the limit, and the server holds the client to it.
        counts = b"content-length" not in exchange.head
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect

            piece = message.get("body", b"")
            if counts:
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
    exchange.scope.setdefault("state", {}).update(
        request_id_header=exchange.request_id,
        transaction_id=exchange.transaction_id,
        correlation_id=exchange.correlation_id,
        tenant_id=exchange.tenant_id,
        traceparent=exchange.traceparent,
        tracestate=exchange.tracestate,
    )


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
