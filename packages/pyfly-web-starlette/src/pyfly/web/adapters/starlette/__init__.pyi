# SPDX-License-Identifier: Apache-2.0
"""The web layer on Starlette."""

from pyfly.web.adapters.starlette.adapter import StarletteWebAdapter
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.controller import ControllerRegistrar
from pyfly.web.adapters.starlette.docs import (
    make_openapi_endpoint,
    make_redoc_endpoint,
    make_swagger_ui_endpoint,
)
from pyfly.web.adapters.starlette.errors import global_exception_handler
from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.adapters.starlette.filters import (
    RequestLoggingFilter,
    SecurityHeadersFilter,
    TransactionIdFilter,
)
from pyfly.web.adapters.starlette.request_logger import RequestLoggingMiddleware
from pyfly.web.adapters.starlette.resolver import ParameterResolver
from pyfly.web.adapters.starlette.response import handle_return_value
from pyfly.web.adapters.starlette.security_headers import SecurityHeadersMiddleware

__all__ = [
    "ControllerRegistrar",
    "ParameterResolver",
    "RequestLoggingFilter",
    "RequestLoggingMiddleware",
    "SecurityHeadersFilter",
    "SecurityHeadersMiddleware",
    "StarletteWebAdapter",
    "TransactionIdFilter",
    "WebFilterChainMiddleware",
    "create_app",
    "global_exception_handler",
    "handle_return_value",
    "make_openapi_endpoint",
    "make_redoc_endpoint",
    "make_swagger_ui_endpoint",
]
