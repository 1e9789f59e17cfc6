# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.responses import PlainTextResponse

from pyfly.container import Scope, service
from pyfly.context import RequestContext, pre_destroy
from pyfly.kernel.exceptions import ForbiddenException
from pyfly.web import exception_handler, get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.testing.asgi_client import AsgiClient
from pyfly.web.testing.asgi_lifespan import running

DEADLINE = 5.0
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

    @get_mapping("/refused")
    async def refused(self) -> AsyncIterator[str]:
        raise ForbiddenException("not yours", code="NOT_YOURS")
        yield ""

    @get_mapping("/handled")
    def handled(self) -> Iterator[str]:
        raise KeyError("x")
        yield ""

    @get_mapping("/breaks")
    async def breaks(self) -> AsyncIterator[str]:
        yield "first"
        raise OSError("disk")

    @get_mapping("/mixed")
    async def mixed(self) -> AsyncIterator[Any]:
        yield "first"
        yield {"then": 1}

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

    @get_mapping("/file")
    async def file(self) -> Path:
        return Path(__file__)

    @get_mapping("/endless-plain")
    def endless_plain(self) -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 1000
        finally:
            self.seen.log.append("closed")

    @exception_handler(KeyError, status_code=409)
    async def key_error(self, exc: KeyError) -> str:
        return "handled"


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


async def test_items_are_sent_as_they_are_made(client: AsgiClient) -> None:
    async with client.stream("/endless") as stream:
        assert await stream.next_chunk() == b"first"
        seen_by(client).go_on.set()
        assert await stream.next_chunk() == b"second"


async def test_generator_is_closed_when_the_client_goes_away(client: AsgiClient) -> None:
    async with client.stream("/endless") as stream:
        await stream.next_chunk()

    assert seen_by(client).log == ["cancelled"]
    assert seen_by(client).ended.is_set()


async def test_plain_generator_is_closed_when_the_client_goes_away(client: AsgiClient) -> None:
    async with client.stream("/endless-plain") as stream:
        await stream.next_chunk()

    assert seen_by(client).log == ["closed"]


async def test_nothing_is_taken_for_a_client_that_takes_nothing(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    made: list[int] = []

    @rest_controller
    class Eager:
        @get_mapping("/eager")
        async def eager(self) -> AsyncIterator[bytes]:
            for number in range(1000):
                made.append(number)
                yield b"x"

    stuck, blocked = asyncio.Event(), asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            stuck.set()
            await blocked.wait()

    async def receive() -> Any:
        await blocked.wait()
        return {"type": "http.disconnect"}

    context = new_context(Eager)
    app = create_app(context=context, lifespan=lifespan_for(context))
    async with running(app):
        scope = {"type": "http", "method": "GET", "path": "/eager", "query_string": b"", "headers": []}
        serving = asyncio.ensure_future(app(scope, receive, send))
        await asyncio.wait_for(stuck.wait(), DEADLINE)
        assert made == [0]
        blocked.set()
        await asyncio.wait_for(serving, DEADLINE)


@pytest.mark.parametrize("path", ["/endless", "/endless-plain", "/file"])
async def test_client_that_takes_nothing_is_given_up(
    new_context: Callable[..., Any],
    lifespan_for: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    context = new_context(StreamController)
    context.config.merge({"pyfly": {"web": {"stream": {"send-timeout": "10ms"}}}}, "test")
    app = create_app(context=context, lifespan=lifespan_for(context))

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async with running(app):
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
        await asyncio.wait_for(app(scope, asyncio.Event().wait, send), DEADLINE)

    assert "An answer was given up: its client took nothing for 0.01 s" in caplog.messages


async def test_server_that_says_so_by_an_error_ends_the_stream(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    context = new_context(StreamController)
    app = create_app(context=context, lifespan=lifespan_for(context))

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise OSError("the connection is gone")

    async with running(app):
        scope = {"type": "http", "method": "GET", "path": "/endless", "query_string": b"", "headers": []}
        await asyncio.wait_for(app(scope, asyncio.Event().wait, send), DEADLINE)
        assert context.get_bean(StreamController).seen.ended.is_set()

    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


async def test_request_that_is_cancelled_closes_the_generator(client: AsgiClient) -> None:
    begun = asyncio.Event()

    async def watch() -> None:
        async with client.stream("/endless") as stream:
            await stream.next_chunk()
            begun.set()
            await stream.next_chunk()

    watching = asyncio.ensure_future(watch())
    await asyncio.wait_for(begun.wait(), DEADLINE)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching

    assert seen_by(client).ended.is_set()


async def test_failure_before_the_first_item_is_an_ordinary_one(client: AsgiClient) -> None:
    refused, handled = await client.get("/refused"), await client.get("/handled")

    assert (refused.status, refused.json()["code"]) == (403, "NOT_YOURS")
    assert (handled.status, handled.json()) == (409, "handled")


@pytest.mark.parametrize(
    ("path", "error", "text"),
    [
        ("/breaks", OSError, "disk"),
        ("/mixed", TypeError, "a stream that began with bytes or text went on with dict"),
    ],
)
async def test_failure_after_the_first_item_aborts_the_answer(
    client: AsgiClient, path: str, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        await client.get(path)


async def test_filters_see_and_change_the_head(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    class Marking(OncePerRequestFilter):
        async def do_filter(self, request: Any, call_next: Any) -> Any:
            response = await call_next(request)
            response.headers["x-seen"] = response.headers["content-type"]
            return response

    context = new_context(StreamController, Marking)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        answer = await client.get("/models")

    assert answer.header("x-seen") == "application/x-ndjson"
    assert answer.header("x-frame-options") == "DENY"


async def test_stream_that_a_filter_replaces_is_closed(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    class Replacing(OncePerRequestFilter):
        async def do_filter(self, request: Any, call_next: Any) -> Any:
            await call_next(request)
            return PlainTextResponse("other")

    context = new_context(StreamController, Replacing)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        answer = await client.get("/endless")
        assert context.get_bean(StreamController).seen.ended.is_set()

    assert answer.text == "other"


async def test_request_scope_lasts_as_long_as_the_stream(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    log: list[str] = []

    @service(scope=Scope.REQUEST)
    class Cursor:
        @pre_destroy
        def close(self) -> None:
            log.append("closed")

    @rest_controller(scope=Scope.REQUEST)
    class Rows:
        def __init__(self, cursor: Cursor) -> None:
            self.cursor = cursor

        @get_mapping("/rows")
        async def rows(self) -> AsyncIterator[str]:
            for _ in range(2):
                request = RequestContext.current()
                log.append(request.request_id if request else "no request")
                yield "row"

    context = new_context(Cursor, Rows)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        await client.get("/rows", headers={"x-request-id": "r-1"})

    assert log == ["r-1", "r-1", "closed"]


async def test_time_limit_of_a_generator_stays_its_own(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    @rest_controller
    class Limited:
        @get_mapping("/limited")
        async def limited(self) -> AsyncIterator[str]:
            try:
                async with asyncio.timeout(0.01):
                    yield "a"
                    await asyncio.Event().wait()
            except TimeoutError:
                yield "late"

    context = new_context(Limited)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        assert (await client.get("/limited")).text == "alate"


async def test_clean_up_that_fails_is_logged(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    @rest_controller
    class Stubborn:
        @get_mapping("/stubborn")
        async def stubborn(self) -> AsyncIterator[str]:
            try:
                yield "a"
                yield "b"
            finally:
                raise RuntimeError("no way out")

    context = new_context(Stubborn)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        await client.head("/stubborn")

    assert "The iterator of an answer could not be closed" in caplog.messages
