# SPDX-License-Identifier: Apache-2.0
"""The filters that every application has."""

from pyfly.web.adapters.starlette.filters.correlation_filter import CorrelationFilter
from pyfly.web.adapters.starlette.filters.request_context_filter import RequestContextFilter
from pyfly.web.adapters.starlette.filters.request_logging_filter import RequestLoggingFilter
from pyfly.web.adapters.starlette.filters.security_headers_filter import SecurityHeadersFilter
from pyfly.web.adapters.starlette.filters.transaction_id_filter import TransactionIdFilter

__all__ = [
    "CorrelationFilter",
    "RequestContextFilter",
    "RequestLoggingFilter",
    "SecurityHeadersFilter",
    "TransactionIdFilter",
]
