# SPDX-License-Identifier: Apache-2.0
"""A filter: nothing is changed while the service is read-only."""

from typing import Any

from orders.properties import OrderProperties
from pyfly.container import component, order
from pyfly.kernel import ServiceUnavailableException
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.ports.filter import CallNext


@component
@order(100)
class ReadOnlyFilter(OncePerRequestFilter):
    """Refuses changes of orders when ``orders.read-only`` is set."""

    def __init__(self, properties: OrderProperties) -> None:
        self.url_patterns = ["/orders", "/orders/*"]
        self._read_only = properties.read_only

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        if self._read_only and request.method not in ("GET", "HEAD", "OPTIONS"):
            raise ServiceUnavailableException(
                "Orders cannot be changed at the moment", code="READ_ONLY", context={"retry_after": 60}
            )

        return await call_next(request)
