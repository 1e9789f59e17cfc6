# SPDX-License-Identifier: Apache-2.0
"""Applications of Starlette's kind inside filters, whichever of their tasks sends the answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.testing import AsgiClient

user: ContextVar[str] = ContextVar("user", default="nobody")


class MarkingFilter:
    """Marks the head of every answer, and says who the user is."""

    async def do_filter(self, request: Request, call_next: Callable[..., Awaitable[Any]]) -> Any:
        user.set("ann")
        response = await call_next(request)
        response.headers["x-marked"] = "yes"
        await asyncio.sleep(0)
        return response

    def should_not_filter(self, request: Request) -> bool:
        return False


class ReplacingFilter(MarkingFilter):
    """Answers something else after the application has answered."""

    async def do_filter(self, request: Request, call_next: Callable[..., Awaitable[Any]]) -> Any:
        await call_next(request)
        return PlainTextResponse("replaced")


class Sender:
    """An ASGI application that sends its answer from a task of its own."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.events: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.entered.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.answer(scope["path"], send))
                if scope["path"].endswith("/busy"):
                    for _ in range(50):
                        await asyncio.sleep(0)
        except BaseException as error:
            self.events.append(type(error).__name__)
            raise
        finally:
            self.events.append("ended")

    async def answer(self, path: str, send: Send) -> None:
        await asyncio.sleep(0)
        if path.endswith("/broken"):
            raise LookupError("no answer")

        if path.endswith("/never"):
            await asyncio.Event().wait()

        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"x-user", user.get().encode())]}
        )
        for part in (b"a", b"b"):
            await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": part, "more_body": True})

        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def numbers() -> AsyncIterator[bytes]:
    for number in range(3):
        yield b"%d" % number
        await asyncio.sleep(0)


async def stream(request: Request) -> StreamingResponse:
    return StreamingResponse(numbers())


async def plain(request: Request) -> Response:
    return PlainTextResponse("plain")


async def passed_on(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    return await call_next(request)


def client_of(web_filter: Any, *routes: BaseRoute) -> AsgiClient:
    app = create_app(extra_routes=routes)
    next(it for it in app.user_middleware if it.cls is WebFilterChainMiddleware).kwargs["filters"].append(
        web_filter
    )
    return AsgiClient(app)


@pytest.mark.parametrize("path", ["/stream", "/mounted/stream", "/mounted/plain"])
async def test_responses_with_tasks_of_their_own_pass_filters(path: str) -> None:
    mounted = Starlette(
        routes=[Route("/stream", stream), Route("/plain", plain)],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=passed_on)],
    )
    client = client_of(MarkingFilter(), Route("/stream", stream), Mount("/mounted", mounted))

    answer = await client.get(path)

    assert (answer.status, answer.body) == (200, b"plain" if path.endswith("plain") else b"012")
    assert dict(answer.headers)["x-marked"] == "yes"


@pytest.mark.parametrize("path", ["/app/idle", "/app/busy"])
async def test_head_sent_by_another_task_passes_filters(path: str) -> None:
    sender = Sender()

    answer = await client_of(MarkingFilter(), Mount("/app", sender)).get(path)

    headers = dict(answer.headers)
    assert (answer.status, answer.body) == (200, b"ab")
    assert (headers["x-marked"], headers["x-user"]) == ("yes", "ann")
    assert sender.events == ["ended"]


async def test_failure_of_another_task_is_answered() -> None:
    sender = Sender()

    answer = await client_of(MarkingFilter(), Mount("/app", sender)).get("/app/broken")

    assert (answer.status, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert dict(answer.headers)["x-marked"] == "yes"
    assert sender.events == ["ExceptionGroup", "ended"]


async def test_application_ends_with_a_cancelled_request() -> None:
    sender = Sender()
    request = asyncio.create_task(client_of(MarkingFilter(), Mount("/app", sender)).get("/app/never"))
    await asyncio.wait_for(sender.entered.wait(), 5)
    await asyncio.sleep(0)

    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request

    assert sender.events == ["CancelledError", "ended"]


@pytest.mark.parametrize("path", ["/app/idle", "/app/busy"])
async def test_application_whose_answer_is_replaced_ends_with_the_request(path: str) -> None:
    sender = Sender()
    before = asyncio.all_tasks()

    answer = await client_of(ReplacingFilter(), Mount("/app", sender)).get(path)

    assert answer.body == b"replaced"
    assert sender.events[-1] == "ended"
    assert asyncio.all_tasks() == before
