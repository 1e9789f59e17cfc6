# SPDX-License-Identifier: Apache-2.0
"""What a handler of this adapter can be given besides marked parameters."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pyfly.context.request_context import RequestContext
from pyfly.web.adapters.starlette.bodies import replayed
from pyfly.web.binding import Exchange
from starlette.requests import Request


def request_of(exchange: Exchange) -> Request:
    """Return Starlette's request; a body that a parameter has taken can be read once more."""
    receive = exchange.receive
    return Request(exchange.scope, replayed(exchange.body, receive) if exchange.body else receive)


def _request_context_of(exchange: Exchange) -> RequestContext | None:
    return RequestContext.current()


INJECTABLES: Final[Mapping[type, Callable[[Exchange], Any]]] = {
    Request: request_of,
    RequestContext: _request_context_of,
}
