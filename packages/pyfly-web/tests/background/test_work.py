# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from functools import partial
from threading import Event, get_ident
from typing import Any

import pytest

from pyfly.config.store import Config
from pyfly.container import Scope, service
from pyfly.context import ApplicationContext, RequestContext, pre_destroy
from pyfly.kernel.transaction import begin_transaction, current_transaction
from pyfly.web.background import BackgroundWork, BackgroundWorkRefused

DEADLINE = 5.0
TENANT: ContextVar[str] = ContextVar("tenant", default="nobody")

Started = Callable[..., AbstractAsyncContextManager[BackgroundWork]]


@pytest.fixture
def started() -> Started:
    """Run background work with the given bounds."""

    @asynccontextmanager
    async def running(**bounds: Any) -> AsyncIterator[BackgroundWork]:
        work = BackgroundWork(**bounds)
        await work.start()
        try:
            yield work
        finally:
            await work.stop()

    return running


class Gate:
    """A piece of work that waits until it is let through."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.ended: list[str] = []

    async def wait(self, name: str = "one") -> None:
        self.begun.set()
        try:
            await self.go_on.wait()
            self.ended.append(name)
        except asyncio.CancelledError:
            self.ended.append(f"{name} cancelled")
            raise


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "pyfly.web.background"]


async def test_work_goes_on_after_its_caller(started: Started) -> None:
    gate = Gate()
    async with started() as work:
        work.submit(gate.wait, name="mail")
        await asyncio.wait_for(gate.begun.wait(), DEADLINE)
        gate.go_on.set()

        assert await work.join(DEADLINE)

    assert gate.ended == ["mail"]


async def test_plain_function_runs_in_another_thread(started: Started) -> None:
    threads: list[int] = []
    async with started() as work:
        work.submit(lambda: threads.append(get_ident()))
        await work.join(DEADLINE)

    assert len(threads) == 1
    assert threads[0] != get_ident()


async def test_functions_in_any_dress_are_called(started: Started) -> None:
    seen: list[str] = []

    async def note(text: str) -> None:
        seen.append(text)

    class Callback:
        async def __call__(self, text: str) -> None:
            seen.append(text)

    async with started(max_concurrent=1) as work:
        work.submit(note, "function")
        work.submit(partial(note, "partial"))
        work.submit(Callback(), "object")
        work.submit(lambda: note("lambda"))
        await work.join(DEADLINE)

    assert seen == ["function", "partial", "object", "lambda"]


async def test_work_is_accepted_from_other_threads(started: Started) -> None:
    seen: list[int] = []
    async with started() as work:
        await asyncio.gather(*(asyncio.to_thread(work.submit, seen.append, at) for at in range(20)))
        await work.join(DEADLINE)

    assert sorted(seen) == list(range(20))


async def test_context_variables_of_the_caller_are_seen(started: Started) -> None:
    seen: list[str] = []

    async def note() -> None:
        seen.append(TENANT.get())

    async with started() as work:
        TENANT.set("acme")
        work.submit(note)
        work.submit(lambda: seen.append(TENANT.get()))
        TENANT.set("other")
        await work.join(DEADLINE)

    assert seen == ["acme", "acme"]


async def test_work_has_a_request_context_of_its_own_with_the_same_ids(started: Started) -> None:
    seen: list[RequestContext | None] = []
    async with started() as work, RequestContext.scope("r-1") as request:
        request.security_context = "alice"
        work.submit(lambda: seen.append(RequestContext.current()))
        await work.join(DEADLINE)

        (found,) = seen
        assert found is not None
        assert found is not request
        assert (found.request_id, found.security_context) == ("r-1", "alice")


async def test_request_scoped_beans_live_and_end_with_the_work() -> None:
    ended: list[str] = []

    @service(scope=Scope.REQUEST)
    class Cart:
        def __init__(self) -> None:
            self.owner = "nobody"

        @pre_destroy
        def end(self) -> None:
            ended.append(self.owner)

    context = ApplicationContext(Config({}))
    context.register_bean(Cart)
    context.register_bean(BackgroundWork)
    await context.start()
    work = context.get_bean(BackgroundWork)

    async def note() -> None:
        context.get_bean(Cart).owner = "work"

    async with RequestContext.scope("r-1"):
        context.get_bean(Cart).owner = "request"
        work.submit(note)
        await work.join(DEADLINE)
        assert ended == ["work"]

    assert ended == ["work", "request"]
    await context.stop()


async def test_work_takes_no_part_in_the_transaction_of_the_request(started: Started) -> None:
    seen: list[object] = []

    async def end() -> None: ...

    async with started() as work, begin_transaction(commit=end, rollback=end):
        work.submit(lambda: seen.append(current_transaction()))
        await work.join(DEADLINE)
        assert current_transaction() is not None

    assert seen == [None]


async def test_no_more_runs_at_once_than_allowed(started: Started) -> None:
    first, second = Gate(), Gate()
    async with started(max_concurrent=1) as work:
        work.submit(first.wait)
        work.submit(second.wait)
        await asyncio.wait_for(first.begun.wait(), DEADLINE)
        assert (work.running, work.accepted) == (1, 2)
        assert not second.begun.is_set()

        first.go_on.set()
        await asyncio.wait_for(second.begun.wait(), DEADLINE)
        second.go_on.set()

        assert await work.join(DEADLINE)
        assert (work.running, work.accepted) == (0, 0)


async def test_more_than_may_wait_is_refused(started: Started) -> None:
    gate = Gate()
    async with started(max_concurrent=1, max_pending=1) as work:
        work.submit(gate.wait)
        work.submit(gate.wait)
        with pytest.raises(BackgroundWorkRefused) as refusal:
            work.submit(gate.wait)

        gate.go_on.set()
        await work.join(DEADLINE)
        work.submit(gate.wait)

    assert refusal.value.work == "Gate.wait"
    assert refusal.value.reason == "1 pieces of work are waiting already"
    assert refusal.value.http_status == 503
    assert "retry_after" in refusal.value.context
    assert len(gate.ended) == 3


async def test_work_before_the_start_is_refused() -> None:
    with pytest.raises(
        BackgroundWorkRefused, match="print is refused: the application has not started it yet"
    ):
        BackgroundWork().submit(print)


async def test_work_during_the_stop_is_refused(started: Started) -> None:
    refused: list[str] = []
    async with started() as work:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def submit_more() -> None:
            begun.set()
            await go_on.wait()
            try:
                work.submit(print)
            except BackgroundWorkRefused as error:
                refused.append(error.reason)

        work.submit(submit_more)
        await asyncio.wait_for(begun.wait(), DEADLINE)
        stopping = asyncio.ensure_future(work.stop())
        await asyncio.sleep(0)
        go_on.set()
        await stopping

    assert refused == ["the application is being stopped"]


@pytest.mark.parametrize("bad", [3, "print", None])
async def test_what_is_no_function_is_refused(bad: Any, started: Started) -> None:
    async with started() as work:
        with pytest.raises(TypeError, match=f"expected a function, got {type(bad).__name__}"):
            work.submit(bad)


async def test_call_instead_of_a_function_is_refused(started: Started) -> None:
    async def send() -> None: ...

    async with started() as work:
        with pytest.raises(TypeError, match="expected a function, got coroutine; pass the function and its"):
            work.submit(send())  # type: ignore[arg-type]


async def test_failure_is_logged_once_with_the_request(
    started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    async def send_mail() -> None:
        raise OSError("no route")

    async with started() as work, RequestContext.scope("r-7"):
        work.submit(send_mail)
        await work.join(DEADLINE)

    name = f"{test_failure_is_logged_once_with_the_request.__qualname__}.<locals>.send_mail"
    assert messages(caplog) == [f"The background work {name} of request r-7 failed"]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], OSError)


async def test_failure_leaves_its_place_to_others(started: Started) -> None:
    seen: list[int] = []
    async with started(max_concurrent=1) as work:
        work.submit(int, "no number")
        work.submit(seen.append, 1)
        await work.join(DEADLINE)

    assert seen == [1]


async def test_work_that_cancels_itself_is_reported(
    started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    async def give_up() -> None:
        raise asyncio.CancelledError

    async with started() as work:
        work.submit(give_up)
        await work.join(DEADLINE)

    assert len(messages(caplog)) == 1
    assert "give_up was cancelled from inside" in messages(caplog)[0]


async def test_stop_waits_for_what_runs_and_what_waits(started: Started) -> None:
    seen: list[int] = []

    async def note(number: int) -> None:
        await asyncio.sleep(0)
        seen.append(number)

    async with started(max_concurrent=2) as work:
        for number in range(10):
            work.submit(note, number)

    assert sorted(seen) == list(range(10))


async def test_stop_cancels_what_takes_too_long_and_names_it(
    started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()
    async with started(max_concurrent=1, drain_timeout=0.01) as work:
        work.submit(gate.wait)
        work.submit(print, "never")
        await asyncio.wait_for(gate.begun.wait(), DEADLINE)

    assert gate.ended == ["one cancelled"]
    assert work.accepted == 0
    assert messages(caplog) == [
        "The stop did not wait any longer for background work: 1 running: Gate.wait; 1 not begun: print"
    ]


async def test_stop_that_is_cancelled_cancels_the_work(started: Started) -> None:
    gate = Gate()
    async with started() as work:
        work.submit(gate.wait)
        await asyncio.wait_for(gate.begun.wait(), DEADLINE)
        stopping = asyncio.ensure_future(work.stop())
        await asyncio.sleep(0)
        stopping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopping

    assert gate.ended == ["one cancelled"]


async def test_stop_does_not_wait_for_threads_without_end(
    started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = Event(), Event()

    def block() -> None:
        begun.set()
        go_on.wait(10)

    async with started(drain_timeout=0.01) as work:
        work.submit(block)
        await asyncio.to_thread(begun.wait, DEADLINE)

    go_on.set()
    assert "block" in messages(caplog)[0]


async def test_waiting_for_the_end_has_a_limit(started: Started) -> None:
    gate = Gate()
    async with started() as work:
        work.submit(gate.wait)

        assert not await work.join(0.01)
        gate.go_on.set()
