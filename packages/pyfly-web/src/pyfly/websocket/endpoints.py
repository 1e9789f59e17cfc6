# SPDX-License-Identifier: Apache-2.0
"""What a controller class declares: which of its methods serve which WebSockets."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any

from pyfly.web.endpoints import endpoint_template, marked_methods
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathTemplate

__all__ = ["SocketEndpoint", "socket_endpoints_of"]


@dataclass(frozen=True, slots=True)
class SocketEndpoint:
    """One method of a controller that serves WebSockets.

    Attributes:
        controller: The controller class.
        name: Name of the method.
        function: The method as the class holds it.
        template: The full path.
        subprotocols: The subprotocols that it speaks, the preferred one first.
    """

    controller: type
    name: str
    function: Callable[..., Any]
    template: PathTemplate
    subprotocols: tuple[str, ...]


def socket_endpoints_of(controller: type, base_path: str = "") -> list[SocketEndpoint]:
    """Return the WebSocket endpoints of a controller in their order of declaration, inherited ones first.

    Args:
        controller: The controller class.
        base_path: What all paths of the application begin with.

    Raises:
        RouteDefinitionError: A path is impossible, or something other than a coroutine function is mapped.
    """
    endpoints: list[SocketEndpoint] = []
    for name, function in marked_methods(controller, "__pyfly_ws_mapping__"):
        mapping = getattr(function, "__pyfly_ws_mapping__")  # noqa: B009 - functions have no such attribute
        template = endpoint_template(controller, name, mapping["path"], base_path)
        if not iscoroutinefunction(function):
            raise RouteDefinitionError(
                "a WebSocket is served by a coroutine, and this is none.",
                "Write it as async def, without yield.",
                controller=controller.__name__,
                method=name,
            )

        subprotocols = tuple(mapping.get("subprotocols", ()))
        endpoints.append(SocketEndpoint(controller, name, function, template, subprotocols))

    return endpoints
