# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import ConflictException, ResourceNotFoundException
from pyfly.web import (
    Header,
    PathVar,
    QueryParam,
    controller_advice,
    exception_handler,
    get_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.sse import LastEventId, SseEmitter, SseEvent, format_sse_event, sse_mapping


class Reading(BaseModel):
    sensor: str
    degrees: float


@rest_controller
@request_mapping("/streams")
class Streams:
    @sse_mapping("/items/{count}")
    async def items(self, count: PathVar[int], prefix: QueryParam[str] = "") -> AsyncIterator[object]:
        for number in range(count):
            yield f"{prefix}{number}"

    @sse_mapping("/kinds")
    async def kinds(self) -> AsyncIterator[object]:
        yield "text"
        yield {"a": 1}
        yield Reading(sensor="kitchen", degrees=21.5)
        yield SseEvent("named", "tick", 7, 100)
        yield format_sse_event("framed", event="tock")
        yield ""

    @sse_mapping("/coroutine")
    async def coroutine(self) -> AsyncIterator[object]:
        return self.items(2)

    @sse_mapping("/plain")
    def plain(self) -> AsyncIterator[object]:
        return self.items(2)

    @sse_mapping("/emitter")
    async def emitter(self) -> SseEmitter:
        emitter = SseEmitter()
        emitter.send({"a": 1}, event="first")
        emitter.complete()
        return emitter

    @get_mapping("/ordinary")
    async def ordinary(self) -> SseEmitter:
        return await self.emitter()

    @sse_mapping("/missing")
    async def missing(self) -> AsyncIterator[object]:
        raise ResourceNotFoundException("There is no such stream", code="NO_STREAM")
        yield "never"

    @sse_mapping("/conflict")
    async def conflict(self) -> AsyncIterator[object]:
        raise ConflictException("taken")
        yield "never"

    @sse_mapping("/wrong")
    async def wrong(self) -> Any:
        return [1, 2]

    @sse_mapping("/unwritable")
    async def unwritable(self) -> AsyncIterator[object]:
        yield {"value": object()}

    @get_mapping("/failed-emitter")
    async def failed_emitter(self) -> SseEmitter:
        emitter = SseEmitter()
        emitter.error(ResourceNotFoundException("There is no such stream", code="NO_STREAM"))
        return emitter

    @sse_mapping("/late-failure")
    async def late_failure(self) -> AsyncIterator[object]:
        yield "first"
        raise LookupError("lost")

    @sse_mapping("/since")
    async def since(self, last: LastEventId, last_event_id: Header[str | None]) -> AsyncIterator[object]:
        yield {"injected": last, "header": last_event_id}

    @sse_mapping("/id")
    async def request_id(self) -> AsyncIterator[object]:
        for _ in range(2):
            context = RequestContext.current()
            yield "" if context is None else context.request_id
            await asyncio.sleep(0)

    @exception_handler(ConflictException)
    def taken(self, exc: ConflictException) -> dict[str, str]:
        return {"handled": str(exc)}


@controller_advice
class Advice:
    @exception_handler(LookupError)
    def lost(self, exc: LookupError) -> dict[str, str]:
        return {"advised": str(exc)}


@pytest.mark.parametrize("path", ["/streams/items/2", "/streams/coroutine", "/streams/plain"])
async def test_items_are_sent_as_events(app_of: Any, open_stream: Any, path: str) -> None:
    client = open_stream(await app_of(Streams), path)

    status, headers = await client.head()

    assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-cache", "no")
    assert await client.rest() == ["data: 0\n\n", "data: 1\n\n"]
    await client.served()


async def test_parameters_are_bound_as_everywhere(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/items/1?prefix=no-")

    await client.head()

    assert await client.rest() == ["data: no-0\n\n"]


async def test_bad_parameter_is_answered_before_the_stream(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/items/many")

    status, headers = await client.head()

    assert (status, headers["content-type"]) == (400, "application/problem+json")


async def test_every_kind_of_item_has_its_form(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/kinds")

    await client.head()

    assert await client.rest() == [
        "data: text\n\n",
        'data: {"a": 1}\n\n',
        'data: {"sensor":"kitchen","degrees":21.5}\n\n',
        "id: 7\nevent: tick\nretry: 100\ndata: named\n\n",
        "event: tock\ndata: framed\n\n",
        "data: \n\n",
    ]


@pytest.mark.parametrize("path", ["/streams/emitter", "/streams/ordinary"])
async def test_emitter_can_come_from_any_handler(app_of: Any, open_stream: Any, path: str) -> None:
    client = open_stream(await app_of(Streams), path, accept="text/event-stream")

    status, headers = await client.head()

    assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert await client.rest() == ['event: first\ndata: {"a": 1}\n\n']


@pytest.mark.parametrize("path", ["/streams/missing", "/streams/failed-emitter"])
async def test_failure_before_the_first_event_is_an_error_answer(
    app_of: Any, open_stream: Any, path: str
) -> None:
    client = open_stream(await app_of(Streams), path, x_request_id="r-1")

    status, headers = await client.head()

    assert (status, headers["x-request-id"]) == (404, "r-1")
    assert '"code":"NO_STREAM"' in await client.event()


async def test_handlers_of_errors_answer_for_it(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams, Advice), "/streams/conflict")

    assert (await client.head())[0] == 200
    assert '"handled":"taken"' in await client.event()


@pytest.mark.parametrize("path", ["/streams/wrong", "/streams/unwritable"])
async def test_result_that_is_no_stream_is_an_error(
    app_of: Any, open_stream: Any, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client = open_stream(await app_of(Streams), path)

    assert (await client.head())[0] == 500


async def test_what_is_wrong_with_a_result_is_logged(
    app_of: Any, open_stream: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = open_stream(await app_of(Streams), "/streams/wrong")
    await client.head()

    assert str(caplog.records[0].exc_info[1]) == (  # type: ignore[index]
        "Streams.wrong is list: it has to be an asynchronous generator or iterator, or an SseEmitter"
    )


async def test_later_failure_is_logged_once_and_ends_the_stream(
    app_of: Any, open_stream: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = open_stream(await app_of(Streams, Advice), "/streams/late-failure")

    await client.head()

    assert await client.rest() == ["data: first\n\n"]
    await client.served()
    errors = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in errors] == ["Streams.late_failure failed and ends"]


async def test_last_event_id_is_told(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/since", last_event_id="41")

    await client.head()

    assert await client.rest() == ['data: {"injected": "41", "header": "41"}\n\n']


async def test_new_client_has_no_last_event_id(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/since")

    await client.head()

    assert await client.rest() == ['data: {"injected": "", "header": null}\n\n']


async def test_ids_of_the_request_last_as_long_as_the_stream(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/id", x_request_id="r-7", x_correlation_id="c-7")

    _, headers = await client.head()

    assert (headers["x-request-id"], headers["x-correlation-id"]) == ("r-7", "c-7")
    assert await client.rest() == ["data: r-7\n\n", "data: r-7\n\n"]


async def test_connection_is_kept_in_http_1_alone(app_of: Any, open_stream: Any) -> None:
    app = await app_of(Streams)
    first = open_stream(app, "/streams/items/1")
    second = open_stream(app, "/streams/items/1", scope={"http_version": "2"})

    assert (await first.head())[1]["connection"] == "keep-alive"
    assert "connection" not in (await second.head())[1]


async def test_head_request_runs_no_stream(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/items/5", scope={"method": "HEAD"})

    status, headers = await client.head()

    assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert await client.rest() == []


async def test_empty_stream_has_a_head_and_an_end(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Streams), "/streams/items/0")

    assert (await client.head())[0] == 200
    assert await client.rest() == []
