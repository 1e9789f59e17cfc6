# SPDX-License-Identifier: Apache-2.0
"""The WebSockets of an application, for the log of its start."""

from collections.abc import Iterable

from pyfly.config.properties.web import WebProperties
from pyfly.context.application_context import ApplicationContext
from pyfly.core.startup_summary import StartupSummary, SummaryLine
from pyfly.websocket.endpoints import socket_endpoints_of

_CONTROLLERS = ("controller", "rest_controller")


class WebSocketSummary(StartupSummary):
    """Tells which method serves which WebSocket."""

    def summarise(self, context: ApplicationContext) -> Iterable[SummaryLine]:
        """Return a ``websocket_mapping`` for each endpoint by path.

        Args:
            context: The context with the controllers.
        """
        base_path = context.config.bind(WebProperties).base_path
        endpoints = sorted(
            (endpoint.template.text, f"{endpoint.controller.__name__}.{endpoint.name}")
            for definition in context.container.registrations()
            if getattr(definition.impl_type, "__pyfly_stereotype__", None) in _CONTROLLERS
            for endpoint in socket_endpoints_of(definition.impl_type, base_path)
        )
        for path, handler in endpoints:
            yield SummaryLine("websocket_mapping", {"path": path, "handler": handler})
