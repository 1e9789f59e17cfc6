# SPDX-License-Identifier: Apache-2.0
"""The endpoints of an application, for the log of its start."""

from collections.abc import Iterable

from pyfly.config.properties.web import WebProperties
from pyfly.context.application_context import ApplicationContext
from pyfly.core.startup_summary import StartupSummary, SummaryLine
from pyfly.web.endpoints import endpoints_of
from pyfly.web.routing import join_paths

_CONTROLLERS = ("controller", "rest_controller")
_DOCUMENTATION = {"swagger_ui": "/docs", "redoc": "/redoc", "openapi": "/openapi.json"}


class MappingSummary(StartupSummary):
    """Tells how many endpoints there are, which method serves each, and where they are documented."""

    def summarise(self, context: ApplicationContext) -> Iterable[SummaryLine]:
        """Return ``mapped_endpoints``, a ``request_mapping`` for each, and where they are documented.

        Args:
            context: The context with the controllers.
        """
        properties = context.config.bind(WebProperties)
        endpoints = sorted(
            (endpoint.template.text, endpoint.http_method, f"{endpoint.controller.__name__}.{endpoint.name}")
            for definition in context.container.registrations()
            if getattr(definition.impl_type, "__pyfly_stereotype__", None) in _CONTROLLERS
            for endpoint in endpoints_of(definition.impl_type, properties.base_path)
        )
        if not endpoints:
            return

        yield SummaryLine("mapped_endpoints", {"count": len(endpoints)})
        for path, method, handler in endpoints:
            yield SummaryLine("request_mapping", {"method": method, "path": path, "handler": handler})

        if properties.docs.get("enabled", True):
            for name, page in _DOCUMENTATION.items():
                yield SummaryLine("api_documentation", {name: join_paths(properties.base_path, page)})
