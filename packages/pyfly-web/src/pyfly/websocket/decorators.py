# SPDX-License-Identifier: Apache-2.0
"""The decorator of WebSocket handlers."""

from collections.abc import Callable, Sequence
from typing import Any, NotRequired, TypedDict, TypeVar

from pyfly.web.decoration_site import remember_names

F = TypeVar("F", bound=Callable[..., Any])


class WebSocketMapping(TypedDict):
    """What the decorator leaves on a method."""

    path: str
    subprotocols: NotRequired[list[str]]


def websocket_mapping(path: str = "", *, subprotocols: Sequence[str] = ()) -> Callable[[F], F]:
    """Serve WebSocket connections with the decorated method.

    The method is a coroutine function that takes a `WebSocketSession`, and accepts, uses and closes it.
    Further parameters are bound as those of other endpoints: path variables, query parameters, headers and
    cookies of the handshake.

    Args:
        path: The path below that of the class, with variables as in ``get_mapping``.
        subprotocols: The subprotocols that the method speaks, the preferred one first; the first of them that
            the client offers is chosen when the session is accepted.

    Raises:
        TypeError: ``subprotocols`` is a text; it has to be a list of them.
    """
    if isinstance(subprotocols, str):
        raise TypeError(f"subprotocols: expected a list of names, got {subprotocols!r}")

    def decorate(func: F) -> F:
        mapping = WebSocketMapping(path=path)
        if subprotocols:
            mapping["subprotocols"] = list(subprotocols)

        vars(func)["__pyfly_ws_mapping__"] = mapping
        remember_names(func)
        return func

    return decorate
