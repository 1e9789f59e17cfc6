# SPDX-License-Identifier: Apache-2.0
"""Filters and interceptors around everything that an application answers."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from pyfly.container.ordering import HIGHEST_PRECEDENCE, order
from pyfly.container.stereotypes import component
from pyfly.kernel import UnauthorizedException
from pyfly.web import Body, get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.adapters.starlette.filters import SecurityHeadersFilter
from pyfly.web.binding import Exchange
from pyfly.web.filters import Headers, Interceptor
from pyfly.web.ports import CallNext
from pyfly.web.security_headers import SecurityHeadersConfig

steps: list[str] = []
mood: ContextVar[str] = ContextVar("mood", default="none")


@pytest.fixture(autouse=True)
def no_steps() -> None:
    steps.clear()


class Filter:
    def should_not_filter(self, request: Request) -> bool:
        return False


@component
@order(-20)
class Outer(Filter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        steps.append("outer")
        token = mood.set("set by a filter")
        try:
            response = await call_next(request)
        finally:
            mood.reset(token)

        steps.append(f"outer {response.status_code}")
        response.headers["x-outer"] = "seen"
        return response


@component
@order(-10)
class Watch(Interceptor):
    def before(self, exchange: Exchange) -> None:
        steps.append("watch")

    def on_head(self, exchange: Exchange, status: int, headers: Headers) -> None:
        steps.append(f"watch {status}")
        headers.append((b"x-watch", b"seen"))

    def after(self, exchange: Exchange) -> None:
        steps.append(f"watched {exchange.status} {exchange.route_template}")


@component
class Gate(Interceptor):
    def before(self, exchange: Exchange) -> None:
        if exchange.head.get(b"x-open") is None:
            raise UnauthorizedException("Who are you?", context={"www_authenticate": "Basic"})


@component
class Impatient(Filter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        await call_next(request)
        return PlainTextResponse("instead", 418)


@component
class Forgetful(Filter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        await call_next(request)


@component
class Reading(Filter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        steps.append((await request.body()).decode())
        return await call_next(request)


@component
class Draining(Filter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        async for piece in request.stream():
            steps.append(piece.decode())

        return await call_next(request)


@rest_controller
class Things:
    @get_mapping("/mood")
    async def mood(self) -> str:
        steps.append("handler")
        return mood.get()

    @post_mapping("/echo")
    async def echo(self, text: Body[str]) -> str:
        return text

    @get_mapping("/pieces")
    async def pieces(self) -> StreamingResponse:
        async def make() -> AsyncIterator[bytes]:
            for piece in (b"a", b"b"):
                steps.append(piece.decode())
                yield piece

        return StreamingResponse(make(), 202)


async def foreign(request: Request) -> Response:
    steps.append("foreign")
    return PlainTextResponse(mood.get())


async def echoing(request: Request) -> Response:
    return Response(await request.body())


async def broken(request: Request) -> Response:
    raise RuntimeError("broken")


FOREIGN = [
    Route("/foreign", foreign),
    Route("/foreign-echo", echoing, methods=["POST"]),
    Route("/broken", broken),
]


def test_filters_and_interceptors_nest_by_their_order(serve: Any) -> None:
    with serve(Outer, Watch, Things) as client:
        response = client.get("/mood")

    assert response.json() == "set by a filter"
    assert (response.headers["x-outer"], response.headers["x-watch"]) == ("seen", "seen")
    assert steps == ["outer", "watch", "handler", "watch 200", "outer 200", "watched 200 /mood"]


def test_filters_change_the_head_of_a_stream_before_it_is_sent(serve: Any) -> None:
    with serve(Outer, Watch, Things) as client:
        response = client.get("/pieces")

    assert (response.status_code, response.text, response.headers["x-outer"]) == (202, "ab", "seen")
    assert steps == ["outer", "watch", "watch 202", "outer 202", "a", "b", "watched 202 /pieces"]


@pytest.mark.parametrize("beans", [(Outer, Things), (Watch, Things)])
def test_other_routes_answer_inside_the_filters(serve: Any, beans: tuple[type, ...]) -> None:
    with serve(*beans, extra_routes=FOREIGN) as client:
        answered = client.get("/foreign")
        failed = client.get("/broken")
        missing = client.get("/nowhere")

    assert answered.status_code == 200
    assert (failed.status_code, failed.json()["code"]) == (500, "INTERNAL_ERROR")
    assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")
    for response in (answered, failed, missing):
        assert "seen" in (response.headers.get("x-outer"), response.headers.get("x-watch"))
        assert response.headers["x-transaction-id"]


def test_context_of_a_filter_reaches_other_routes(serve: Any) -> None:
    with serve(Outer, extra_routes=FOREIGN) as client:
        assert client.get("/foreign").text == "set by a filter"


@pytest.mark.parametrize("beans", [(), (Outer,), (Watch,)])
def test_ids_are_in_the_state_of_any_request(serve: Any, beans: tuple[type, ...]) -> None:
    async def tell(request: Request) -> Response:
        return PlainTextResponse(f"{request.state.transaction_id} {request.state.correlation_id}")

    @rest_controller
    class Telling:
        @get_mapping("/told")
        async def told(self, request: Request) -> PlainTextResponse:
            return PlainTextResponse(f"{request.state.transaction_id} {request.state.correlation_id}")

    ids = {"x-transaction-id": "t-1", "x-correlation-id": "c-1"}
    with serve(*beans, Telling, extra_routes=[Route("/tell", tell)]) as client:
        assert client.get("/tell", headers=ids).text == "t-1 c-1"
        assert client.get("/told", headers=ids).text == "t-1 c-1"


def test_filter_around_all_sees_the_ids_afterwards(serve: Any) -> None:
    @component
    @order(HIGHEST_PRECEDENCE)
    class Outermost(Filter):
        async def do_filter(self, request: Request, call_next: CallNext) -> Any:
            steps.append(request.state.transaction_id)
            response = await call_next(request)
            steps.append(request.state.transaction_id)
            return response

    with serve(Outermost, Things) as client:
        client.get("/mood", headers={"x-transaction-id": "t-1"})

    assert steps[-1] == "t-1"


def test_mounted_application_streams_through_the_filters(serve: Any) -> None:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"X-Own", b"1")]})
        for piece in (b"1", b"2"):
            steps.append(piece.decode())
            await send({"type": "http.response.body", "body": piece, "more_body": True})

        await send({"type": "http.response.body", "body": b"3"})

    with serve(Outer, extra_routes=[Mount("/mounted", stream)]) as client:
        response = client.get("/mounted/")

    assert (response.text, response.headers["x-own"], response.headers["x-outer"]) == ("123", "1", "seen")
    assert steps == ["outer", "outer 200", "1", "2"]


def test_application_whose_answer_is_replaced_can_clean_up(serve: Any) -> None:
    async def careful(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"never seen"})
        finally:
            await asyncio.sleep(0)
            steps.append("cleaned up")

    with serve(Impatient, extra_routes=[Mount("/mounted", careful)]) as client:
        response = client.get("/mounted/")

    assert (response.status_code, response.text) == (418, "instead")
    assert steps == ["cleaned up"]


def test_application_without_an_answer_is_an_error(serve: Any) -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        steps.append("silent")

    with serve(Outer, extra_routes=[Mount("/mounted", silent)]) as client:
        response = client.get("/mounted/")

    assert (response.status_code, response.json()["code"]) == (500, "INTERNAL_ERROR")
    assert steps == ["outer", "silent", "outer 500"]


def test_interceptor_refuses_by_raising(serve: Any) -> None:
    with serve(Gate, Outer, Things) as client:
        refused = client.get("/mood")
        admitted = client.get("/mood", headers={"x-open": "yes"})

    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Basic")
    assert (refused.headers["x-outer"], refused.headers["x-frame-options"]) == ("seen", "DENY")
    assert admitted.status_code == 200


def test_interceptor_that_fails_after_the_answer_is_logged(
    serve: Any, caplog: pytest.LogCaptureFixture
) -> None:
    @component
    class Broken(Interceptor):
        def after(self, exchange: Exchange) -> None:
            raise RuntimeError("broken")

    with serve(Broken, Watch, Things) as client:
        assert client.get("/mood").status_code == 200

    assert steps[-1] == "watched 200 /mood"
    assert "request_interceptor_failed" in caplog.text


def test_filter_without_an_answer_is_an_error_that_names_it(
    serve: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(Forgetful, Things) as client:
        assert client.get("/mood").status_code == 500

    assert "Forgetful.do_filter returned NoneType: return the response of call_next" in caplog.text


@pytest.mark.parametrize("path", ["/echo", "/foreign-echo"])
def test_body_read_by_a_filter_is_there_again(serve: Any, path: str) -> None:
    with serve(Reading, Things, extra_routes=FOREIGN) as client:
        response = client.post(path, content=b"tea", headers={"content-type": "text/plain"})

    assert "tea" in response.text
    assert steps == ["tea"]


@pytest.mark.parametrize("path", ["/echo", "/foreign-echo"])
def test_body_drained_by_a_filter_is_an_error_that_says_how(
    serve: Any, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with serve(Draining, Things, extra_routes=FOREIGN) as client:
        response = client.post(path, content=b"tea", headers={"content-type": "text/plain"})

    assert response.status_code == 500
    assert "read it with request.body() there" in caplog.text


def test_bean_takes_the_place_of_the_filter_it_derives_from(serve: Any) -> None:
    @component
    class Relaxed(SecurityHeadersFilter):
        def __init__(self) -> None:
            super().__init__(SecurityHeadersConfig(x_frame_options="SAMEORIGIN"))

    with serve(Relaxed, Things) as client:
        assert client.get("/mood").headers.get_list("x-frame-options") == ["SAMEORIGIN"]


def test_derived_filter_may_have_its_own_way(serve: Any) -> None:
    @component
    class Picky(SecurityHeadersFilter):
        def should_not_filter(self, request: Request) -> bool:
            return request.url.path == "/mood"

    with serve(Picky, Things) as client:
        assert "x-frame-options" not in client.get("/mood").headers
        assert client.post("/echo", content=b"").headers["x-frame-options"] == "DENY"


def test_live_list_of_filters_takes_effect_at_once(serve: Any) -> None:
    apps: list[Starlette] = []
    with serve(Things, prepare=apps.append) as client:
        (entry,) = [it for it in apps[0].user_middleware if it.cls is WebFilterChainMiddleware]
        before = client.get("/mood")
        entry.kwargs["filters"].append(Outer())
        after = client.get("/mood")
        entry.kwargs["filters"].clear()
        without = client.get("/mood")

    assert "x-outer" not in before.headers
    assert after.headers["x-outer"] == "seen"
    assert set(without.headers) == {"content-type", "content-length", "vary"}


def test_middleware_of_the_application_stands_around_the_filters(new_context: Any) -> None:
    class Stamp:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            steps.append("middleware")
            await self.app(scope, receive, send)

    app = create_app(context=new_context(Things))
    app.add_middleware(Stamp)
    with TestClient(app) as client:
        assert client.get("/mood").headers["x-request-id"]

    assert steps[:2] == ["middleware", "middleware"]


def test_chain_stands_around_any_application() -> None:
    app = Starlette(routes=FOREIGN, middleware=[Middleware(WebFilterChainMiddleware, filters=[Outer()])])
    with TestClient(app, raise_server_exceptions=False) as client:
        answered = client.get("/foreign")
        failed = client.get("/broken")

    assert (answered.text, answered.headers["x-outer"]) == ("set by a filter", "seen")
    assert (failed.status_code, failed.text) == (500, "Internal Server Error")


def test_chain_answers_refusals_of_its_filters() -> None:
    class Closed(Filter):
        async def do_filter(self, request: Request, call_next: CallNext) -> Any:
            raise UnauthorizedException("Who are you?")

    app = Starlette(routes=FOREIGN, middleware=[Middleware(WebFilterChainMiddleware, filters=[Closed()])])
    response = TestClient(app).get("/foreign")

    assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")


async def test_chain_needs_nothing_of_the_scope_but_the_request() -> None:
    sent: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("ok")(scope, receive, send)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    chain = WebFilterChainMiddleware(app, filters=(Outer(),))
    await chain({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send)

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (b"x-outer", b"seen") in sent[0]["headers"]
