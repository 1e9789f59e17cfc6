# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from pyfly.config.store import Config
from pyfly.container.ordering import get_order, order
from pyfly.context.application_context import ApplicationContext
from pyfly.context.request_context import RequestContext
from pyfly.kernel.clock import ManualClock
from pyfly.kernel.exceptions import ConflictException, ResourceNotFoundException
from pyfly.web import Body, PathVar, delete_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.adapters.starlette.filters.idempotency_filter import (
    IDEMPOTENCY_KEY_HEADER,
    IDEMPOTENCY_REPLAYED_HEADER,
    IdempotencyWebFilter,
)
from pyfly.web.filters import FilterOrder
from pyfly.web.idempotency import InMemoryIdempotencyStore, disable_idempotency
from pyfly.web.testing import AsgiClient

Served = Callable[..., Any]


@rest_controller
@request_mapping("/orders")
class OrderController:
    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.entered = asyncio.Event()
        self.entered_again = asyncio.Event()
        self.go = asyncio.Event()

    @post_mapping(status_code=201)
    async def create(self, order: Body[dict[str, Any]]) -> dict[str, Any]:
        self.calls.append(order)
        return {"id": len(self.calls), **order}

    @post_mapping("/rich")
    async def rich(self) -> Response:
        self.calls.append("rich")
        headers = {
            "location": f"/orders/{len(self.calls)}",
            "etag": '"1"',
            "set-cookie": "a=1",
            "x-total": "7",
        }
        response = Response(bytes(range(256)), 201, headers, media_type="application/octet-stream")
        response.raw_headers += [(b"link", b"<a>"), (b"link", b"<b>")]
        return response

    @delete_mapping("/{order_id}")
    async def remove(self, order_id: PathVar[int]) -> None:
        self.calls.append(order_id)

    @post_mapping("/missing")
    async def missing(self) -> None:
        self.calls.append("missing")
        raise ResourceNotFoundException("nothing here")

    @post_mapping("/conflict")
    async def conflict(self) -> None:
        self.calls.append("conflict")
        raise ConflictException("taken")

    @post_mapping("/broken")
    async def broken(self) -> None:
        self.calls.append("broken")
        raise RuntimeError("out of order")

    @post_mapping("/stream")
    async def stream(self) -> StreamingResponse:
        self.calls.append("stream")
        return StreamingResponse(iter([b"a", b"b"]))

    @post_mapping("/large")
    async def large(self) -> Response:
        self.calls.append("large")
        return Response(b"x" * 3000)

    @post_mapping("/slow")
    async def slow(self) -> int:
        (self.entered_again if self.entered.is_set() else self.entered).set()
        self.calls.append("slow")
        await self.go.wait()
        return len(self.calls)

    @disable_idempotency
    @post_mapping("/every-time")
    async def every_time(self) -> int:
        self.calls.append("every-time")
        return len(self.calls)


@order(FilterOrder.AUTHENTICATION)
class UserFilter:
    """Authenticates whoever says who he is."""

    async def do_filter(self, request: Request, call_next: Callable[..., Awaitable[Any]]) -> Any:
        user, context = request.headers.get("x-user"), RequestContext.current()
        if user is not None and context is not None:
            context.security_context = type("SecurityContext", (), {"user_id": user})()

        return await call_next(request)

    def should_not_filter(self, request: Request) -> bool:
        return False


class Service:
    def __init__(self, client: AsgiClient, controller: OrderController) -> None:
        self.client = client
        self.controller = controller

    async def post(
        self, path: str = "/orders", *, key: str | None = "k-1", json: Any = None, **headers: str
    ) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            named["Idempotency-Key"] = key

        return await self.client.post(path, headers=named, json={"item": "tea"} if json is None else json)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def serving(clock: ManualClock) -> AsyncIterator[Callable[..., Awaitable[Service]]]:
    contexts: list[ApplicationContext] = []

    async def serve(*beans: type, store: Any = None, **options: Any) -> Service:
        context = ApplicationContext(Config({}))
        for bean in (OrderController, *beans):
            context.register_bean(bean)

        web_filter = IdempotencyWebFilter(store or InMemoryIdempotencyStore(clock), **options)
        context.container.register_instance(IdempotencyWebFilter, web_filter)
        await context.start()
        contexts.append(context)
        return Service(AsgiClient(create_app(context=context)), context.get_bean(OrderController))

    yield serve
    for context in contexts:
        await context.stop()


@pytest.fixture
async def service(serving: Callable[..., Awaitable[Service]]) -> Service:
    return await serving(UserFilter)


def test_names_and_place() -> None:
    assert IDEMPOTENCY_KEY_HEADER == "Idempotency-Key"
    assert IDEMPOTENCY_REPLAYED_HEADER == "Idempotency-Replayed"
    assert get_order(IdempotencyWebFilter) == -(2**31) + 360


async def test_repetition_gets_the_first_answer(service: Service) -> None:
    first = await service.post()
    second = await service.post()

    assert (first.status, first.json()) == (201, {"id": 1, "item": "tea"})
    assert "idempotency-replayed" not in dict(first.headers)
    assert (second.status, second.body, dict(second.headers)["idempotency-replayed"]) == (
        201,
        first.body,
        "true",
    )
    assert service.controller.calls == [{"item": "tea"}]


async def test_each_answer_has_its_own_ids_and_the_headers_of_the_chain(service: Service) -> None:
    first, second = dict((await service.post()).headers), dict((await service.post()).headers)

    assert first["x-request-id"] != second["x-request-id"]
    assert second["x-content-type-options"] == "nosniff"
    assert second["content-type"] == "application/json"


async def test_request_without_a_key_runs_every_time(service: Service) -> None:
    assert [(await service.post(key=None)).json()["id"] for _ in range(2)] == [1, 2]


async def test_keys_paths_and_methods_are_independent(service: Service) -> None:
    await service.post(key="a")
    await service.post(key="b")
    await service.post("/orders/rich", key="a")
    await service.client.delete("/orders/1", headers={"Idempotency-Key": "a"})

    assert len(service.controller.calls) == 4


async def test_headers_and_any_bytes_come_back(service: Service) -> None:
    first = await service.post("/orders/rich")
    second = await service.post("/orders/rich")

    headers = dict(second.headers)
    assert (second.status, second.body) == (201, first.body)
    assert (headers["location"], headers["etag"], headers["x-total"]) == ("/orders/1", '"1"', "7")
    assert headers["link"] == "<a>, <b>"
    assert headers["content-length"] == "256"
    assert "set-cookie" not in headers


async def test_answer_without_a_body_comes_back(service: Service) -> None:
    answers = [await service.client.delete("/orders/7", headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert [answer.status for answer in answers] == [204, 204]
    assert dict(answers[1].headers)["idempotency-replayed"] == "true"
    assert service.controller.calls == [7]


@pytest.mark.parametrize(
    ("path", "status"), [("/orders/missing", 404), ("/orders/conflict", 409), ("/orders/broken", 500)]
)
async def test_request_that_fails_can_be_tried_again(service: Service, path: str, status: int) -> None:
    assert [(await service.post(path)).status for _ in range(2)] == [status, status]
    assert len(service.controller.calls) == 2


async def test_chosen_client_errors_are_kept(serving: Served) -> None:
    service = await serving(stored_client_errors=[409])

    assert [(await service.post("/orders/conflict")).status for _ in range(2)] == [409, 409]
    assert [(await service.post("/orders/missing")).status for _ in range(2)] == [404, 404]
    assert service.controller.calls == ["conflict", "missing", "missing"]


async def test_streams_are_not_kept_and_the_log_tells(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    assert [(await service.post("/orders/stream")).body for _ in range(2)] == [b"ab", b"ab"]
    assert service.controller.calls == ["stream", "stream"]
    assert "idempotency_answer_not_kept" in caplog.messages


async def test_large_answers_are_not_kept(serving: Served, caplog: pytest.LogCaptureFixture) -> None:
    service = await serving(max_response_size=2999)

    await service.post("/orders/large")
    await service.post("/orders/large")

    assert service.controller.calls == ["large", "large"]
    assert "idempotency_answer_not_kept" in caplog.messages


async def test_disabled_handler_runs_every_time(service: Service) -> None:
    answers = [await service.post("/orders/every-time") for _ in range(2)]

    assert [answer.json() for answer in answers] == [1, 2]


@pytest.mark.parametrize("difference", [{"json": {"item": "milk"}}, {"path": "/orders?x=1"}])
async def test_key_of_another_request_is_refused(service: Service, difference: dict[str, Any]) -> None:
    await service.post()

    refused = await service.post(**difference)

    assert (refused.status, refused.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(service.controller.calls) == 1


async def test_callers_do_not_see_each_others_answers(service: Service) -> None:
    ids = [(await service.post(x_user=user)).json()["id"] for user in ("ann", "bob", "ann", "bob")]

    assert ids == [1, 2, 1, 2]


async def test_tenants_of_a_caller_are_kept_apart(service: Service) -> None:
    ids = [(await service.post(x_user="ann", x_tenant_id=tenant)).json()["id"] for tenant in ("a", "b", "a")]

    assert ids == [1, 2, 1]


async def test_known_caller_may_come_with_a_new_token(service: Service) -> None:
    ids = [(await service.post(x_user="ann", authorization=token)).json()["id"] for token in ("t-1", "t-2")]

    assert ids == [1, 1]


@pytest.mark.parametrize("header", ["authorization", "x_api_key"])
async def test_unknown_caller_with_other_credentials_is_refused(service: Service, header: str) -> None:
    await service.post(**{header: "ann's"})

    refused = await service.post(**{header: "bob's"})

    assert (refused.status, refused.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("key", ["", "a b", "k" * 256, "ä"])
async def test_key_that_is_none_is_refused(service: Service, key: str) -> None:
    refused = await service.post(key=key)

    assert (refused.status, refused.json()["code"]) == (400, "INVALID_IDEMPOTENCY_KEY")
    assert service.controller.calls == []


async def test_several_keys_are_refused(service: Service) -> None:
    refused = await service.client.post(
        "/orders", headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")], json={}
    )

    assert (refused.status, refused.json()["code"]) == (400, "INVALID_IDEMPOTENCY_KEY")


async def test_body_that_is_too_long_to_be_compared_is_refused(serving: Served) -> None:
    service = await serving(max_request_size=100)
    headers = {"Idempotency-Key": "k", "content-type": "application/json"}

    announced = await service.client.post("/orders", headers=headers, body=b'{"a": "%s"}' % (b"x" * 100))
    in_chunks = await service.client.post("/orders", headers=headers, body=[b'{"a": "', b"x" * 100, b'"}'])

    assert [announced.status, in_chunks.status] == [413, 413]
    assert service.controller.calls == []


async def test_body_in_chunks_reaches_the_handler(service: Service) -> None:
    headers = {"Idempotency-Key": "k", "content-type": "application/json"}

    answers = [
        await service.client.post("/orders", headers=headers, body=[b'{"ite', b'm": 1', b"}"])
        for _ in range(2)
    ]

    assert [answer.json() for answer in answers] == [{"id": 1, "item": 1}] * 2


async def test_repetition_of_a_request_in_flight_is_told_to_wait(service: Service) -> None:
    first = asyncio.create_task(service.post("/orders/slow"))
    await asyncio.wait_for(service.controller.entered.wait(), 5)

    waiting = await service.post("/orders/slow")
    other = await service.post("/orders/slow", json={"item": "milk"})
    service.controller.go.set()

    assert (waiting.status, waiting.json()["code"]) == (409, "IDEMPOTENCY_IN_FLIGHT")
    assert dict(waiting.headers)["retry-after"] == "1"
    assert (other.status, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert (await first).json() == 1
    assert (await service.post("/orders/slow")).json() == 1


async def test_of_many_repetitions_at_once_one_runs(service: Service) -> None:
    answers = await asyncio.gather(*(service.post() for _ in range(100)))

    assert len(service.controller.calls) == 1
    assert {answer.status for answer in answers} <= {201, 409}


async def test_cancelled_request_gives_its_key_back(service: Service) -> None:
    first = asyncio.create_task(service.post("/orders/slow"))
    await asyncio.wait_for(service.controller.entered.wait(), 5)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first

    service.controller.go.set()
    assert (await service.post("/orders/slow")).status == 200


async def test_lock_ends_with_its_time(
    service: Service, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    first = asyncio.create_task(service.post("/orders/slow"))
    await asyncio.wait_for(service.controller.entered.wait(), 5)
    clock.jump(300)
    second = asyncio.create_task(service.post("/orders/slow"))
    await asyncio.wait_for(service.controller.entered_again.wait(), 5)
    service.controller.go.set()
    await asyncio.gather(first, second)

    assert "took longer than pyfly.web.idempotency.lock-timeout" in caplog.text


async def test_answers_are_kept_for_their_time(serving: Served, clock: ManualClock) -> None:
    service = await serving(ttl_seconds=60)

    await service.post()
    clock.jump(59)
    assert (await service.post()).json()["id"] == 1
    clock.jump(1)
    assert (await service.post()).json()["id"] == 2


class FailingStore:
    """Fails at one of its steps."""

    def __init__(self, step: str) -> None:
        self.step = step
        self.inner = InMemoryIdempotencyStore()

    async def begin(self, *arguments: Any) -> Any:
        return await self._do("begin", *arguments)

    async def complete(self, *arguments: Any) -> Any:
        return await self._do("complete", *arguments)

    async def abandon(self, *arguments: Any) -> Any:
        return await self._do("abandon", *arguments)

    async def _do(self, step: str, *arguments: Any) -> Any:
        if step == self.step:
            raise ConnectionError("the cache is gone")

        return await getattr(self.inner, step)(*arguments)


class HangingStore(FailingStore):
    async def _do(self, step: str, *arguments: Any) -> Any:
        return await asyncio.Event().wait()


async def test_without_its_store_a_request_is_refused(serving: Served) -> None:
    service = await serving(store=FailingStore("begin"))

    refused = await service.post()

    assert (refused.status, refused.json()["code"]) == (503, "IDEMPOTENCY_UNAVAILABLE")
    assert dict(refused.headers)["retry-after"] == "1"
    assert "cache is gone" not in refused.text
    assert service.controller.calls == []


async def test_without_its_store_a_request_runs_where_that_is_chosen(
    serving: Served, caplog: pytest.LogCaptureFixture
) -> None:
    service = await serving(store=FailingStore("begin"), fails_open=True)

    assert [(await service.post()).json()["id"] for _ in range(2)] == [1, 2]
    assert "idempotency_store_failed" in caplog.messages


async def test_store_that_hangs_counts_as_failing(serving: Served) -> None:
    service = await serving(store=HangingStore(""), store_timeout=0.01)

    assert (await service.post()).status == 503


@pytest.mark.parametrize(("step", "path"), [("complete", "/orders"), ("abandon", "/orders/missing")])
async def test_answer_reaches_the_client_though_it_cannot_be_kept(
    serving: Served, caplog: pytest.LogCaptureFixture, step: str, path: str
) -> None:
    service = await serving(store=FailingStore(step))

    assert (await service.post(path)).status in (201, 404)
    assert "idempotency_store_failed" in caplog.messages


class PlainCache:
    """A cache as simple as one can be."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}

    async def get(self, key: str) -> Any:
        return self.entries.get(key)

    async def put(self, key: str, value: Any, ttl: timedelta) -> None:
        self.entries[key] = value

    async def evict(self, key: str) -> None:
        self.entries.pop(key, None)


async def create(request: Request) -> JSONResponse:
    calls: list[Any] = request.app.state.calls
    calls.append(await request.json())
    return JSONResponse({"id": len(calls)}, 201)


@disable_idempotency
async def create_always(request: Request) -> JSONResponse:
    request.app.state.calls.append(None)
    return JSONResponse({"id": len(request.app.state.calls)}, 201)


async def create_slowly(request: Request) -> StreamingResponse:
    request.app.state.calls.append(None)
    return StreamingResponse(iter([b"1"]))


@pytest.fixture
def cache() -> PlainCache:
    return PlainCache()


@pytest.fixture
def plain(cache: PlainCache) -> Starlette:
    app = Starlette(
        routes=[
            Route("/orders", create, methods=["POST"]),
            Route("/always", create_always, methods=["POST"]),
            Route("/stream", create_slowly, methods=["POST"]),
            Route("/actuator/refresh", create, methods=["POST"]),
            Route("/health", create, methods=["POST"]),
        ],
        middleware=[Middleware(WebFilterChainMiddleware, filters=[IdempotencyWebFilter(cache)])],
    )
    app.state.calls = []
    return app


async def test_it_works_in_any_starlette_application(plain: Starlette, cache: PlainCache) -> None:
    client = AsgiClient(plain)

    answers = [
        await client.post("/orders", headers={"Idempotency-Key": "k"}, json={"a": 1}) for _ in range(2)
    ]

    assert [answer.json() for answer in answers] == [{"id": 1}, {"id": 1}]
    assert list(cache.entries) == ["idem:POST:/orders:k"]
    kept = cache.entries["idem:POST:/orders:k"]
    assert (kept["status"], kept["body"], kept["headers"]) == (
        201,
        '{"id":1}',
        {"content-type": "application/json"},
    )


@pytest.mark.parametrize("path", ["/always", "/stream"])
async def test_nothing_is_left_of_disabled_routes_and_of_streams(
    plain: Starlette, cache: PlainCache, path: str
) -> None:
    client = AsgiClient(plain)

    for _ in range(2):
        await client.post(path, headers={"Idempotency-Key": "k"}, json={})

    assert len(plain.state.calls) == 2
    assert cache.entries == {}


@pytest.mark.parametrize("path", ["/actuator/refresh", "/health"])
async def test_operational_paths_are_left_alone(plain: Starlette, cache: PlainCache, path: str) -> None:
    client = AsgiClient(plain)

    for _ in range(2):
        await client.post(path, headers={"Idempotency-Key": "k"}, json={})

    assert len(plain.state.calls) == 2
    assert cache.entries == {}


class Gone(Exception):
    pass


async def test_client_that_goes_away_finds_its_answer_when_it_comes_back(plain: Starlette) -> None:
    body = [{"type": "http.request", "body": b"{}", "more_body": False}]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/orders",
        "raw_path": b"/orders",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"idempotency-key", b"k")],
    }

    async def receive() -> Any:
        return body.pop()

    async def send(message: Any) -> None:
        raise Gone

    with pytest.raises(Gone):
        await plain(scope, receive, send)

    again = await AsgiClient(plain).post("/orders", headers={"Idempotency-Key": "k"}, body=b"{}")
    assert (again.json(), dict(again.headers)["idempotency-replayed"]) == ({"id": 1}, "true")


@order(FilterOrder.IDEMPOTENCY - 1)
class ReplacingFilter:
    """Answers something else after everything inside has been done."""

    async def do_filter(self, request: Request, call_next: Callable[..., Awaitable[Any]]) -> Any:
        await call_next(request)
        return Response("replaced")

    def should_not_filter(self, request: Request) -> bool:
        return False


async def test_answer_that_is_never_sent_gives_its_key_back(cache: PlainCache, plain: Starlette) -> None:
    web_filter = plain.user_middleware[0].kwargs["filters"][0]
    plain.user_middleware[0].kwargs["filters"][:] = [ReplacingFilter(), web_filter]

    answer = await AsgiClient(plain).post("/orders", headers={"Idempotency-Key": "k"}, json={})

    assert answer.body == b"replaced"
    assert cache.entries == {}
