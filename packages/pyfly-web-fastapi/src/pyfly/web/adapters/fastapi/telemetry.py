# SPDX-License-Identifier: Apache-2.0
"""FastAPI's own spans, metrics and logs: when they are left out, and what they call controllers."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from pyfly.config.properties.web_fastapi import FastApiProperties
from pyfly.web.binding import Exchange
from pyfly.web.filters import Interceptor
from pyfly.web.openapi.paths import openapi_path

SILENT: Final[Mapping[str, bool]] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""What FastAPI is told when it is not to record anything."""

_RECORDED: Final = "fastapi.telemetry"


def is_native_wanted(properties: FastApiProperties, filters: Iterable[Any]) -> bool:
    """Tell whether FastAPI records requests by itself.

    Args:
        properties: The settings.
        filters: The filters of the application. One that opens the server span of each request says so by an
            attribute ``opens_server_span`` that is true; then a request is not recorded twice.
    """
    if properties.native_telemetry is not None:
        return properties.native_telemetry

    return not any(getattr(each, "opens_server_span", False) for each in filters)


class RouteNaming(Interceptor):
    """Tell FastAPI's telemetry the route that was chosen, as its own router would."""

    def before(self, exchange: Exchange) -> None:
        recorded = exchange.scope.get(_RECORDED)
        template = exchange.route_template
        if recorded is None or template is None:
            return

        recorded.route = f"{getattr(recorded, '_mount_prefix', '')}{_route(template)}"
        if recorded.span is not None:
            recorded.span.set_attribute("http.route", recorded.route)
            recorded.span.update_name(f"{recorded.span_method} {recorded.route}")


@lru_cache(maxsize=4096)
def _route(template: str) -> str:
    return openapi_path(template)
