# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.requests import Request

from pyfly.container.stereotypes import rest_controller, service
from pyfly.context.lifecycle import post_construct, pre_destroy
from pyfly.web import PathVar, get_mapping, request_mapping
from pyfly.web.adapters.fastapi import create_app
from pyfly.web.adapters.starlette import create_app as create_starlette_app
from pyfly.web.adapters.starlette.mounting import mount

JOURNAL: list[str] = []

MakeInner = Callable[..., Any]


@service
class Store:
    @post_construct
    async def open(self) -> None:
        JOURNAL.append("store opened")

    @pre_destroy
    async def close(self) -> None:
        JOURNAL.append("store closed")


@service
class Refusing:
    @post_construct
    async def refuse(self) -> None:
        raise LookupError("no database")


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int]) -> int:
        return item_id

    @get_mapping("/{item_id}/url")
    async def url(self, item_id: PathVar[int], request: Request) -> str:
        return str(request.url_for("ItemController.find", item_id=item_id))


@asynccontextmanager
async def outer_lifespan(app: Any) -> AsyncIterator[dict[str, str]]:
    JOURNAL.append("outer started")
    try:
        yield {"outer": "outer"}
    finally:
        JOURNAL.append("outer stopped")


def outer_user(request: Request) -> str:
    return str(request.state.outer)


@pytest.fixture
def outer() -> FastAPI:
    """Make an application of FastAPI with a route and a lifespan of its own."""
    JOURNAL.clear()
    app = FastAPI(lifespan=outer_lifespan)

    @app.get("/outer")
    async def own(user: Annotated[str, Depends(outer_user)], value: Annotated[int, Query()]) -> list[Any]:
        return [user, value]

    return app


@pytest.fixture(params=[create_app, create_starlette_app], ids=["fastapi", "starlette"])
def make_inner(request: pytest.FixtureRequest, new_context: Any) -> MakeInner:
    """Make an application of PyFly whose lifespan starts its context, with each adapter."""

    def make(*beans: type) -> Any:
        context = new_context(*(beans or (Store, ItemController)))

        @asynccontextmanager
        async def lifespan(app: Any) -> AsyncIterator[dict[str, str]]:
            await context.start()
            try:
                yield {"inner": "inner"}
            finally:
                await context.stop()

        return request.param(title="shop", context=context, lifespan=lifespan)

    return make


def test_both_start_and_stop_in_order(outer: FastAPI, make_inner: MakeInner) -> None:
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        assert client.get("/api/items/7").json() == 7
        assert client.get("/outer?value=1").json() == ["outer", 1]
        assert JOURNAL == ["outer started", "store opened"]

    assert JOURNAL == ["outer started", "store opened", "store closed", "outer stopped"]


def test_start_that_fails_stops_the_outer_application(outer: FastAPI, make_inner: MakeInner) -> None:
    mount(outer, "/api", make_inner(Refusing))

    with pytest.raises(Exception, match="no database"), TestClient(outer):
        pytest.fail("the application has started")

    assert JOURNAL == ["outer started", "outer stopped"]


def test_errors_are_those_of_each_application(outer: FastAPI, make_inner: MakeInner) -> None:
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        assert client.get("/api/nothing").json()["code"] == "NOT_FOUND"
        assert client.get("/api/items/x").json()["code"] == "TYPE_CONVERSION_ERROR"
        assert client.get("/nothing").json() == {"detail": "Not Found"}
        assert client.get("/outer?value=x").json()["detail"][0]["loc"] == ["query", "value"]


def test_redirects_and_urls_stay_below_the_mount(outer: FastAPI, make_inner: MakeInner) -> None:
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        redirect = client.get("/api/items/7/", follow_redirects=False)
        url = client.get("/api/items/7/url").json()

    assert redirect.headers["location"] == "http://testserver/api/items/7"
    assert url == "http://testserver/api/items/7"


def test_documentation_is_that_of_each_application(outer: FastAPI, make_inner: MakeInner) -> None:
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        inner_document, outer_document = client.get("/api/openapi.json"), client.get("/openapi.json")
        page = client.get("/api/docs")

    assert set(inner_document.json()["paths"]) == {"/items/{item_id}", "/items/{item_id}/url"}
    assert set(outer_document.json()["paths"]) == {"/outer"}
    assert page.status_code == 200


def test_native_route_of_a_mounted_application_is_its_own(outer: FastAPI, new_context: Any) -> None:
    inner = create_app(context=new_context(ItemController))

    @inner.get("/native")
    async def native(value: Annotated[int, Query()]) -> int:
        raise HTTPException(418, "short and stout")

    mount(outer, "/api", inner)

    with TestClient(outer) as client:
        refused, invalid = client.get("/api/native?value=1"), client.get("/api/native?value=x")

    assert (refused.status_code, refused.json()["detail"]) == (418, "short and stout")
    assert refused.headers["content-type"] == "application/problem+json"
    assert (invalid.status_code, invalid.json()["errors"][0]["loc"]) == (422, ["query", "value"])


def test_application_of_fastapi_is_mounted_below_one_of_starlette(make_inner: MakeInner) -> None:
    JOURNAL.clear()
    outer = Starlette(lifespan=outer_lifespan)
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        assert client.get("/api/items/7").json() == 7

    assert JOURNAL == ["outer started", "store opened", "store closed", "outer stopped"]
