# SPDX-License-Identifier: Apache-2.0
"""Headers that protect browsers, on every answer."""

from pyfly.container.ordering import order
from pyfly.web.adapters.starlette.filters.intercepting_filter import InterceptingFilter
from pyfly.web.binding import Exchange
from pyfly.web.filters import FilterOrder, Headers
from pyfly.web.security_headers import SecurityHeadersConfig


@order(FilterOrder.SECURITY_HEADERS)
class SecurityHeadersFilter(InterceptingFilter):
    """Add the headers that an answer does not have yet.

    Args:
        config: Their values.

    Raises:
        ValueError: A value cannot be sent.
    """

    def __init__(self, config: SecurityHeadersConfig | None = None) -> None:
        config = config or SecurityHeadersConfig()
        self._plain = config.encoded(secure=False)
        self._secure = config.encoded(secure=True)
        self._names = frozenset(name for name, _ in self._secure)

    def on_head(self, exchange: Exchange, status: int, headers: Headers) -> None:
        """Add the headers."""
        ours = self._secure if exchange.scope.get("scheme") in ("https", "wss") else self._plain
        names = self._names
        for name, _ in headers:
            if name in names:
                present = {it for it, _ in headers}
                ours = [it for it in ours if it[0] not in present]
                break

        headers += ours
