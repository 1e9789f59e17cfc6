# SPDX-License-Identifier: Apache-2.0
"""Answers that go on: events and streams."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel

from pyfly.container.ordering import order
from pyfly.container.stereotypes import component, controller_advice, rest_controller
from pyfly.kernel.exceptions import ForbiddenException
from pyfly.web.exception_handler import exception_handler
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.mappings import get_mapping, request_mapping
from pyfly.web.params import QueryParam
from pyfly.web.ports.filter import CallNext
from pyfly.web.sse import SseEmitter, SseEvent, sse_mapping
from pyfly.web.testing.adapter_hooks import AdapterHooks
from pyfly.web.testing.asgi_client import DEADLINE


class Tick(BaseModel):
    number: int


@rest_controller
@request_mapping("/e")
class EventController:
    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.go_on = asyncio.Event()

    @sse_mapping("/ticks")
    async def ticks(self, count: QueryParam[int] = 2) -> AsyncIterator[Tick]:
        for number in range(count):
            yield Tick(number=number)

    @sse_mapping("/named")
    async def named(self) -> AsyncIterator[SseEvent]:
        yield SseEvent({"a": 1}, event="change", id="7", retry=500)
        yield SseEvent("one\ntwo")

    @sse_mapping("/endless")
    async def endless(self) -> AsyncIterator[str]:
        try:
            yield "first"
            await self.go_on.wait()
            yield "second"
            await asyncio.Event().wait()
        finally:
            self.closed.set()

    @get_mapping("/go-on")
    async def let_go_on(self) -> None:
        self.go_on.set()

    @get_mapping("/closed")
    async def is_closed(self) -> bool:
        async with asyncio.timeout(DEADLINE):
            return await self.closed.wait()

    @sse_mapping("/refused")
    async def refused(self) -> AsyncIterator[str]:
        raise ForbiddenException("not yours", code="NOT_YOURS")
        yield "never"

    @sse_mapping("/emitter")
    async def emitter(self) -> SseEmitter:
        emitter = SseEmitter()
        await emitter.send({"number": 1})
        emitter.close()
        return emitter


@controller_advice
class EventAdvice:
    @exception_handler(ForbiddenException)
    async def forbidden(self, exc: ForbiddenException) -> tuple[int, dict[str, str]]:
        return 403, {"advice": exc.code or ""}


@component
@order(5)
class StreamFilter(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers["x-filtered"] = str(response.status_code)
        return response


class StreamContract(AdapterHooks):
    """Parts are sent as they are made; head, filters and failures are those of other answers."""

    async def test_events_are_framed(self) -> None:
        async with self.serving(EventController) as client:
            answer = await client.get("/e/ticks")

        assert answer.status == 200
        assert answer.media_type == "text/event-stream"
        assert answer.header("cache-control") == "no-cache"
        assert answer.text == 'data: {"number":0}\n\ndata: {"number":1}\n\n'

    async def test_parameters_of_an_event_stream_are_bound(self) -> None:
        async with self.serving(EventController) as client:
            one, wrong = await client.get("/e/ticks?count=1"), await client.get("/e/ticks?count=x")

        assert one.text == 'data: {"number":0}\n\n'
        assert (wrong.status, wrong.json()["code"]) == (400, "TYPE_CONVERSION_ERROR")

    async def test_events_have_names_ids_and_several_lines(self) -> None:
        async with self.serving(EventController) as client:
            answer = await client.get("/e/named")

        assert answer.text == ('id: 7\nevent: change\nretry: 500\ndata: {"a": 1}\n\ndata: one\ndata: two\n\n')

    async def test_emitter_is_answered(self) -> None:
        async with self.serving(EventController) as client:
            answer = await client.get("/e/emitter")

        assert answer.text == 'data: {"number": 1}\n\n'

    async def test_events_are_sent_as_they_are_made(self) -> None:
        async with self.serving(EventController) as client, client.stream("/e/endless") as stream:
            assert await stream.next_chunk() == b"data: first\n\n"
            await client.get("/e/go-on")
            assert await stream.next_chunk() == b"data: second\n\n"

    async def test_generator_is_closed_when_the_client_goes_away(self) -> None:
        async with self.serving(EventController) as client:
            async with client.stream("/e/endless") as stream:
                await stream.next_chunk()

            assert (await client.get("/e/closed")).json() is True

    async def test_failure_before_the_first_event_is_a_problem(self) -> None:
        async with self.serving(EventController) as client:
            answer = await client.get("/e/refused")

        assert (answer.status, answer.json()["code"]) == (403, "NOT_YOURS")

    async def test_advice_answers_for_event_streams(self) -> None:
        async with self.serving(EventController, EventAdvice) as client:
            answer = await client.get("/e/refused")

        assert (answer.status, answer.json()) == (403, {"advice": "NOT_YOURS"})

    async def test_event_stream_carries_ids_and_protecting_headers(self) -> None:
        async with self.serving(EventController, StreamFilter) as client:
            answer = await client.get("/e/ticks", headers={"x-request-id": "r-1"})

        assert (answer.header("x-request-id"), answer.header("x-frame-options")) == ("r-1", "DENY")
        assert answer.header("x-filtered") == "200"

    async def test_head_of_an_event_stream_has_no_body(self) -> None:
        async with self.serving(EventController) as client:
            answer = await client.head("/e/ticks")

        assert (answer.status, answer.body, answer.media_type) == (200, b"", "text/event-stream")

    async def test_native_stream_is_sent_as_it_is_made(self) -> None:
        make, go_on = self.native_stream, asyncio.Event()

        async def parts() -> AsyncIterator[bytes]:
            yield b"one"
            await go_on.wait()
            yield b"two"

        @rest_controller
        class Controller:
            @get_mapping("/stream")
            async def get(self) -> Any:
                return make(parts())

        async with self.serving(Controller) as client, client.stream("/stream") as stream:
            assert await stream.next_chunk() == b"one"
            go_on.set()
            assert await stream.next_chunk() == b"two"
            assert await stream.next_chunk() is None

    async def test_filter_changes_the_head_of_a_native_stream(self) -> None:
        make = self.native_stream

        async def parts() -> AsyncIterator[bytes]:
            yield b"one"

        @rest_controller
        class Controller:
            @get_mapping("/stream")
            async def get(self) -> Any:
                return make(parts(), status=206)

        async with self.serving(Controller, StreamFilter) as client:
            answer = await client.get("/stream", headers={"x-request-id": "r-1"})

        assert (answer.status, answer.header("x-filtered")) == (206, "206")
        assert (answer.header("x-request-id"), answer.header("x-frame-options")) == ("r-1", "DENY")
