# SPDX-License-Identifier: Apache-2.0
"""The ids that tie a request to others."""

from typing import Final

from pyfly.container.ordering import order
from pyfly.web.adapters.starlette.filters.intercepting_filter import InterceptingFilter
from pyfly.web.binding import Exchange
from pyfly.web.filters import FilterOrder, Headers
from pyfly.web.ids import ReadId, id_reader

_CORRELATION: Final = b"x-correlation-id"
_REQUEST: Final = b"x-request-id"
_OURS: Final = frozenset({_CORRELATION, _REQUEST})
_LONGEST_ECHO: Final = 512
_ECHOED: Final = (
    (b"x-tenant-id", "tenant_id"),
    (b"traceparent", "traceparent"),
    (b"tracestate", "tracestate"),
)
_ECHOED_NAMES: Final = frozenset(name for name, _ in _ECHOED)


@order(FilterOrder.CORRELATION)
class CorrelationFilter(InterceptingFilter):
    """Give each request a correlation id, and send its ids back.

    ``X-Request-Id`` and ``X-Correlation-Id`` are the client's or new. ``X-Tenant-Id``, ``traceparent`` and
    ``tracestate`` are only echoed, and say nothing about who the client is.

    Args:
        read_id: Chooses between the id of a client and a new one.
    """

    def __init__(self, read_id: ReadId | None = None) -> None:
        self._read_id = read_id or id_reader()

    def before(self, exchange: Exchange) -> None:
        """Take the ids from the request."""
        head = exchange.head
        if not exchange.request_id:
            exchange.request_id = self._read_id(head.get(_REQUEST))

        exchange.correlation_id = correlation_id = self._read_id(head.get(_CORRELATION))
        context = exchange.context
        if context is not None:
            context.correlation_id = correlation_id

        if not _ECHOED_NAMES.isdisjoint(head):
            for name, attribute in _ECHOED:
                value = _echo(head.get(name))
                setattr(exchange, attribute, value)
                if context is not None and value:
                    setattr(context, attribute, value)

    def on_head(self, exchange: Exchange, status: int, headers: Headers) -> None:
        """Send the ids."""
        for name, _ in headers:
            if name in _OURS:
                headers[:] = [it for it in headers if it[0] not in _OURS]
                break

        headers.append((_CORRELATION, exchange.correlation_id.encode()))
        headers.append((_REQUEST, exchange.request_id.encode()))
        if not _ECHOED_NAMES.isdisjoint(exchange.head):
            for name, attribute in _ECHOED:
                value = getattr(exchange, attribute)
                if value:
                    headers.append((name, value.encode("latin-1")))


def _echo(value: bytes | None) -> str:
    # What goes into an answer's head must not be able to end it.
    text = "" if value is None or len(value) > _LONGEST_ECHO else str(value, "latin-1")
    return text if text.isprintable() else ""
