# SPDX-License-Identifier: Apache-2.0
import threading
from contextvars import ContextVar
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from pyfly.container.types import Scope as BeanScope
from pyfly.context.request_context import RequestContext
from pyfly.validation import validator
from pyfly.web import (
    Body,
    Cookie,
    Header,
    PathVar,
    QueryParam,
    get_mapping,
    post_mapping,
    request_mapping,
    rest_controller,
)

TENANT: ContextVar[str] = ContextVar("tenant", default="none")


class Item(BaseModel):
    name: str


class TenantMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        TENANT.set("acme")
        await self.app(scope, receive, send)


@rest_controller
@request_mapping("/h")
class Handlers:
    @post_mapping("/all/{item_id}")
    async def everything(
        self,
        item_id: PathVar[int],
        item: Body[Item],
        x_key: Header[str],
        theme: Cookie[str] = "light",
        *,
        tags: QueryParam[list[str]],
    ) -> list[Any]:
        return [item_id, item, x_key, theme, tags]

    @get_mapping("/thread")
    def in_thread(self) -> dict[str, Any]:
        context = RequestContext.current()
        return {
            "main": threading.current_thread() is threading.main_thread(),
            "thread": threading.get_ident(),
            "tenant": TENANT.get(),
            "request": context.request_id if context else None,
        }

    @get_mapping("/loop")
    async def in_loop(self) -> int:
        return threading.get_ident()

    @get_mapping("/context")
    async def context(self, context: RequestContext) -> str:
        return context.request_id

    @post_mapping("/request")
    async def request(self, request: Request) -> list[str]:
        return [request.method, (await request.body()).decode()]

    @post_mapping("/request-and-body")
    async def request_and_body(self, request: Request, item: Body[Item]) -> list[str]:
        return [item.name, (await request.body()).decode()]

    @get_mapping("/guarded")
    @validator(lambda self, n: n > 0, message="n must be positive")
    async def guarded(self, n: QueryParam[int]) -> int:
        return n


@rest_controller(scope=BeanScope.TRANSIENT)
@request_mapping("/transient")
class TransientController:
    def __init__(self) -> None:
        self.count = 0

    @get_mapping()
    async def count_up(self) -> int:
        self.count += 1
        return self.count


@rest_controller(scope=BeanScope.REQUEST)
@request_mapping("/per-request")
class RequestController:
    def __init__(self) -> None:
        self.count = 0

    @get_mapping()
    async def count_up(self) -> int:
        self.count += 1
        return self.count


@rest_controller
@request_mapping("/single")
class SingletonController:
    created = 0

    def __init__(self) -> None:
        type(self).created += 1
        self.count = 0

    @get_mapping()
    async def count_up(self) -> int:
        self.count += 1
        return self.count


def test_all_sources_are_bound(serve: Any) -> None:
    with serve(Handlers) as client:
        client.cookies.set("theme", "dark")
        response = client.post("/h/all/7?tags=a&tags=b", json={"name": "tea"}, headers={"x-key": "k"})

    assert response.json() == [7, {"name": "tea"}, "k", "dark", ["a", "b"]]


def test_missing_parameter_is_a_problem(serve: Any) -> None:
    with serve(Handlers) as client:
        response = client.post("/h/all/7?tags=a", json={"name": "tea"})

    assert response.status_code == 400
    assert (response.json()["code"], response.json()["detail"]) == (
        "MISSING_PARAMETER",
        "Missing required header: x-key",
    )


def test_plain_method_runs_in_a_worker_thread_with_the_context(serve: Any) -> None:
    with serve(Handlers, prepare=lambda app: app.add_middleware(TenantMiddleware)) as client:
        loop_thread = client.get("/h/loop").json()
        found = client.get("/h/thread", headers={"x-request-id": "r-1"}).json()

    assert found["thread"] != loop_thread
    assert (found["tenant"], found["request"]) == ("acme", "r-1")


@pytest.mark.parametrize("given", ["r-1", "a" * 128, "A.b_c:d-1"])
def test_harmless_request_id_is_taken(serve: Any, given: str) -> None:
    with serve(Handlers) as client:
        response = client.get("/h/context", headers={"x-request-id": given})

    assert (response.json(), response.headers["x-request-id"]) == (given, given)


@pytest.mark.parametrize("given", ["a" * 129, "a b", "<script>", ""])
def test_other_request_id_is_replaced(serve: Any, given: str) -> None:
    with serve(Handlers) as client:
        response = client.get("/h/context", headers={"x-request-id": given})

    assert response.json() == response.headers["x-request-id"] != given


def test_request_is_injected(serve: Any) -> None:
    with serve(Handlers) as client:
        assert client.post("/h/request", content=b"raw").json() == ["POST", "raw"]


def test_request_can_read_a_bound_body_again(serve: Any) -> None:
    with serve(Handlers) as client:
        response = client.post("/h/request-and-body", json={"name": "tea"})

    assert response.json() == ["tea", '{"name":"tea"}']


def test_guarded_handler_keeps_its_parameters(serve: Any) -> None:
    with serve(Handlers) as client:
        assert client.get("/h/guarded?n=2").json() == 2
        assert client.get("/h/guarded?n=0").status_code == 422


@pytest.mark.parametrize("path", ["/transient", "/per-request"])
def test_other_scopes_give_each_request_its_controller(serve: Any, path: str) -> None:
    with serve(TransientController, RequestController) as client:
        assert [client.get(path).json() for _ in range(3)] == [1, 1, 1]


def test_singleton_is_created_at_start_and_kept(serve: Any) -> None:
    SingletonController.created = 0
    with serve(SingletonController) as client:
        assert SingletonController.created == 1
        assert [client.get("/single").json() for _ in range(3)] == [1, 2, 3]

    assert SingletonController.created == 1
