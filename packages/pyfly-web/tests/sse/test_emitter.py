# SPDX-License-Identifier: Apache-2.0
import asyncio
import contextlib
import logging
from collections.abc import Callable

import pytest

from pyfly.web.sse import Overflow, SseEmitter, SseEvent

DEADLINE = 5.0


async def next_of(emitter: SseEmitter) -> str:
    async with asyncio.timeout(DEADLINE):
        return await anext(emitter)


async def rest_of(emitter: SseEmitter) -> list[str]:
    async with asyncio.timeout(DEADLINE):
        return [event async for event in emitter]


async def turns(count: int = 10) -> None:
    """Let the tasks that are ready run."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_events_sent_before_the_reader_comes_are_delivered() -> None:
    emitter = SseEmitter()
    emitter.send("a")
    emitter.send("b", event="named", id=2)
    emitter.close()

    assert await rest_of(emitter) == ["data: a\n\n", "id: 2\nevent: named\ndata: b\n\n"]


async def test_reader_waits_for_what_is_sent_later() -> None:
    emitter = SseEmitter()
    reading = asyncio.create_task(next_of(emitter))
    await turns()

    emitter.send(SseEvent("late", retry=100))

    assert await reading == "retry: 100\ndata: late\n\n"


async def test_sending_after_the_end_is_ignored() -> None:
    emitter = SseEmitter()
    emitter.complete()

    assert await emitter.send("x") is False
    assert emitter.closed
    assert await rest_of(emitter) == []


async def test_awaited_send_tells_that_the_event_is_on_its_way() -> None:
    assert await SseEmitter().send("x") is True


async def test_sender_waits_for_room() -> None:
    emitter = SseEmitter(max_pending=1)
    emitter.send("a")
    sending = asyncio.ensure_future(emitter.send("b"))
    await turns()
    waited = not sending.done()

    first = await next_of(emitter)

    assert waited
    assert (first, await sending, await next_of(emitter)) == ("data: a\n\n", True, "data: b\n\n")


async def test_senders_are_served_in_their_order() -> None:
    emitter = SseEmitter(max_pending=1)
    emitter.send("0")
    sending = [asyncio.ensure_future(emitter.send(str(number))) for number in range(1, 6)]
    await turns()

    read = [await next_of(emitter) for _ in range(6)]

    assert read == [f"data: {number}\n\n" for number in range(6)]
    assert await asyncio.gather(*sending) == [True] * 5


async def test_sender_does_not_wait_for_ever() -> None:
    emitter = SseEmitter(max_pending=1, send_timeout=0.01)
    emitter.send("a")

    with pytest.raises(TimeoutError, match=r"^1 events wait, .* has the handler returned the emitter yet\?$"):
        await emitter.send("b")

    emitter.close()
    assert await rest_of(emitter) == ["data: a\n\n"]


async def test_cancelled_sender_leaves_its_place() -> None:
    emitter = SseEmitter(max_pending=1)
    emitter.send("a")
    cancelled = asyncio.ensure_future(emitter.send("b"))
    kept = asyncio.ensure_future(emitter.send("c"))
    await turns()

    cancelled.cancel()
    await turns()

    assert [await next_of(emitter), await next_of(emitter)] == ["data: a\n\n", "data: c\n\n"]
    assert await kept


async def test_end_lets_waiting_senders_go() -> None:
    emitter = SseEmitter(max_pending=1)
    emitter.send("a")
    sending = asyncio.ensure_future(emitter.send("b"))
    await turns()

    emitter.complete()

    assert await sending is False
    assert await rest_of(emitter) == ["data: a\n\n"]


async def test_oldest_event_can_make_room() -> None:
    emitter = SseEmitter(max_pending=2, overflow=Overflow.DROP_OLDEST)

    outcomes = [await emitter.send(text) for text in "abc"]
    emitter.close()

    assert outcomes == [True, True, True]
    assert emitter.dropped == 1
    assert await rest_of(emitter) == ["data: b\n\n", "data: c\n\n"]


async def test_newest_event_can_be_dropped() -> None:
    emitter = SseEmitter(max_pending=2, overflow=Overflow.DROP_NEWEST)

    outcomes = [await emitter.send(text) for text in "abc"]
    emitter.close()

    assert outcomes == [True, True, False]
    assert await rest_of(emitter) == ["data: a\n\n", "data: b\n\n"]


async def test_failure_comes_after_the_events_that_wait() -> None:
    emitter = SseEmitter()
    failures: list[Exception] = []
    emitter.on_error(failures.append)
    emitter.send("a")
    failure = LookupError("gone")
    emitter.error(failure)

    assert await next_of(emitter) == "data: a\n\n"
    with pytest.raises(LookupError, match=r"^gone$"):
        await next_of(emitter)

    assert failures == [failure]


async def test_time_limit_completes_the_stream() -> None:
    emitter = SseEmitter(timeout=0.01)
    emitter.on_timeout(lambda: emitter.send("farewell"))

    assert await rest_of(emitter) == ["data: farewell\n\n"]
    assert emitter.closed


async def test_time_limit_holds_for_a_busy_stream() -> None:
    emitter = SseEmitter(timeout=0.01)

    async def feed() -> None:
        while await emitter.send("x"):
            await turns(1)

    feeding = asyncio.create_task(feed())

    await rest_of(emitter)

    async with asyncio.timeout(DEADLINE):
        await feeding


def completed(emitter: SseEmitter) -> None:
    emitter.complete()


def failed(emitter: SseEmitter) -> None:
    emitter.error(LookupError())


@pytest.mark.parametrize("end", [completed, failed])
async def test_completion_is_told_once(end: Callable[[SseEmitter], None]) -> None:
    emitter = SseEmitter()
    told: list[str] = []
    emitter.on_completion(lambda: told.append("over"))
    end(emitter)
    with contextlib.suppress(LookupError):
        await rest_of(emitter)

    await emitter.aclose()

    assert told == ["over"]


async def test_completion_is_told_when_the_client_goes() -> None:
    emitter = SseEmitter()
    told: list[str] = []
    emitter.on_completion(lambda: told.append("over"))
    emitter.send("never read")

    await emitter.aclose()
    emitter.on_completion(lambda: told.append("late"))

    assert told == ["over", "late"]
    assert await emitter.send("x") is False


async def test_failing_callback_is_logged_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    emitter = SseEmitter()
    told: list[str] = []
    emitter.on_completion(lambda: 1 / 0)
    emitter.on_completion(lambda: told.append("over"))

    await emitter.aclose()

    assert told == ["over"]
    assert [(record.name, record.levelno) for record in caplog.records] == [("pyfly.web.sse", logging.ERROR)]


async def test_second_reader_is_refused() -> None:
    emitter = SseEmitter()
    reading = asyncio.create_task(next_of(emitter))
    await turns()

    with pytest.raises(RuntimeError, match=r"^an SseEmitter serves one client"):
        await anext(emitter)

    emitter.close()
    with pytest.raises(StopAsyncIteration):
        await reading


async def test_other_threads_are_shown_the_way() -> None:
    emitter = SseEmitter()
    emitter.send("a")
    await next_of(emitter)

    with pytest.raises(RuntimeError, match=r"call_soon_threadsafe\(emitter\.send, data\)$"):
        await asyncio.to_thread(emitter.send, "x")


async def test_payload_is_written_when_it_is_sent() -> None:
    emitter = SseEmitter()
    emitter.encode_with(lambda value: b'{"number": %d}' % value["number"])
    payload = {"number": 1}
    emitter.send(payload)

    payload["number"] = 2

    assert await next_of(emitter) == 'data: {"number": 1}\n\n'


async def test_queue_needs_room() -> None:
    with pytest.raises(ValueError, match=r"^max_pending: expected 1 or more, got 0$"):
        SseEmitter(max_pending=0)
