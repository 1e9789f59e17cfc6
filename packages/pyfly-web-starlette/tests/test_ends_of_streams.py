# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.responses import PlainTextResponse

from pyfly.container import Scope, service
from pyfly.context import RequestContext, pre_destroy
from pyfly.kernel.exceptions import ForbiddenException
from pyfly.web import exception_handler, get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.testing.asgi_client import AsgiClient
from pyfly.web.testing.asgi_lifespan import running

DEADLINE = 5.0


class Row(BaseModel):
    day: date


class Watched:
    """What a generator does, and when it ends."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.ended = asyncio.Event()
        self.log: list[object] = []


@rest_controller
class EndingController:
    def __init__(self) -> None:
        self.seen: Watched = Watched()

    @get_mapping("/models")
    async def models(self) -> AsyncIterator[Row]:
        yield Row(day=date(2026, 1, 2))
        yield Row(day=date(2026, 1, 3))

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
    context = new_context(EndingController)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as asgi_client:
        asgi_client.seen = context.get_bean(EndingController).seen  # type: ignore[attr-defined]
        yield asgi_client


def seen_by(client: Any) -> Watched:
    seen: Watched = client.seen
    return seen


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
    context = new_context(EndingController)
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
    context = new_context(EndingController)
    app = create_app(context=context, lifespan=lifespan_for(context))

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise OSError("the connection is gone")

    async with running(app):
        scope = {"type": "http", "method": "GET", "path": "/endless", "query_string": b"", "headers": []}
        await asyncio.wait_for(app(scope, asyncio.Event().wait, send), DEADLINE)
        assert context.get_bean(EndingController).seen.ended.is_set()

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

    context = new_context(EndingController, Marking)
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

    context = new_context(EndingController, Replacing)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        answer = await client.get("/endless")
        assert context.get_bean(EndingController).seen.ended.is_set()

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
