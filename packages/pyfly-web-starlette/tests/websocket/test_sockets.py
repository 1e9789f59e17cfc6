# SPDX-License-Identifier: Apache-2.0
import asyncio
from typing import Any, ClassVar

import pytest
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect as StarletteDisconnect

from pyfly.container import Scope, component, service
from pyfly.context.lifecycle import pre_destroy
from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import UnauthorizedException, ValidationException
from pyfly.web import (
    Cookie,
    Header,
    PathVar,
    QueryParam,
    controller_advice,
    exception_handler,
    request_mapping,
    rest_controller,
)
from pyfly.web.binding import Exchange
from pyfly.web.filters import Interceptor
from pyfly.websocket import WebSocketDisconnect, WebSocketSession, websocket_mapping


@rest_controller
@request_mapping("/sockets")
class Sockets:
    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.left: list[tuple[bool, str]] = []
        self.go_on = asyncio.Event()

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        await session.accept()
        async for message in session:
            await (session.send_text(message) if isinstance(message, str) else session.send_bytes(message))

    @websocket_mapping("/facts/{room}", subprotocols=["v2", "v1"])
    async def facts(
        self,
        session: WebSocketSession,
        room: PathVar[int],
        context: RequestContext,
        page: QueryParam[int] = 1,
        user_agent: Header[str] = "",
        theme: Cookie[str | None] = None,
        *,
        limit: QueryParam[int] = 10,
    ) -> None:
        await session.accept()
        await session.send_json(
            {
                "room": room,
                "page": page,
                "agent": user_agent,
                "theme": theme,
                "limit": limit,
                "request": context.request_id,
                "subprotocol": session.subprotocol,
                "path_params": session.path_params,
                "host": session.headers["host"],
                "query": dict(session.query_params),
            }
        )

    @websocket_mapping("/facts/all")
    async def all_rooms(self, session: WebSocketSession) -> None:
        await session.accept()
        await session.send_text("all rooms")

    @websocket_mapping("/failing")
    async def failing(self, session: WebSocketSession) -> None:
        await session.accept()
        await session.receive_text()
        raise LookupError("lost")

    @websocket_mapping("/complaining")
    async def complaining(self, session: WebSocketSession) -> None:
        await session.accept()
        raise ValidationException("é" * 100)

    @websocket_mapping("/private")
    async def private(self, session: WebSocketSession) -> None:
        raise UnauthorizedException("Who are you?", code="WHO")

    @websocket_mapping("/broken")
    async def broken(self, session: WebSocketSession) -> None:
        raise KeyError("broken")

    @websocket_mapping("/refusing")
    async def refusing(self, session: WebSocketSession) -> None:
        self.seen.append("refused")

    @websocket_mapping("/text")
    async def text(self, session: WebSocketSession) -> None:
        await session.accept()
        self.seen.append(await session.receive_text())

    @websocket_mapping("/farewell")
    async def farewell(self, session: WebSocketSession) -> None:
        await session.accept()
        await session.close(4001, "enough")

    @websocket_mapping("/old-habits")
    async def old_habits(self, session: WebSocketSession) -> None:
        await session.accept()
        try:
            await session.receive_text()
        except StarletteDisconnect as disconnect:
            self.seen.append((disconnect.code, disconnect.reason))

    @websocket_mapping("/new-habits")
    async def new_habits(self, session: WebSocketSession) -> None:
        await session.accept()
        try:
            await session.receive_text()
        except WebSocketDisconnect as disconnect:
            self.seen.append((disconnect.code, disconnect.reason))

    @websocket_mapping("/waiting")
    async def waiting(self, session: WebSocketSession) -> None:
        await self.go_on.wait()
        await session.accept()

    async def on_disconnect(self, session: WebSocketSession) -> None:
        context = RequestContext.current()
        self.left.append((session.accepted, context.request_id if context else ""))


@rest_controller
class Plain:
    def __init__(self) -> None:
        self.left: list[WebSocketSession] = []

    @websocket_mapping("/plain")
    async def talk(self, session) -> None:  # type: ignore[no-untyped-def]
        await session.accept()

    def on_disconnect(self, session: WebSocketSession) -> None:
        self.left.append(session)
        raise LookupError("in the farewell")


@service(scope=Scope.REQUEST)
class PerConnection:
    ended: ClassVar[list[int]] = []

    @pre_destroy
    async def end(self) -> None:
        self.ended.append(id(self))


@rest_controller(scope=Scope.REQUEST)
class Scoped:
    def __init__(self, mine: PerConnection) -> None:
        self.mine = mine

    @websocket_mapping("/scoped")
    async def talk(self, session: WebSocketSession) -> None:
        await session.accept()
        async for _ in session:
            await session.send_text(str(len(PerConnection.ended)))


@component
class Doorman(Interceptor):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def before(self, exchange: Exchange) -> None:
        exchange.at_end(lambda it: self.seen.append(f"ended {it.scope['path']}"))
        if exchange.header(b"x-key") is None:
            raise UnauthorizedException("Where is your key?", code="NO_KEY")


@controller_advice
class Advice:
    @exception_handler(KeyError, status_code=418)
    def teapot(self, exc: KeyError) -> dict[str, str]:
        return {"advised": str(exc)}


def bean_of(app: Any, kind: type) -> Any:
    return app.state.context.get_bean(kind)


async def test_messages_go_both_ways(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/echo")
    await client.accepted()
    client.send("text")
    client.send(b"bytes")

    assert await client.received() == {"type": "websocket.send", "text": "text"}
    assert await client.received() == {"type": "websocket.send", "bytes": b"bytes"}


async def test_handler_is_given_what_it_asks_for(app_of: Any, connect: Any) -> None:
    client = connect(
        await app_of(Sockets),
        "/sockets/facts/7?page=3&limit=5",
        scope={"subprotocols": ["v1", "v2"]},
        host="shop.example.com",
        user_agent="test",
        cookie="theme=dark",
        x_request_id="r-1",
    )

    accept = await client.accepted()
    facts = await client.text()

    assert accept["subprotocol"] == "v2"
    assert (b"x-request-id", b"r-1") in accept["headers"]
    assert facts == (
        '{"room":7,"page":3,"agent":"test","theme":"dark","limit":5,"request":"r-1","subprotocol":"v2",'
        '"path_params":{"room":"7"},"host":"shop.example.com","query":{"page":"3","limit":"5"}}'
    )
    assert await client.closed() == (1000, "")


async def test_most_specific_path_wins(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/facts/all")
    await client.accepted()

    assert await client.text() == "all rooms"


async def test_bad_parameter_is_answered_before_the_handshake(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/facts/seven", x_request_id="r-1")

    status, problem = await client.denied()

    assert (status, problem["code"], problem["requestId"]) == (400, "TYPE_CONVERSION_ERROR", "r-1")
    await client.served()


async def test_error_before_the_handshake_is_its_answer(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/private")

    status, problem = await client.denied()

    assert (status, problem["code"], problem["detail"]) == (401, "WHO", "Who are you?")


async def test_advice_answers_for_it(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets, Advice), "/sockets/broken")

    assert await client.denied() == (418, {"advised": "'broken'"})


async def test_interceptors_stand_before_the_handler(app_of: Any, connect: Any) -> None:
    app = await app_of(Sockets, Doorman)
    stranger, friend = connect(app, "/sockets/echo"), connect(app, "/sockets/echo", x_key="1")

    status, problem = await stranger.denied()
    await stranger.served()

    assert (status, problem["code"]) == (401, "NO_KEY")
    assert bean_of(app, Doorman).seen == ["ended /sockets/echo"]
    await friend.accepted()


async def test_server_without_answers_to_handshakes_gets_a_close(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/private", scope={"extensions": {}})

    assert await client.closed() == (1008, "")


async def test_handler_that_does_not_accept_refuses(app_of: Any, connect: Any) -> None:
    app = await app_of(Sockets)
    client = connect(app, "/sockets/refusing")

    assert await client.closed() == (1008, "")
    await client.served()
    assert bean_of(app, Sockets).left == []


async def test_error_of_an_accepted_session_closes_it(
    app_of: Any, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = await app_of(Sockets)
    client = connect(app, "/sockets/failing", x_request_id="r-9")
    await client.accepted()
    client.send("go")

    assert await client.closed() == (1011, "")
    await client.served()

    [record] = [it for it in caplog.records if it.name == "pyfly.websocket.adapters.starlette"]
    assert (record.levelname, record.getMessage()) == ("WARNING", "Sockets.failing failed")
    assert isinstance(record.exc_info and record.exc_info[1], LookupError)
    assert bean_of(app, Sockets).left == [(True, "r-9")]


async def test_error_that_is_the_client_s_is_told_in_the_close(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/complaining")
    await client.accepted()

    assert await client.closed() == (1008, "é" * 61)


async def test_handler_may_close_in_its_own_words(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/farewell")
    await client.accepted()

    assert await client.closed() == (4001, "enough")
    await client.served()
    assert client.waiting == 0


@pytest.mark.parametrize("habits", ["old", "new"])
async def test_disconnect_is_of_both_kinds(app_of: Any, connect: Any, habits: str) -> None:
    app = await app_of(Sockets)
    client = connect(app, f"/sockets/{habits}-habits")
    await client.accepted()

    client.disconnect(1001, "lunch")
    await client.served()

    assert bean_of(app, Sockets).seen == [(1001, "lunch")]


async def test_disconnect_that_nobody_catches_is_a_normal_end(
    app_of: Any, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = await app_of(Sockets)
    client = connect(app, "/sockets/text", x_request_id="r-2")
    await client.accepted()

    client.disconnect()
    await client.served()

    assert "pyfly.websocket.adapters.starlette" not in {record.name for record in caplog.records}
    assert bean_of(app, Sockets).left == [(True, "r-2")]


async def test_message_of_the_wrong_type_ends_the_connection(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/sockets/text")
    await client.accepted()
    client.send(b"bytes")

    assert await client.closed() == (1003, "Text was expected")


async def test_messages_before_the_disconnect_are_delivered(app_of: Any, connect: Any) -> None:
    app = await app_of(Sockets)
    client = connect(app, "/sockets/text")
    await client.accepted()
    client.send("last words")
    client.disconnect()

    await client.served()

    assert bean_of(app, Sockets).seen == ["last words"]


async def test_client_that_leaves_before_the_handshake_is_no_failure(
    app_of: Any, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = await app_of(Sockets, close_timeout="10ms")
    client = connect(app, "/sockets/waiting")
    client.disconnect()

    await client.served()

    assert bean_of(app, Sockets).left == []
    assert [it.levelname for it in caplog.records if it.levelname == "ERROR"] == []


async def test_failing_farewell_is_logged(
    app_of: Any, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = await app_of(Plain)
    client = connect(app, "/plain")
    await client.accepted()
    await client.served()

    assert len(bean_of(app, Plain).left) == 1
    [record] = [it for it in caplog.records if "on_disconnect" in it.getMessage()]
    assert (record.levelname, record.getMessage()) == ("WARNING", "Plain.on_disconnect failed")


async def test_beans_of_the_connection_end_with_it_and_once(app_of: Any, connect: Any) -> None:
    PerConnection.ended.clear()
    client = connect(await app_of(PerConnection, Scoped), "/scoped")
    await client.accepted()
    client.send("how many?")
    within = await client.text()

    client.disconnect()
    await client.served()

    assert (within, len(PerConnection.ended)) == ("0", 1)


async def test_path_that_nobody_serves_is_refused(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Sockets), "/nothing")

    assert (await client.received())["type"] == "websocket.close"


async def test_routes_are_those_of_websockets(app_of: Any) -> None:
    app = await app_of(Plain)

    found = [route for route in app.routes if isinstance(route, WebSocketRoute)]

    assert [(route.path, route.name) for route in found] == [("/plain", "Plain.talk")]
