# SPDX-License-Identifier: Apache-2.0
"""All routes of an application, told to people and tools."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, TypedDict

from pyfly.web.endpoints import Endpoint
from pyfly.web.served_routes import ServedRoute
from starlette.routing import BaseRoute, Host, Mount, WebSocketRoute

Parts = Callable[[BaseRoute], Iterable[Any]]
"""Returns what a route stands for: itself, or the routes of a router that was included."""

_EVENT_STREAM: Final = "text/event-stream"


def endpoint_routes(endpoints: Iterable[Endpoint]) -> Iterator[ServedRoute]:
    """Yield the routes of controllers.

    Args:
        endpoints: What the controllers declare.
    """
    for endpoint in endpoints:
        produces = _EVENT_STREAM if endpoint.is_event_stream else endpoint.produces
        yield ServedRoute(
            kind="sse" if endpoint.is_event_stream else "http",
            methods=(endpoint.http_method,),
            path=endpoint.template.text,
            **_handler_of(endpoint.controller, endpoint.name),
            name=f"{endpoint.controller.__name__}.{endpoint.name}",
            produces=() if produces is None else (produces,),
        )


def foreign_routes(routes: Iterable[BaseRoute], parts: Parts) -> Iterator[ServedRoute]:
    """Yield the routes that are no controller's, those of mounted applications included.

    Args:
        routes: The routes of Starlette, or of any other kind.
        parts: Returns what a route stands for.
    """
    for route in routes:
        for part in parts(route):
            yield from _served(part, parts)


def _served(route: Any, parts: Parts) -> Iterator[ServedRoute]:
    kind = getattr(route, "original_route", route)
    if isinstance(kind, Mount | Host):
        yield from _below(route, getattr(route, "path", None) or "", parts)
    elif getattr(route, "path", None) is not None:
        endpoint = route.endpoint
        socket = isinstance(kind, WebSocketRoute)
        methods = set() if socket else set(route.methods or ())
        yield ServedRoute(
            kind="websocket" if socket else "http",
            methods=tuple(sorted(methods - {"HEAD"} if "GET" in methods else methods)),
            path=route.path,
            **_told(endpoint),
            name=route.name or "",
        )


def _below(mount: Any, path: str, parts: Parts) -> Iterator[ServedRoute]:
    hosted = getattr(mount.app, "served_routes", None)
    if hosted is not None:
        inner: Iterable[ServedRoute] = hosted()
    else:
        inner = foreign_routes(getattr(mount.app, "routes", None) or (), parts)

    found = [replace(it, path=f"{path}{it.path}") for it in inner]
    if found:
        yield from found
        return

    yield ServedRoute(
        kind="mount",
        methods=(),
        path=path or "/",
        **_told(mount.app),
        name=getattr(mount, "name", None) or "",
    )


class _Handler(TypedDict):
    handler: str
    class_name: str
    handler_name: str


def _told(endpoint: Any) -> _Handler:
    # What serves a method of a controller knows which one it is.
    declared: Any = getattr(endpoint, "endpoint", None)
    if isinstance(getattr(declared, "controller", None), type):
        return _handler_of(declared.controller, declared.name)

    bound = getattr(endpoint, "__self__", None)
    if bound is not None and not isinstance(bound, type):
        return _handler_of(type(bound), endpoint.__name__)

    if isinstance(endpoint, type) or not hasattr(endpoint, "__name__"):
        return _handler_of(endpoint if isinstance(endpoint, type) else type(endpoint), "")

    module, name = endpoint.__module__, endpoint.__name__
    return _Handler(handler=f"{module}#{name}", class_name=module, handler_name=name)


def _handler_of(cls: type, method: str) -> _Handler:
    text = f"{cls.__name__}#{method}" if method else cls.__name__
    return _Handler(handler=text, class_name=f"{cls.__module__}.{cls.__qualname__}", handler_name=method)
