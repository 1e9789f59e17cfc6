# SPDX-License-Identifier: Apache-2.0
"""The parameters of a WebSocket handler: the session, and what is read from the handshake."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from inspect import Parameter
from typing import Any

from pyfly.web.binding import BoundParameter, Exchange, compile_parameters
from pyfly.web.binding.hints import ParameterHint, handler_parameters
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.params import Body, File, Form
from pyfly.websocket.endpoints import SocketEndpoint
from pyfly.websocket.handler import WebSocketSession

__all__ = ["compile_session_parameters"]


def compile_session_parameters(
    endpoint: SocketEndpoint,
    session_of: Callable[[Exchange], WebSocketSession],
    injectables: Mapping[type, Callable[[Exchange], Any]],
) -> tuple[BoundParameter, ...]:
    """Compile the parameters of a handler.

    The session is the parameter of that type; one without a type hint will do.

    Args:
        endpoint: The endpoint.
        session_of: Returns the session of a handshake.
        injectables: Further classes that a parameter may ask for, each with the function that makes one.

    Raises:
        RouteDefinitionError: A parameter cannot be bound, or not exactly one is the session.
    """
    hints = handler_parameters(endpoint.controller, endpoint.function)
    if not any(parameter.hint is WebSocketSession for parameter in hints):
        hints = _with_a_session(hints)

    compiled = compile_parameters(
        endpoint.controller,
        endpoint.function,
        endpoint.template,
        {**injectables, WebSocketSession: session_of},
        hints=hints,
    )
    found = [parameter for parameter in compiled if parameter.bind is session_of]
    if len(found) != 1:
        raise _error(
            endpoint,
            "it takes no session." if not found else "several of its parameters are the session.",
            "Give it one parameter of type WebSocketSession.",
            found[-1].name if found else None,
        )

    for parameter in compiled:
        if parameter.binding in (Body, File, Form):
            raise _error(
                endpoint,
                "a handshake has no body.",
                "Take it from a message of the session, or from the query.",
                parameter.name,
            )

    return compiled


def _with_a_session(hints: list[ParameterHint]) -> list[ParameterHint]:
    bare = next((it.name for it in hints if it.hint is Any and it.default is Parameter.empty), None)
    return [replace(it, hint=WebSocketSession) if it.name == bare else it for it in hints]


def _error(
    endpoint: SocketEndpoint, problem: str, action: str, parameter: str | None
) -> RouteDefinitionError:
    return RouteDefinitionError(
        problem, action, controller=endpoint.controller.__name__, method=endpoint.name, parameter=parameter
    )
