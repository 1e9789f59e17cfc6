# SPDX-License-Identifier: Apache-2.0
"""The filters of an application: the framework's own, and those among its beans."""

from collections.abc import Sequence
from typing import Any

from pyfly.config.properties.web import WebProperties
from pyfly.container.registry import Registration
from pyfly.container.types import Scope
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.chain import AnyFilter
from pyfly.web.adapters.starlette.filters import (
    CorrelationFilter,
    RequestContextFilter,
    RequestLoggingFilter,
    SecurityHeadersFilter,
    TransactionIdFilter,
)
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.filters import Interceptor
from pyfly.web.filters.order import in_order
from pyfly.web.ids import id_reader
from pyfly.web.ports.filter import WebFilter
from pyfly.web.security_headers import SecurityHeadersConfig


def default_filters(properties: WebProperties, security: SecurityHeadersConfig | None) -> list[AnyFilter]:
    """Return the framework's own filters, as far as they are switched on.

    Args:
        properties: The settings of the web layer.
        security: Values of the security headers, if the application decides them itself.
    """
    ids = properties.request_ids
    read_id = id_reader(trust_inbound=ids.trust_inbound, max_length=ids.max_length)
    filters: list[AnyFilter] = [
        RequestContextFilter(),
        CorrelationFilter(read_id),
        TransactionIdFilter(read_id),
    ]
    if properties.request_logging.enabled:
        filters.append(RequestLoggingFilter())

    if security is not None or properties.security_headers.enabled:
        filters.append(
            SecurityHeadersFilter(security or SecurityHeadersConfig.of(properties.security_headers))
        )

    return filters


def filters_of(context: ApplicationContext | None, properties: WebProperties) -> list[AnyFilter]:
    """Return all filters of an application from the outside in.

    A bean that is an instance of one of the framework's filters takes its place.

    Args:
        context: Where the filter beans are. Those that do not exist yet are made once it has started.
        properties: The settings of the web layer.

    Raises:
        RouteDefinitionError: A filter bean is no singleton.
    """
    beans: list[Any] = [] if context is None else _filter_beans(context)
    configs = [] if context is None else context.container.instances_of(SecurityHeadersConfig)
    own = [
        it
        for it in default_filters(properties, configs[0] if configs else None)
        if not any(isinstance(bean, type(it)) for bean in beans)
    ]
    return in_order([*own, *beans])


def _filter_beans(context: ApplicationContext) -> list[AnyFilter]:
    container = context.container
    beans: list[AnyFilter] = []
    for registration in container.registrations():
        if not _is_filter(registration):
            continue

        if registration.scope is not Scope.SINGLETON:
            raise RouteDefinitionError(
                "a filter is shared by all requests, so it has to be a singleton.",
                "Take the scope off, and inject what belongs to one request with a Provider.",
                controller=registration.impl_type.__name__,
            )

        if registration.instance is not None or context.is_running:
            beans.append(container.obtain(registration))

    return beans


def _is_filter(registration: Registration) -> bool:
    made = registration.impl_type
    return issubclass(made, Interceptor) or _has_methods(made) or isinstance(registration.instance, WebFilter)


def _has_methods(cls: type) -> bool:
    # WebFilter itself is a protocol: whatever has its two methods is one.
    names: Sequence[str] = ("do_filter", "should_not_filter")
    return all(callable(getattr(cls, name, None)) for name in names)
