# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from pyfly.web import Body, get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app

LOG: list[str] = []


@rest_controller
class Bodies:
    @post_mapping("/size")
    async def size(self, data: Body[bytes]) -> int:
        return len(data)

    @post_mapping("/request-size")
    async def request_size(self, request: Request) -> int:
        return len(await request.body())

    def __init__(self) -> None:
        self.started = asyncio.Event()

    @get_mapping("/wait")
    async def wait(self) -> None:
        self.started.set()
        try:
            await asyncio.Event().wait()
        finally:
            LOG.append("ended")

    @get_mapping("/stream")
    async def stream(self) -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            while True:
                yield b"x"
                await asyncio.sleep(0)

        return StreamingResponse(chunks())


async def extra_size(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


class Client:
    """A client at the level of ASGI messages."""

    def __init__(self, messages: Sequence[dict[str, Any]] = ()) -> None:
        self.incoming = list(messages)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return self.incoming.pop(0) if self.incoming else {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int | None:
        return next((m["status"] for m in self.sent if m["type"] == "http.response.start"), None)

    async def call(
        self, app: Any, method: str, path: str, headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": list(headers),
        }
        await app(scope, self.receive, self.send)


def chunk(size: int, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


@pytest.fixture
def app(new_context: Any) -> Any:
    routes = [Route("/extra-size", extra_size, methods=["POST"])]
    return create_app(context=new_context(Bodies), extra_routes=routes, max_body_size=10)


@pytest.mark.parametrize("path", ["/size", "/request-size", "/extra-size"])
async def test_body_up_to_the_limit_is_read(app: Any, path: str) -> None:
    client = Client([chunk(4, more=True), chunk(6)])

    await client.call(app, "POST", path)

    assert (client.status, client.sent[1]["body"]) == (200, b"10")


@pytest.mark.parametrize("path", ["/size", "/request-size", "/extra-size"])
async def test_longer_body_is_refused(app: Any, path: str) -> None:
    client = Client([chunk(4, more=True), chunk(7, more=True), chunk(100)])

    await client.call(app, "POST", path)

    assert client.status == 413
    assert b"PAYLOAD_TOO_LARGE" in client.sent[1]["body"]
    assert len(client.incoming) == 1


@pytest.mark.parametrize("length", [b"11", b"9" * 5000])
async def test_announced_longer_body_is_refused_unread(app: Any, length: bytes) -> None:
    client = Client([chunk(11)])

    await client.call(app, "POST", "/size", [(b"content-length", length)])

    assert client.status == 413
    assert len(client.incoming) == 1


async def test_length_that_is_no_number_is_left_to_the_body(app: Any) -> None:
    client = Client([chunk(2)])

    await client.call(app, "POST", "/size", [(b"content-length", b"\xb2")])

    assert client.status == 200


async def test_client_that_leaves_while_sending_gets_no_answer(app: Any) -> None:
    client = Client([chunk(4, more=True)])

    await client.call(app, "POST", "/size")

    assert client.sent == []


async def test_client_that_leaves_during_a_stream_ends_it(app: Any) -> None:
    client = Client()

    async with asyncio.timeout(5):
        await client.call(app, "GET", "/stream")

    assert client.status == 200


async def test_cancelled_request_cancels_its_handler(new_context: Any) -> None:
    LOG.clear()
    context = new_context(Bodies)
    app = create_app(context=context)
    client = Client()
    request = asyncio.create_task(client.call(app, "GET", "/wait"))
    async with asyncio.timeout(5):
        await context.get_bean(Bodies).started.wait()

    request.cancel()

    with pytest.raises(asyncio.CancelledError):
        await request
    assert LOG == ["ended"]
    assert client.sent == []
