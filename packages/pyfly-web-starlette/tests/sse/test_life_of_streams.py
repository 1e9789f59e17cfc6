# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import rest_controller
from pyfly.web.sse import SseEmitter, sse_mapping

DEADLINE = 5.0
COMMENT = ":\n\n"


@asynccontextmanager
async def held(within: set[str]) -> AsyncIterator[None]:
    """Hold something that belongs to one task, as a database session or a time-out does."""
    within.add("held")
    try:
        async with asyncio.timeout(60):
            yield
    finally:
        await asyncio.sleep(0)
        within.discard("held")
        within.add("released")


@rest_controller
class Life:
    def __init__(self) -> None:
        self.within: set[str] = set()
        self.produced = 0
        self.go_on = asyncio.Event()
        self.emitter = SseEmitter()

    @sse_mapping("/endless")
    async def endless(self) -> AsyncIterator[object]:
        async with held(self.within):
            while True:
                self.produced += 1
                yield self.produced

    @sse_mapping("/silent")
    async def silent(self) -> AsyncIterator[object]:
        async with held(self.within):
            await self.go_on.wait()
            yield "at last"

    @sse_mapping("/late-refusal")
    async def late_refusal(self) -> AsyncIterator[object]:
        await self.go_on.wait()
        raise ResourceNotFoundException("There is no such stream")
        yield "never"

    @sse_mapping("/fed")
    async def fed(self) -> SseEmitter:
        return self.emitter

    @sse_mapping("/stubborn")
    async def stubborn(self) -> AsyncIterator[object]:
        try:
            yield "first"
            await self.go_on.wait()
        finally:
            raise LookupError("in the clean-up")

    @sse_mapping("/cancelled")
    async def cancelled(self) -> AsyncIterator[object]:
        yield "first"
        raise asyncio.CancelledError


class AnswerInItsPlace:
    async def do_filter(self, request: Request, call_next: Any) -> Any:
        await call_next(request)
        return PlainTextResponse("instead")

    def should_not_filter(self, request: Request) -> bool:
        return False


@pytest.fixture
def tasks_end() -> Callable[[], Awaitable[None]]:
    """Wait until the test has no tasks but its own."""

    async def wait() -> None:
        own = asyncio.current_task()
        async with asyncio.timeout(DEADLINE):
            while others := {task for task in asyncio.all_tasks() if task is not own}:
                await asyncio.wait(others)

    return wait


def bean_of(app: Any) -> Life:
    return app.state.context.get_bean(Life)  # type: ignore[no-any-return]


async def test_generator_is_closed_when_the_client_goes(
    app_of: Any, open_stream: Any, tasks_end: Any
) -> None:
    app = await app_of(Life)
    client = open_stream(app, "/silent")
    await client.head()

    client.disconnect()
    await client.served()

    assert bean_of(app).within == {"released"}
    await tasks_end()


async def test_many_clients_that_go_leave_nothing_behind(
    app_of: Any, open_stream: Any, tasks_end: Any
) -> None:
    app = await app_of(Life)
    clients = [open_stream(app, path) for path in ("/silent", "/endless", "/fed") for _ in range(100)]
    first_of_each = clients[0], clients[100]
    for client in first_of_each:
        await client.head()

    for client in clients:
        client.disconnect()

    async with asyncio.timeout(DEADLINE):
        await asyncio.gather(*(client.serving for client in clients))

    await tasks_end()


async def test_head_does_not_wait_for_a_silent_stream(app_of: Any, open_stream: Any) -> None:
    client = open_stream(await app_of(Life, head_delay="10ms"), "/silent")

    assert (await client.head())[0] == 200
    assert await client.frame() == COMMENT


async def test_failure_after_the_head_ends_the_stream(app_of: Any, open_stream: Any) -> None:
    app = await app_of(Life, head_delay=0)
    client = open_stream(app, "/late-refusal")
    await client.head()

    bean_of(app).go_on.set()

    assert await client.rest() == [COMMENT]


async def test_silence_is_filled_with_comments(app_of: Any, open_stream: Any) -> None:
    app = await app_of(Life, head_delay=0, heartbeat_seconds=0.01)
    client = open_stream(app, "/silent")
    await client.head()

    comments = [await client.frame() for _ in range(3)]
    bean_of(app).go_on.set()

    assert comments == [COMMENT] * 3
    assert await client.event() == "data: at last\n\n"


async def test_comments_can_be_switched_off(app_of: Any, open_stream: Any) -> None:
    app = await app_of(Life, head_delay=0, heartbeat_seconds=0)
    client = open_stream(app, "/silent")
    await client.head()
    await client.frame()

    bean_of(app).go_on.set()

    assert await client.rest() == ["data: at last\n\n"]


async def test_events_are_only_made_when_the_client_takes_them(app_of: Any, open_stream: Any) -> None:
    app = await app_of(Life)
    client = open_stream(app, "/endless")
    await client.head()
    first = [await client.frame() for _ in range(3)]
    client.takes.clear()
    before = bean_of(app).produced

    for _ in range(100):
        await asyncio.sleep(0)

    assert first == ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"]
    assert bean_of(app).produced - client.sent <= 2
    assert bean_of(app).produced - before <= 2


async def test_client_that_takes_nothing_is_given_up(
    app_of: Any, open_stream: Any, tasks_end: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = await app_of(Life, send_timeout="20ms")
    client = open_stream(app, "/endless")
    await client.head()
    client.takes.clear()

    await client.served()

    assert bean_of(app).within == {"released"}
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "Life.endless was given up: its client took nothing for 0.02 s"
    ]
    await tasks_end()


async def test_end_of_the_context_ends_the_streams(app_of: Any, open_stream: Any, tasks_end: Any) -> None:
    app = await app_of(Life)
    silent, endless, fed = (open_stream(app, path) for path in ("/silent", "/endless", "/fed"))
    for client in (silent, endless, fed):
        await client.head()

    async with asyncio.timeout(DEADLINE):
        await app.state.context.stop()

    assert await silent.rest() == [COMMENT]
    await asyncio.gather(endless.served(), fed.served())
    await tasks_end()


async def test_signal_ends_the_streams_before_the_server_waits_for_them(
    app_of: Any, open_stream: Any, tasks_end: Any
) -> None:
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    try:
        client = open_stream(await app_of(Life), "/silent")
        await client.head()

        os.kill(os.getpid(), signal.SIGTERM)
        await client.served()
    finally:
        signal.signal(signal.SIGTERM, before)

    assert told == [signal.SIGTERM]
    await tasks_end()


async def test_stuck_client_does_not_hold_up_the_stop(app_of: Any, open_stream: Any, tasks_end: Any) -> None:
    app = await app_of(Life, send_timeout="1h")
    client = open_stream(app, "/endless")
    await client.head()
    client.takes.clear()

    async with asyncio.timeout(DEADLINE):
        await app.state.context.stop()

    await client.served()
    await tasks_end()


async def test_emitter_feeds_its_client_until_it_is_completed(app_of: Any, open_stream: Any) -> None:
    app = await app_of(Life)
    emitter = bean_of(app).emitter
    client = open_stream(app, "/fed")
    emitter.send("a")
    await client.head()

    assert await client.event() == "data: a\n\n"
    assert await emitter.send("b")
    assert await client.event() == "data: b\n\n"
    emitter.complete()
    assert await client.rest() == []


async def test_emitter_hears_of_the_client_that_goes(app_of: Any, open_stream: Any) -> None:
    app = await app_of(Life)
    emitter = bean_of(app).emitter
    over = asyncio.Event()
    emitter.on_completion(over.set)
    client = open_stream(app, "/fed")
    await client.head()

    client.disconnect()
    await client.served()

    assert over.is_set()
    assert not await emitter.send("too late")


async def test_stream_is_closed_when_a_filter_answers_in_its_place(
    app_of: Any, open_stream: Any, tasks_end: Any
) -> None:
    app = await app_of(Life, AnswerInItsPlace)
    client = open_stream(app, "/endless")

    await client.head()
    await client.served()

    assert bean_of(app).within == {"released"}
    await tasks_end()


async def test_failing_clean_up_is_logged(
    app_of: Any, open_stream: Any, tasks_end: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = open_stream(await app_of(Life), "/stubborn")
    await client.head()

    client.disconnect()
    await client.served()

    assert "Life.stubborn failed while it was ended" in caplog.text
    await tasks_end()


async def test_generator_that_cancels_itself_ends_its_stream_alone(
    app_of: Any, open_stream: Any, tasks_end: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = open_stream(await app_of(Life), "/cancelled")
    await client.head()

    assert await client.rest() == ["data: first\n\n"]
    await client.served()
    assert "Life.cancelled has cancelled itself" in caplog.text
    await tasks_end()


async def test_cancelled_request_closes_its_stream(app_of: Any, open_stream: Any, tasks_end: Any) -> None:
    app = await app_of(Life)
    client = open_stream(app, "/silent")
    await client.head()

    client.serving.cancel()
    await asyncio.gather(client.serving, return_exceptions=True)

    assert bean_of(app).within == {"released"}
    await tasks_end()
