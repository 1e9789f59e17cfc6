# SPDX-License-Identifier: Apache-2.0
import asyncio
import os
import signal
from typing import Any

import pytest

from pyfly.config.errors import ConfigurationError
from pyfly.web import rest_controller
from pyfly.web.connections import OpenConnections
from pyfly.websocket import WebSocketSession, websocket_mapping

DEADLINE = 5.0


@rest_controller
class Limited:
    def __init__(self) -> None:
        self.ended: list[str] = []
        self.left = 0
        self.go_on = asyncio.Event()

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        await session.accept()
        async for message in session:
            await session.send_json(message)

    @websocket_mapping("/push")
    async def push(self, session: WebSocketSession) -> None:
        await session.accept()
        try:
            while True:
                await session.send_text("news")
                await asyncio.sleep(0)
        finally:
            self.ended.append("push")

    @websocket_mapping("/deaf")
    async def deaf(self, session: WebSocketSession) -> None:
        await session.accept()
        try:
            await self.go_on.wait()
        finally:
            self.ended.append("deaf")

    async def on_disconnect(self, session: WebSocketSession) -> None:
        self.left += 1


def bean_of(app: Any) -> Limited:
    return app.state.context.get_bean(Limited)  # type: ignore[no-any-return]


async def test_page_of_another_origin_is_refused_before_the_handler(app_of: Any, connect: Any) -> None:
    client = connect(
        await app_of(Limited), "/echo", origin="https://evil.example.com", host="shop.example.com"
    )

    status, problem = await client.denied()

    assert (status, problem["code"]) == (403, "ORIGIN_NOT_ALLOWED")


@pytest.mark.parametrize("origin", ["https://shop.example.com", "https://app.example.com"])
async def test_page_of_the_service_or_of_the_list_may_connect(app_of: Any, connect: Any, origin: str) -> None:
    app = await app_of(Limited, allowed_origins=["https://app.example.com"])
    client = connect(app, "/echo", origin=origin, host="shop.example.com")

    await client.accepted()


async def test_origin_that_is_none_stops_the_start(app_of: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^pyfly\.websocket\.allowed-origins: 'app' has no scheme"):
        await app_of(Limited, allowed_origins=["app"])


async def test_one_connection_too_many_is_refused(app_of: Any, connect: Any, tasks_end: Any) -> None:
    app = await app_of(Limited, max_connections=1)
    first = connect(app, "/echo")
    await first.accepted()
    second = connect(app, "/echo")

    status, problem = await second.denied()
    await second.served()
    first.disconnect()
    await first.served()
    third = connect(app, "/echo")

    assert (status, problem["code"]) == (503, "TOO_MANY_CONNECTIONS")
    await third.accepted()


async def test_message_that_is_too_long_ends_the_connection(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Limited, max_message_size="10B"), "/echo")
    await client.accepted()
    client.send("ten bytes!")
    answer = await client.text()
    client.send("and eleven!")

    assert answer == '"ten bytes!"'
    assert await client.closed() == (1009, "The message is too long")
    await client.served()


async def test_silent_client_is_let_go(app_of: Any, connect: Any) -> None:
    client = connect(await app_of(Limited, idle_timeout="10ms"), "/echo")
    await client.accepted()

    assert await client.closed() == (1001, "No message came in time")


async def test_client_that_takes_nothing_is_given_up(app_of: Any, connect: Any, tasks_end: Any) -> None:
    app = await app_of(Limited, send_timeout="10ms")
    client = connect(app, "/push")
    await client.accepted()
    client.takes.clear()

    await client.served()

    assert (bean_of(app).ended, bean_of(app).left) == (["push"], 1)
    await tasks_end()


async def test_client_has_to_wait_when_the_handler_does_not_read(app_of: Any, connect: Any) -> None:
    app = await app_of(Limited, receive_queue=2)
    client = connect(app, "/deaf")
    await client.accepted()
    for number in range(10):
        client.send(str(number))

    for _ in range(100):
        await asyncio.sleep(0)

    assert client.waiting == 7


async def test_pushing_handler_notices_that_its_client_is_gone(
    app_of: Any, connect: Any, tasks_end: Any
) -> None:
    app = await app_of(Limited)
    client = connect(app, "/push")
    await client.accepted()

    client.disconnect(1006)
    await client.served()

    assert (bean_of(app).ended, bean_of(app).left) == (["push"], 1)
    await tasks_end()


async def test_handler_that_does_not_notice_is_cancelled(
    app_of: Any, connect: Any, tasks_end: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = await app_of(Limited, close_timeout="10ms")
    client = connect(app, "/deaf")
    await client.accepted()

    client.disconnect()
    await client.served()

    assert (bean_of(app).ended, bean_of(app).left) == (["deaf"], 1)
    assert "Limited.deaf is cancelled: it went on for 0.01 s after the end of its connection" in caplog.text
    await tasks_end()


async def test_end_of_the_context_closes_the_sessions(app_of: Any, connect: Any, tasks_end: Any) -> None:
    app = await app_of(Limited, close_timeout="10ms")
    clients = [connect(app, path) for path in ("/echo", "/deaf")]
    for client in clients:
        await client.accepted()

    async with asyncio.timeout(DEADLINE):
        await app.state.context.stop()

    assert [await client.closed() for client in clients] == [(1001, "The server stops")] * 2
    await asyncio.gather(*(client.served() for client in clients))
    await tasks_end()


async def test_signal_closes_the_sessions_before_the_server_stops(
    app_of: Any, connect: Any, tasks_end: Any
) -> None:
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    try:
        client = connect(await app_of(Limited), "/echo")
        await client.accepted()

        os.kill(os.getpid(), signal.SIGTERM)
        closed = await client.closed()
        await client.served()
    finally:
        signal.signal(signal.SIGTERM, before)

    assert (closed, told) == ((1001, "The server stops"), [signal.SIGTERM])
    await tasks_end()


async def test_no_session_begins_while_the_server_stops(app_of: Any, connect: Any) -> None:
    app = await app_of(Limited)
    app.state.context.get_bean(OpenConnections).end_all()
    client = connect(app, "/echo")

    status, problem = await client.denied()

    assert (status, problem["code"]) == (503, "SERVER_STOPS")


async def test_many_clients_that_vanish_leave_nothing_behind(
    app_of: Any, connect: Any, tasks_end: Any
) -> None:
    app = await app_of(Limited, close_timeout="50ms")
    clients = [connect(app, path) for path in ("/echo", "/push", "/deaf") for _ in range(100)]
    for client in clients[::2]:
        await client.accepted()

    for client in clients:
        client.disconnect(1006)

    async with asyncio.timeout(DEADLINE * 2):
        await asyncio.gather(*(client.serving for client in clients))

    assert len(app.state.context.get_bean(OpenConnections)) == 0
    await tasks_end()


async def test_cancelled_connection_takes_its_handler_along(
    app_of: Any, connect: Any, tasks_end: Any
) -> None:
    app = await app_of(Limited)
    client = connect(app, "/deaf")
    await client.accepted()

    client.serving.cancel()
    await asyncio.gather(client.serving, return_exceptions=True)

    assert (bean_of(app).ended, bean_of(app).left) == (["deaf"], 1)
    await tasks_end()
