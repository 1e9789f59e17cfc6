# SPDX-License-Identifier: Apache-2.0
"""A line of the log for each request."""

import logging
from time import perf_counter

from pyfly.container.ordering import order
from pyfly.kernel.exceptions import is_expected_error
from pyfly.logging.structured_logger import StructuredLogger
from pyfly.web.adapters.starlette.filters.intercepting_filter import InterceptingFilter
from pyfly.web.binding import Exchange
from pyfly.web.filters import FilterOrder

logger = StructuredLogger(logging.getLogger("pyfly.web"))
_log_is_on = logging.getLogger("pyfly.web").isEnabledFor


@order(FilterOrder.REQUEST_LOGGING)
class RequestLoggingFilter(InterceptingFilter):
    """Log what was asked, the status of the answer and how long it took.

    The event is ``http_request``. Where no answer came to be, because an error went past it or the client
    went away, it is ``http_request_failed``.
    """

    def before(self, exchange: Exchange) -> None:
        """Note the time."""
        exchange.started = perf_counter()

    def after(self, exchange: Exchange) -> None:
        """Log the request."""
        if not _log_is_on(logging.INFO):
            return

        error = exchange.error
        fields: dict[str, object] = {
            "method": exchange.scope.get("method", "WEBSOCKET"),
            "path": exchange.scope["path"],
            "duration_ms": round((perf_counter() - exchange.started) * 1000, 2),
            "transaction_id": exchange.transaction_id,
        }
        if error is not None:
            fields["error"] = str(error)
            fields["error_type"] = type(error).__name__

        if exchange.status:
            logger.info("http_request", status_code=exchange.status, **fields)
        elif isinstance(error, Exception) and not is_expected_error(error):
            logger.error("http_request_failed", **fields)
        else:
            logger.warning("http_request_failed", **fields)
