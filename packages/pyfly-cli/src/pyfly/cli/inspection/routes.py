# SPDX-License-Identifier: Apache-2.0
"""The routes of an application, as the actuator tells them and as a table."""

from collections.abc import Iterator, Mapping
from typing import Any

from pyfly.cli.inspection.application import InspectedApplication
from pyfly.cli.output import table

_WEBSOCKET = "WEBSOCKET"


def routes_payload(application: InspectedApplication) -> dict[str, Any]:
    """Return the routes that the application would serve.

    Args:
        application: The application; its context is prepared here.

    Raises:
        InspectionError: It is no web application.
        BeanCreationException: It could not start.
        RouteDefinitionError: A controller cannot be served.
    """
    entries = [_entry(route) for route in application.prepared_web().served_routes()]
    entries.sort(key=lambda entry: (entry["predicate"], entry["handler"]))
    dispatchers = {"dispatcherServlets": {"dispatcherServlet": entries}}
    return {"contexts": {"application": {"mappings": dispatchers}}}


def show_routes(payload: Mapping[str, Any]) -> None:
    """Print the routes of all contexts as a table, by path."""
    rows = [row for context in payload["contexts"].values() for row in _rows(context["mappings"])]
    table(
        None, ["Method", "Path", "Handler", "Produces", "Kind"], sorted(rows, key=lambda row: (row[1], row))
    )


def _entry(route: Any) -> dict[str, Any]:
    methods = [_WEBSOCKET] if route.kind == "websocket" else list(route.methods)
    predicate = f"{', '.join(methods)} {route.path}".strip()
    return {
        "handler": route.handler,
        "predicate": f"{{{predicate}}}",
        "details": {
            "handlerMethod": {"className": route.class_name, "name": route.handler_name},
            "requestMappingConditions": {
                "methods": methods,
                "patterns": [route.path],
                "produces": list(route.produces),
                "consumes": [],
            },
            "kind": route.kind,
            "name": route.name,
        },
    }


def _rows(mappings: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for servlet in mappings["dispatcherServlets"].values():
        for entry in servlet:
            details = entry.get("details") or {}
            conditions = details.get("requestMappingConditions") or {}
            yield (
                ", ".join(conditions.get("methods", ())),
                ", ".join(conditions.get("patterns", ())) or entry["predicate"],
                entry["handler"],
                ", ".join(conditions.get("produces", ())),
                details.get("kind", ""),
            )
