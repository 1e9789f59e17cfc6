# SPDX-License-Identifier: Apache-2.0
"""A context for each request."""

from pyfly.container.ordering import order
from pyfly.context.request_context import RequestContext
from pyfly.web.adapters.starlette.filters.intercepting_filter import InterceptingFilter
from pyfly.web.filters import FilterOrder
from pyfly.web.ids import id_reader
from pyfly.web.ports.filter import CallNext
from starlette.requests import Request
from starlette.responses import Response


@order(FilterOrder.REQUEST_CONTEXT)
class RequestContextFilter(InterceptingFilter):
    """Open a `RequestContext` around the rest of a chain.

    The chain of an application always has its context, this filter or not: request-scoped beans live in it.
    """

    async def do_filter(self, request: Request, call_next: CallNext) -> Response:
        """Run the rest of a chain in a context of its own, which ends with it.

        Args:
            request: The request.
            call_next: The rest of the chain.
        """
        given = request.headers.get("x-request-id")
        read = id_reader()
        async with RequestContext.scope(read(None if given is None else given.encode("latin-1"))):
            response: Response = await call_next(request)

        return response
