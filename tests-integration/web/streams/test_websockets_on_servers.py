# SPDX-License-Identifier: Apache-2.0
import asyncio
import base64
import json
import os
import signal
import socket
import time
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

CLIENTS = 200


async def open_socket(service: Any, path: str, **options: Any) -> ClientConnection:
    return await connect(f"ws://127.0.0.1:{service.port}/streams/{path}", open_timeout=30, **options)


async def open_many(service: Any, path: str, count: int) -> list[ClientConnection]:
    return await asyncio.gather(*(open_socket(service, path) for _ in range(count)))


async def end_of(client: ClientConnection) -> tuple[int, str]:
    """Read until the connection is closed; return code and reason of the server."""
    async with asyncio.timeout(20):
        try:
            while True:
                await client.recv()
        except ConnectionClosed as closed:
            return (1006, "") if closed.rcvd is None else (closed.rcvd.code, closed.rcvd.reason)


async def test_messages_go_both_ways(service: Any) -> None:
    async with await open_socket(service, "echo") as client:
        await client.send("hello")

        assert await client.recv() == "hello"


async def test_id_of_the_handshake_is_that_of_the_session(service: Any) -> None:
    headers = {"x-request-id": "r-1"}
    async with await open_socket(service, "pushed", additional_headers=headers) as client:
        assert await client.recv() == "r-1"
        # Granian sends no headers with the end of a handshake.
        expected = None if service.server == "granian" else "r-1"
        assert client.response is not None
        assert client.response.headers.get("x-request-id") == expected


async def test_page_of_another_origin_is_refused(service: Any) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await open_socket(service, "echo", origin="https://evil.example.com")

    response = refused.value.response
    assert (response.status_code, json.loads(response.body)["code"]) == (403, "ORIGIN_NOT_ALLOWED")
    # The server has nothing to complain of.
    async with await open_socket(service, "echo"):
        assert "handshake" not in service.output


async def test_failing_handler_closes_its_connection(service: Any) -> None:
    client = await open_socket(service, "failing")

    assert await end_of(client) == (1011, "")
    service.wait_for_output("LookupError: lost")


async def test_handler_closes_in_its_own_words(service: Any) -> None:
    client = await open_socket(service, "brief")

    assert await end_of(client) == (4001, "enough")


async def test_too_long_message_closes_its_connection(service: Any) -> None:
    client = await open_socket(service, "echo")
    await client.send("x" * 65537)

    assert await end_of(client) == (1009, "The message is too long")


@pytest.mark.parametrize("path", ["echo", "pushed"])
async def test_clients_that_vanish_leave_nothing_behind(
    service: Any, ends_quietly: Any, until: Any, path: str
) -> None:
    clients = await open_many(service, path, CLIENTS)
    await asyncio.to_thread(until, lambda: service.state()["open"] == CLIENTS, what="all handlers to begin")

    for client in clients[: CLIENTS // 2]:
        client.transport.abort()

    await asyncio.gather(*(client.close() for client in clients[CLIENTS // 2 :]))
    await asyncio.gather(*(client.wait_closed() for client in clients))

    await asyncio.to_thread(ends_quietly)


def test_client_that_reads_nothing_holds_no_memory_and_is_given_up(
    service: Any, stands_still: Any, until: Any
) -> None:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=10)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /streams/flooded HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    assert connection.recv(12) == b"HTTP/1.1 101"

    made = stands_still()
    until(lambda: service.state()["open"] == 0, what="the connection to be given up")

    assert made * 65536 < 32 * 1024 * 1024
    connection.close()


async def test_message_reaches_the_whole_room(service: Any, until: Any) -> None:
    clients = await open_many(service, "room", 50)
    await asyncio.to_thread(until, lambda: service.state()["in_room"] == 50, what="all to be in the room")

    await clients[0].send("hello, all")

    async with asyncio.timeout(20):
        assert await asyncio.gather(*(client.recv() for client in clients)) == ["hello, all"] * 50

    await asyncio.gather(*(client.close() for client in clients))


async def test_stop_closes_all_connections_and_does_not_wait(service: Any) -> None:
    clients = [*await open_many(service, "echo", 50), *await open_many(service, "pushed", 50)]

    started = time.monotonic()
    service.send_signal(signal.SIGTERM)
    ends = await asyncio.gather(*(end_of(client) for client in clients))
    await asyncio.to_thread(service.wait)

    # Where uvicorn is quicker than the handlers it says itself that it goes, with the code for a restart.
    told = {"granian": {1001}, "uvicorn": {1001, 1012}}[service.server]
    assert {code for code, _ in ends} <= told
    assert time.monotonic() - started < 5
    assert "Traceback" not in service.output
