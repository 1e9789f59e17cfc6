# SPDX-License-Identifier: Apache-2.0
"""Filters in parts, for what every request pays for."""

from typing import TypeAlias

from pyfly.web.binding.exchange import Exchange

Headers: TypeAlias = list[tuple[bytes, bytes]]
"""Headers of an answer: lower-case names and values, as ASGI has them."""


class Interceptor:
    """A filter whose parts are called without a request object and without a coroutine.

    Neighbours in the chain are fused: first every ``before`` from the outside in, then the handler, then
    every ``on_head`` and every ``after`` from the inside out. A part that a class does not override costs
    nothing. A filter that has to wait for something, or answers by itself, is a
    `pyfly.web.ports.filter.WebFilter`.

    The class has its place by ``@order`` like other filters. It must be safe for concurrent requests.
    """

    def before(self, exchange: Exchange) -> None:
        """See a request before its handler does.

        Args:
            exchange: The request.

        Raises:
            Exception: To refuse the request; it is answered like an error of a handler.
        """

    def on_head(self, exchange: Exchange, status: int, headers: Headers) -> None:
        """See the head of the answer, of whatever kind, before it is sent.

        Args:
            exchange: The request.
            status: The HTTP status.
            headers: The headers; what is changed here is what the client gets.
        """

    def after(self, exchange: Exchange) -> None:
        """See a request that has been answered.

        Args:
            exchange: The request, with the ``status`` of the answer and the ``error`` behind it, if any.
        """
