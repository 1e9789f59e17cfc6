# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse

from pyfly.context.application_context import ApplicationContext
from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import PathVar, request_mapping, rest_controller
from pyfly.web.errors import RouteDefinitionError
from pyfly.websocket import WebSocketSession, websocket_mapping
from pyfly.websocket.adapters.starlette import WebSocketRegistrar


@rest_controller
@request_mapping("/rooms")
class Rooms:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1

    @websocket_mapping("/{rest:path}")
    async def rest(self, session: WebSocketSession) -> None: ...

    @websocket_mapping("/{room}")
    async def room(self, session: WebSocketSession, room: PathVar[str]) -> None:
        if room == "none":
            raise ResourceNotFoundException("no such room")

        await session.accept()
        await session.send_json([room, RequestContext.current() is not None])

    @websocket_mapping("/{number:int}")
    async def number(self, session: WebSocketSession) -> None: ...

    @websocket_mapping("/lobby")
    async def lobby(self, session: WebSocketSession) -> None: ...


@rest_controller
class Rival:
    @websocket_mapping("/rooms/{name}")
    async def talk(self, session: WebSocketSession) -> None: ...


def test_routes_come_with_the_most_specific_path_first(
    new_context: Callable[..., ApplicationContext],
) -> None:
    before = Rooms.made

    routes = WebSocketRegistrar().collect_routes(new_context(Rooms), "/v1")

    assert [(type(it), it.path) for it in routes] == [
        (WebSocketRoute, "/v1/rooms/lobby"),
        (WebSocketRoute, "/v1/rooms/{number:int}"),
        (WebSocketRoute, "/v1/rooms/{room}"),
        (WebSocketRoute, "/v1/rooms/{rest:path}"),
    ]
    assert Rooms.made == before


def test_two_handlers_of_one_path_are_refused(new_context: Callable[..., ApplicationContext]) -> None:
    with pytest.raises(RouteDefinitionError) as caught:
        WebSocketRegistrar().collect_routes(new_context(Rooms, Rival))

    assert caught.value.description == (
        "Rival.talk(): the WebSocket /rooms/{name} is served by Rooms.room and by Rival.talk."
    )


def test_routes_serve_by_themselves(new_context: Callable[..., ApplicationContext]) -> None:
    routes = WebSocketRegistrar().collect_routes(new_context(Rooms))

    with TestClient(Starlette(routes=routes)).websocket_connect("/rooms/kitchen") as socket:
        assert socket.receive_json() == ["kitchen", True]


def test_errors_are_answered_by_themselves(new_context: Callable[..., ApplicationContext]) -> None:
    client = TestClient(Starlette(routes=WebSocketRegistrar().collect_routes(new_context(Rooms))))

    with pytest.raises(WebSocketDenialResponse) as denial, client.websocket_connect("/rooms/none"):
        pass

    assert denial.value.status_code == 404


def test_context_without_handlers_has_no_routes(new_context: Callable[..., ApplicationContext]) -> None:
    assert WebSocketRegistrar().collect_routes(new_context()) == []
