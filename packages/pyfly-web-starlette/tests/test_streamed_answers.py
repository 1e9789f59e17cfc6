# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from datetime import date
from io import BytesIO
from threading import get_ident
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.web import get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.testing.asgi_client import AsgiClient
from pyfly.web.testing.asgi_lifespan import running

STEP: ContextVar[int] = ContextVar("step", default=0)


class Row(BaseModel):
    day: date


class Watched:
    """What a generator does, and when it ends."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.ended = asyncio.Event()
        self.log: list[object] = []


@rest_controller
class StreamController:
    def __init__(self) -> None:
        self.seen: Watched = Watched()

    @get_mapping("/bytes")
    async def bytes(self) -> AsyncIterator[bytes]:
        yield b"one"
        yield b""
        yield bytearray(b"two")
        yield memoryview(b"three")

    @get_mapping("/text")
    async def text(self) -> AsyncIterator[str]:
        yield "süß"

    @get_mapping("/models")
    async def models(self) -> AsyncIterator[Row]:
        yield Row(day=date(2026, 1, 2))
        yield Row(day=date(2026, 1, 3))

    @get_mapping("/anything")
    async def anything(self) -> AsyncGenerator[Any, None]:
        for item in (None, 1, "x", {"a": [1]}):
            yield item

    @get_mapping("/returned")
    async def returned(self) -> AsyncIterator[str]:
        return self.text()

    @get_mapping("/plain")
    def plain(self) -> Iterator[str]:
        for _ in range(3):
            STEP.set(STEP.get() + 1)
            self.seen.log.append(get_ident())
            yield str(STEP.get())

    @get_mapping("/iterator")
    async def iterator(self) -> object:
        return map(str, range(3))

    @get_mapping("/list")
    async def list(self) -> object:
        return ["a", "b"]

    @get_mapping("/open-file")
    async def open_file(self) -> object:
        return BytesIO(b"line one\nline two")

    @get_mapping("/csv", produces="text/csv")
    async def csv(self) -> AsyncIterator[str]:
        yield "a,b\n"

    @get_mapping("/image", produces="image/svg+xml")
    async def image(self) -> str:
        return "<svg/>"

    @get_mapping("/raw", produces="text/plain; charset=latin-1")
    async def raw(self) -> bytes:
        return b"\xfc"

    @get_mapping("/empty")
    async def empty(self) -> AsyncIterator[Row]:
        return
        yield

    @post_mapping("/created", status_code=201)
    async def created(self) -> AsyncIterator[str]:
        yield "made"

    @get_mapping("/nothing", status_code=204)
    async def nothing(self) -> AsyncIterator[str]:
        try:
            yield "never sent"
        finally:
            self.seen.ended.set()

    @get_mapping("/endless")
    async def endless(self) -> AsyncIterator[str]:
        try:
            yield "first"
            await self.seen.go_on.wait()
            yield "second"
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.seen.log.append("cancelled")
            raise
        finally:
            await asyncio.sleep(0)
            self.seen.ended.set()


@pytest.fixture
async def client(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> AsyncIterator[AsgiClient]:
    """Yield a client of the controller above."""
    context = new_context(StreamController)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as asgi_client:
        asgi_client.seen = context.get_bean(StreamController).seen  # type: ignore[attr-defined]
        yield asgi_client


def seen_by(client: Any) -> Watched:
    seen: Watched = client.seen
    return seen


@pytest.mark.parametrize(
    ("path", "media_type", "chunks"),
    [
        ("/bytes", "application/octet-stream", [b"one", b"two", b"three"]),
        ("/text", "text/plain; charset=utf-8", ["süß".encode()]),
        ("/returned", "text/plain; charset=utf-8", ["süß".encode()]),
        ("/models", "application/x-ndjson", [b'{"day":"2026-01-02"}\n', b'{"day":"2026-01-03"}\n']),
        ("/anything", "application/x-ndjson", [b"null\n", b"1\n", b'"x"\n', b'{"a":[1]}\n']),
        ("/plain", "text/plain; charset=utf-8", [b"1", b"2", b"3"]),
        ("/iterator", "text/plain; charset=utf-8", [b"0", b"1", b"2"]),
        ("/open-file", "application/octet-stream", [b"line one\nline two"]),
        ("/csv", "text/csv; charset=utf-8", [b"a,b\n"]),
        ("/empty", "application/x-ndjson", []),
        ("/list", "application/json", [b'["a","b"]']),
        ("/image", "image/svg+xml", [b"<svg/>"]),
        ("/raw", "text/plain; charset=latin-1", [b"\xfc"]),
    ],
)
async def test_items_decide_what_is_sent(
    client: AsgiClient, path: str, media_type: str, chunks: list[bytes]
) -> None:
    answer = await client.get(path)

    assert answer.status == 200
    assert answer.header("content-type") == media_type
    assert answer.chunks == chunks


async def test_media_type_that_nobody_else_writes_may_be_asked_for(client: AsgiClient) -> None:
    answers = [await client.get(path, headers={"accept": "image/*"}) for path in ("/image", "/csv", "/bytes")]

    assert [answer.status for answer in answers] == [200, 200, 200]


async def test_declared_status_is_sent(client: AsgiClient) -> None:
    assert (await client.post("/created")).status == 201


async def test_status_without_body_closes_the_stream(client: AsgiClient) -> None:
    answer = await client.get("/nothing")

    assert (answer.status, answer.body) == (204, b"")


async def test_plain_iterators_run_in_other_threads_in_one_context(client: AsgiClient) -> None:
    assert (await client.get("/plain")).text == "123"
    assert get_ident() not in seen_by(client).log
    assert STEP.get() == 0


async def test_head_request_has_the_same_head(client: AsgiClient) -> None:
    answer = await client.head("/endless")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.header("content-type") == "text/plain; charset=utf-8"
    assert seen_by(client).ended.is_set()
