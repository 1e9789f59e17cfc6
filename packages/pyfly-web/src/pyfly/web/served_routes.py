# SPDX-License-Identifier: Apache-2.0
"""A route as lists of routes show it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["RouteKind", "ServedRoute"]

RouteKind: TypeAlias = Literal["http", "mount", "sse", "websocket"]
"""What a route serves: requests, everything below a path, event streams, or WebSockets."""


@dataclass(frozen=True, slots=True)
class ServedRoute:
    """One route of an application, of a controller or not.

    Attributes:
        kind: What it serves.
        methods: The HTTP methods that it answers, sorted; ``HEAD`` comes with ``GET`` and is not told. Empty
            for mounts and WebSockets, and for a route that takes any method.
        path: The full path as it is mapped, kinds of variables included.
        handler: The handler in short: ``OrderController#place``, ``shop.main#health``, ``StaticFiles``.
        class_name: The dotted class behind it, or the module of a function.
        handler_name: The method, or the function; empty where an object is called.
        name: Its name, for ``url_for``.
        produces: Media types of its answers where the mapping tells them.
    """

    kind: RouteKind
    methods: tuple[str, ...]
    path: str
    handler: str
    class_name: str
    handler_name: str
    name: str = ""
    produces: tuple[str, ...] = ()
