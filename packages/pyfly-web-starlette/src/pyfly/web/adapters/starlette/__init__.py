# SPDX-License-Identifier: Apache-2.0
"""The web layer on Starlette."""

from pyfly.kernel.lazy_names import lazy_names as _lazy_names

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

# Who only looks at the auto-configuration does not pay for the runtime.
__getattr__ = _lazy_names(
    __name__,
    {
        "ControllerRegistrar": "pyfly.web.adapters.starlette.controller",
        "ParameterResolver": "pyfly.web.adapters.starlette.resolver",
        "RequestLoggingFilter": "pyfly.web.adapters.starlette.filters",
        "RequestLoggingMiddleware": "pyfly.web.adapters.starlette.request_logger",
        "SecurityHeadersFilter": "pyfly.web.adapters.starlette.filters",
        "SecurityHeadersMiddleware": "pyfly.web.adapters.starlette.security_headers",
        "StarletteWebAdapter": "pyfly.web.adapters.starlette.adapter",
        "TransactionIdFilter": "pyfly.web.adapters.starlette.filters",
        "WebFilterChainMiddleware": "pyfly.web.adapters.starlette.filter_chain",
        "create_app": "pyfly.web.adapters.starlette.app",
        "global_exception_handler": "pyfly.web.adapters.starlette.errors",
        "handle_return_value": "pyfly.web.adapters.starlette.response",
        "make_openapi_endpoint": "pyfly.web.adapters.starlette.docs",
        "make_redoc_endpoint": "pyfly.web.adapters.starlette.docs",
        "make_swagger_ui_endpoint": "pyfly.web.adapters.starlette.docs",
    },
)
