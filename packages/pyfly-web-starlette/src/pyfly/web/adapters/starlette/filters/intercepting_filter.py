# SPDX-License-Identifier: Apache-2.0
"""Interceptors that also work as ordinary filters."""

from pyfly.context.request_context import RequestContext
from pyfly.web.adapters.starlette.requests import show_ids
from pyfly.web.binding import Exchange
from pyfly.web.filters import Interceptor
from pyfly.web.ports.filter import CallNext, WebFilter
from starlette.requests import Request
from starlette.responses import Response


class InterceptingFilter(Interceptor, WebFilter):
    """An interceptor that can stand where only a filter is known; in an application's chain it is fused."""

    def should_not_filter(self, request: Request) -> bool:
        """Tell that every request is filtered."""
        return False

    async def do_filter(self, request: Request, call_next: CallNext) -> Response:
        """Run the parts of the interceptor around the rest of a chain.

        Args:
            request: The request.
            call_next: The rest of the chain.

        Raises:
            Exception: What ``call_next`` raises; ``after`` has seen it as the exchange's ``error``.
        """
        exchange = getattr(request, "exchange", None)
        if not isinstance(exchange, Exchange):
            exchange = Exchange(request.scope, request.receive, None)
            exchange.context = RequestContext.current()

        self.before(exchange)
        show_ids(exchange)
        try:
            response: Response = await call_next(request)
            exchange.status = response.status_code
            self.on_head(exchange, response.status_code, response.raw_headers)
            return response
        except Exception as error:
            exchange.error = error
            raise
        finally:
            self.after(exchange)
