# SPDX-License-Identifier: Apache-2.0
"""The id of the unit of work."""

from typing import Final

from pyfly.container.ordering import order
from pyfly.web.adapters.starlette.filters.intercepting_filter import InterceptingFilter
from pyfly.web.binding import Exchange
from pyfly.web.filters import FilterOrder, Headers
from pyfly.web.ids import ReadId, id_reader

TRANSACTION_ID_HEADER: Final = "X-Transaction-Id"

_HEADER: Final = TRANSACTION_ID_HEADER.lower().encode()


@order(FilterOrder.TRANSACTION_ID)
class TransactionIdFilter(InterceptingFilter):
    """Give each request a transaction id, the client's or a new one, and send it back.

    Args:
        read_id: Chooses between the id of a client and a new one.
    """

    def __init__(self, read_id: ReadId | None = None) -> None:
        self._read_id = read_id or id_reader()

    def before(self, exchange: Exchange) -> None:
        """Take the id from the request."""
        exchange.transaction_id = self._read_id(exchange.head.get(_HEADER))
        if exchange.context is not None:
            exchange.context.transaction_id = exchange.transaction_id

    def on_head(self, exchange: Exchange, status: int, headers: Headers) -> None:
        """Send the id."""
        for name, _ in headers:
            if name == _HEADER:
                return

        headers.append((_HEADER, exchange.transaction_id.encode()))
