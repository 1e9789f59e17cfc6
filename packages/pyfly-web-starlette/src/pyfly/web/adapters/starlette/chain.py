# SPDX-License-Identifier: Apache-2.0
"""The filters of an application, compiled: neighbouring interceptors fused, filters as links around them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

from pyfly.web.adapters.starlette.answers import Answer, OnHead, response_of
from pyfly.web.adapters.starlette.filters.intercepting_filter import InterceptingFilter
from pyfly.web.adapters.starlette.filters.request_context_filter import RequestContextFilter
from pyfly.web.adapters.starlette.requests import request_of, show_ids
from pyfly.web.binding import Exchange
from pyfly.web.filters import Interceptor
from pyfly.web.ports.filter import WebFilter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

Link: TypeAlias = Callable[[Exchange], Awaitable[Answer | Response]]
Fail: TypeAlias = Callable[[Exception, Exchange], Awaitable[Answer | Response]]
AnyFilter: TypeAlias = WebFilter | Interceptor

_FUSIBLE: Final = (InterceptingFilter.do_filter, RequestContextFilter.do_filter)


class FilterChain:
    """What happens around the handling of each request.

    Attributes:
        filters: What the chain is made of, from the outside in.
        before: What sees a request first, in order.
        on_head: What sees the head of its answer last, in order.
        after: What sees it when it has been answered, in order.
        handle: The rest: the filters that are not fused to the outside, and in the middle the handling.
        is_fused: Whether there is no such filter, so that ``handle`` is the handling itself.
    """

    def __init__(self, filters: Sequence[AnyFilter], terminal: Link, fail: Fail) -> None:
        """Compile a chain.

        Args:
            filters: The filters from the outside in.
            terminal: The handling of a request; it answers errors itself.
            fail: Answers an error of a filter.
        """
        self.filters = list(filters)
        outer = 0
        while outer < len(filters) and _is_fusible(filters[outer]):
            outer += 1

        group = _Group(filters[:outer])
        self.before = group.before
        self.on_head = group.on_head
        self.after = group.after
        self.handle = _linked(filters[outer:], terminal, fail)
        self.is_fused = outer == len(filters)
        # A WebSocket's handshake passes the interceptors, wherever they are, and no filter.
        handshake = _Group([it for it in filters if _is_fusible(it)])
        self.handshake_before = handshake.before
        self.handshake_on_head = handshake.on_head
        self.handshake_after = handshake.after


class _Group:
    def __init__(self, filters: Sequence[Any]) -> None:
        self.before = tuple(it.before for it in filters if _overrides(it, "before"))
        inside_out = filters[::-1]
        self.on_head: tuple[OnHead, ...] = tuple(it.on_head for it in inside_out if _overrides(it, "on_head"))
        self.after = tuple(it.after for it in inside_out if _overrides(it, "after"))


def _overrides(interceptor: Interceptor, name: str) -> bool:
    return getattr(type(interceptor), name) is not getattr(Interceptor, name)


def _is_fusible(candidate: AnyFilter) -> bool:
    if not isinstance(candidate, Interceptor):
        return False

    if not isinstance(candidate, InterceptingFilter):
        return True

    cls = type(candidate)
    return cls.do_filter in _FUSIBLE and cls.should_not_filter is InterceptingFilter.should_not_filter


def _linked(filters: Sequence[Any], terminal: Link, fail: Fail) -> Link:
    link = terminal
    end = len(filters)
    while end:
        start = end - 1
        if _is_fusible(filters[start]):
            while start and _is_fusible(filters[start - 1]):
                start -= 1

            link = _group_link(_Group(filters[start:end]), link, fail)
        else:
            link = _filter_link(filters[start], link, fail)

        end = start

    return link


def _group_link(group: _Group, inner: Link, fail: Fail) -> Link:
    async def handle(exchange: Exchange) -> Answer | Response:
        for after in group.after[::-1]:
            exchange.at_end(after)

        try:
            for before in group.before:
                before(exchange)

            if exchange.request is not None:
                # A filter further out has its request already, perhaps from before some of the ids.
                show_ids(exchange)

            answer = await inner(exchange)
        except ClientDisconnect:
            raise
        except Exception as exc:
            answer = await fail(exc, exchange)

        response = response_of(answer)
        for on_head in group.on_head:
            on_head(exchange, response.status_code, response.raw_headers)

        return response

    return handle


def _filter_link(web_filter: WebFilter, inner: Link, fail: Fail) -> Link:
    do_filter, should_not_filter = web_filter.do_filter, web_filter.should_not_filter

    async def handle(exchange: Exchange) -> Answer | Response:
        async def call_next(request: Request | None = None) -> Response:
            if request is not None and request is not exchange.request:
                _adopt(exchange, request)

            return response_of(await inner(exchange))

        request = request_of(exchange)
        try:
            if should_not_filter(request):
                return await inner(exchange)

            response = await do_filter(request, call_next)
        except ClientDisconnect:
            raise
        except Exception as exc:
            return await fail(exc, exchange)

        if not isinstance(response, Response):
            return await fail(_no_response(web_filter, response), exchange)

        return response

    return handle


def _adopt(exchange: Exchange, request: Request) -> None:
    exchange.scope = request.scope
    exchange.receive = request.receive
    exchange.request = None


def _no_response(web_filter: WebFilter, given: object) -> TypeError:
    name = type(web_filter).__qualname__
    return TypeError(
        f"{name}.do_filter returned {type(given).__name__}: return the response of call_next, or another one"
    )
