# SPDX-License-Identifier: Apache-2.0
"""The endpoints of an application, for the log of its start."""

from collections.abc import Iterable

from pyfly.context.application_context import ApplicationContext
from pyfly.core.startup_summary import StartupSummary, SummaryLine
from pyfly.web.endpoints import endpoints_of

_CONTROLLERS = ("controller", "rest_controller")


class MappingSummary(StartupSummary):
    """Tells how many endpoints there are, and which method serves each."""

    def summarise(self, context: ApplicationContext) -> Iterable[SummaryLine]:
        """Return ``mapped_endpoints``, and a ``request_mapping`` for each endpoint by path and method.

        Args:
            context: The context with the controllers.
        """
        endpoints = sorted(
            (endpoint.template.text, endpoint.http_method, f"{endpoint.controller.__name__}.{endpoint.name}")
            for definition in context.container.registrations()
            if getattr(definition.impl_type, "__pyfly_stereotype__", None) in _CONTROLLERS
            for endpoint in endpoints_of(definition.impl_type)
        )
        if not endpoints:
            return

        yield SummaryLine("mapped_endpoints", {"count": len(endpoints)})
        for path, method, handler in endpoints:
            yield SummaryLine("request_mapping", {"method": method, "path": path, "handler": handler})
