# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response, StreamingResponse

from pyfly.context import RequestContext
from pyfly.web import get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.background import BackgroundWork
from pyfly.web.testing.asgi_lifespan import running

DEADLINE = 5.0


class Mail:
    """What was sent, and when it may be sent."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.sent: list[str] = []

    async def send(self, to: str) -> None:
        await self.go_on.wait()
        request = RequestContext.current()
        self.sent.append(f"{to} for {request.request_id if request else 'nobody'}")


@rest_controller
class MailController:
    def __init__(self, work: BackgroundWork) -> None:
        self.mail = Mail()
        self.work = work

    @get_mapping("/submitted")
    async def submitted(self) -> str:
        self.work.submit(self.mail.send, "ada")
        return "accepted"

    @get_mapping("/submitted-by-thread")
    def submitted_by_thread(self) -> str:
        self.work.submit(self.mail.send, to="ada")
        return "accepted"

    @get_mapping("/response")
    async def response(self) -> Response:
        tasks = BackgroundTasks()
        tasks.add_task(self.mail.send, "ada")
        tasks.add_task(self.mail.sent.append, "plain")
        return JSONResponse("accepted", background=tasks)

    @get_mapping("/stream")
    async def stream(self) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"one"
            raise ClientDisconnect

        return StreamingResponse(parts(), background=BackgroundTask(self.mail.send, "ada"))

    @get_mapping("/fails")
    async def fails(self) -> Response:
        class Failing(Response):
            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                raise KeyError("nothing was sent")

        return Failing(background=BackgroundTask(self.mail.send, "ada"))


@pytest.mark.parametrize("path", ["/submitted", "/submitted-by-thread", "/response"])
async def test_answer_does_not_wait_for_the_work(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any], path: str
) -> None:
    context = new_context(MailController)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        mail = context.get_bean(MailController).mail
        answer = await client.get(path, headers={"x-request-id": "r-1"})
        assert answer.json() == "accepted"
        assert mail.sent == []

        mail.go_on.set()
        assert await context.get_bean(BackgroundWork).join(DEADLINE)

    assert mail.sent[0] == "ada for r-1"


async def test_stop_waits_for_the_work_of_answers(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    context = new_context(MailController)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        mail = context.get_bean(MailController).mail
        await client.get("/response")
        mail.go_on.set()

    assert len(mail.sent) == 2
    assert mail.sent[1] == "plain"


async def test_work_is_done_for_a_client_that_went_away(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    context = new_context(MailController)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        mail = context.get_bean(MailController).mail
        mail.go_on.set()
        async with client.stream("/stream") as stream:
            await stream.next_chunk()

    assert len(mail.sent) == 1


async def test_work_of_an_answer_that_was_not_sent_is_not_done(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    context = new_context(MailController)
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        mail = context.get_bean(MailController).mail
        mail.go_on.set()
        answer = await client.get("/fails")

    assert answer.status == 500
    assert mail.sent == []


async def test_work_of_an_answer_is_done_at_once_where_no_more_is_accepted(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    context = new_context(MailController)
    context.config.merge({"pyfly": {"web": {"background": {"max-concurrent": 1, "max-pending": 0}}}}, "test")
    async with running(create_app(context=context, lifespan=lifespan_for(context))) as client:
        mail, work = context.get_bean(MailController).mail, context.get_bean(BackgroundWork)
        end = asyncio.Event()
        work.submit(end.wait)
        mail.go_on.set()
        await client.get("/response")
        assert len(mail.sent) == 2
        refused = await client.get("/submitted")
        end.set()

    assert (refused.status, refused.json()["code"]) == (503, "BACKGROUND_WORK_REFUSED")
    assert refused.header("retry-after") == "1"


async def test_work_of_an_answer_is_done_at_once_without_the_bean(new_context: Callable[..., Any]) -> None:
    sent: list[str] = []

    @rest_controller
    class Lone:
        @get_mapping("/lone")
        async def lone(self) -> Response:
            return JSONResponse(None, background=BackgroundTask(sent.append, "done"))

    async with running(create_app(context=new_context(Lone))) as client:
        await client.get("/lone")

    assert sent == ["done"]
