# SPDX-License-Identifier: Apache-2.0
"""The factory of web applications that names no HTTP framework."""

from typing import Any

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapter_errors import WebAdapterDisabledError
from pyfly.web.adapter_selection import ADAPTER_KEY, NONE, requested_adapter, select_adapter
from pyfly.web.ports.outbound import WebServerPort


def create_app(**options: Any) -> Any:
    """Build the application with the web adapter that is configured, or installed.

    The adapter is, in this order: a `WebServerPort` bean of the context, the one that ``pyfly.web.adapter``
    names, the preferred one of those that are installed. Before the context has started, only beans that are
    registered as classes without conditions are known.

    Args:
        options: What the adapter's own ``create_app`` takes. ``context`` is also where the configuration and
            the bean are looked for.

    Returns:
        An ASGI application of the adapter's framework.

    Raises:
        WebAdapterDisabledError: ``pyfly.web.adapter`` is ``none``.
        UnknownWebAdapterError: The adapter is not installed, or none is.
        TypeError: ``context`` is something else than an `ApplicationContext`.
    """
    context = options.get("context")
    if context is None:
        return select_adapter()().create_app(**options)

    if not isinstance(context, ApplicationContext):
        raise TypeError(f"create_app(context=...) takes an ApplicationContext, not {type(context).__name__}")

    return _adapter_of(context).create_app(**options)


def _adapter_of(context: ApplicationContext) -> WebServerPort:
    if requested_adapter(context.config) == NONE:
        raise WebAdapterDisabledError(context.config.origin(ADAPTER_KEY))

    known = [
        registration
        for registration in context.container.registrations_of(WebServerPort)
        if registration.instance is not None
        or (registration.method is None and "__pyfly_conditions__" not in vars(registration.impl_type))
    ]
    if known:
        return context.get_bean(WebServerPort)

    return select_adapter(context.config)()
