# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest

from pyfly.web import Body, PathVar, QueryParam, request_mapping, rest_controller
from pyfly.web.errors import RouteDefinitionError
from pyfly.websocket import WebSocketSession, websocket_mapping
from pyfly.websocket.endpoints import socket_endpoints_of
from pyfly.websocket.parameters import compile_session_parameters


@rest_controller
@request_mapping("/chat")
class Chat:
    @websocket_mapping("/{room}", subprotocols=["v1"])
    async def talk(
        self, session: WebSocketSession, room: PathVar[str], page: QueryParam[int] = 1
    ) -> None: ...

    @websocket_mapping()
    async def bare(self, session) -> None: ...  # type: ignore[no-untyped-def]

    async def not_mapped(self) -> None: ...


def session_of(exchange: Any) -> Any:
    return exchange.request


def parameters_of(controller: type) -> list[tuple[str, Any]]:
    endpoint = socket_endpoints_of(controller)[0]
    return [(it.name, it.binding) for it in compile_session_parameters(endpoint, session_of, {})]


def test_endpoints_come_in_their_order_with_their_whole_path() -> None:
    found = socket_endpoints_of(Chat, "/api")

    assert [(it.name, it.template.text, it.subprotocols) for it in found] == [
        ("talk", "/api/chat/{room}", ("v1",)),
        ("bare", "/api/chat", ()),
    ]


def test_session_and_marked_parameters_are_bound() -> None:
    assert parameters_of(Chat) == [("session", WebSocketSession), ("room", PathVar), ("page", QueryParam)]


def test_session_needs_no_type_hint() -> None:
    compiled = compile_session_parameters(socket_endpoints_of(Chat)[1], session_of, {})

    assert [(it.name, it.binding) for it in compiled] == [("session", WebSocketSession)]


def test_plain_method_is_refused() -> None:
    class Plain:
        @websocket_mapping("/x")
        def talk(self, session: WebSocketSession) -> None: ...

    with pytest.raises(RouteDefinitionError) as caught:
        socket_endpoints_of(Plain)

    assert str(caught.value) == (
        "Plain.talk(): a WebSocket is served by a coroutine, and this is none."
        " Write it as async def, without yield."
    )


def test_handler_without_session_is_refused() -> None:
    class Deaf:
        @websocket_mapping("/x")
        async def talk(self, page: QueryParam[int] = 1) -> None: ...

    with pytest.raises(RouteDefinitionError) as caught:
        parameters_of(Deaf)

    assert caught.value.description == "Deaf.talk(): it takes no session."


def test_handler_with_two_sessions_is_refused() -> None:
    class Twice:
        @websocket_mapping("/x")
        async def talk(self, one: WebSocketSession, two: WebSocketSession) -> None: ...

    with pytest.raises(RouteDefinitionError) as caught:
        parameters_of(Twice)

    assert caught.value.description == "Twice.talk(two): several of its parameters are the session."


def test_body_is_refused() -> None:
    class Sender:
        @websocket_mapping("/x")
        async def talk(self, session: WebSocketSession, body: Body[str]) -> None: ...

    with pytest.raises(RouteDefinitionError) as caught:
        parameters_of(Sender)

    assert caught.value.description == "Sender.talk(body): a handshake has no body."
    assert caught.value.action == "Take it from a message of the session, or from the query."


def test_parameter_without_a_source_is_refused() -> None:
    class Lost:
        @websocket_mapping("/x")
        async def talk(self, session: WebSocketSession, page: int) -> None: ...

    with pytest.raises(RouteDefinitionError, match=r"nothing says where the value comes from"):
        parameters_of(Lost)
