# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pyfly.container.stereotypes import rest_controller, service
from pyfly.context.lifecycle import post_construct, pre_destroy
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import PathVar, get_mapping, request_mapping
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.mounting import mount

JOURNAL: list[str] = []

MakeOuter = Callable[..., Any]


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
    def __init__(self, store: Store) -> None:
        self.store = store

    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int]) -> int:
        if item_id > 9:
            raise ResourceNotFoundException("no such item", code="ITEM_NOT_FOUND")

        return item_id

    @get_mapping("/{item_id}/url")
    async def url(self, item_id: PathVar[int], request: Request) -> str:
        return str(request.url_for("ItemController.find", item_id=item_id))

    @get_mapping("/state/all")
    async def state(self, request: Request) -> list[str | None]:
        return [getattr(request.state, name, None) for name in ("both", "inner", "outer")]


async def outer_state(request: Request) -> PlainTextResponse:
    return PlainTextResponse(
        " ".join(str(getattr(request.state, it, None)) for it in ("both", "inner", "outer"))
    )


async def refused(request: Request) -> Response:
    raise HTTPException(418, "short and stout")


@asynccontextmanager
async def outer_lifespan(app: Any) -> AsyncIterator[dict[str, str]]:
    JOURNAL.append("outer started")
    try:
        yield {"outer": "outer", "both": "outer"}
    finally:
        JOURNAL.append("outer stopped")


@pytest.fixture
def make_outer() -> MakeOuter:
    """Make an outer application."""
    JOURNAL.clear()
    return lambda lifespan=outer_lifespan: Starlette(
        lifespan=lifespan, routes=[Route("/outer-state", outer_state)]
    )


@pytest.fixture
def make_inner(new_context: Any) -> Callable[..., Starlette]:
    """Make an application of PyFly whose lifespan starts its context."""

    def make(*beans: type, **options: Any) -> Starlette:
        context = new_context(*(beans or (Store, ItemController)))

        @asynccontextmanager
        async def lifespan(app: Any) -> AsyncIterator[None]:
            await context.start()
            try:
                yield
            finally:
                await context.stop()

        return create_app(title="shop", context=context, lifespan=lifespan, **options)

    return make


def test_both_start_and_stop_in_order(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        assert client.get("/api/items/7").json() == 7
        assert JOURNAL == ["outer started", "store opened"]

    assert JOURNAL == ["outer started", "store opened", "store closed", "outer stopped"]


def test_outer_application_needs_no_lifespan(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer(None)
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        assert client.get("/api/items/7").json() == 7

    assert JOURNAL == ["store opened", "store closed"]


def test_several_applications_are_mounted(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/one", make_inner())
    mount(outer, "/two", make_inner())

    with TestClient(outer) as client:
        assert client.get("/one/items/1").json() == 1
        assert client.get("/two/items/2").json() == 2

    assert JOURNAL[-3:] == ["store closed", "store closed", "outer stopped"]


def test_start_that_fails_stops_the_outer_application(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/one", make_inner())
    mount(outer, "/two", make_inner(Refusing))

    with pytest.raises(Exception, match="no database"), TestClient(outer):
        pytest.fail("the application has started")

    assert JOURNAL == ["outer started", "store opened", "store closed", "outer stopped"]


def test_failure_of_the_outer_application_starts_nothing(make_outer: MakeOuter, make_inner: Any) -> None:
    @asynccontextmanager
    async def failing(app: Any) -> AsyncIterator[None]:
        raise LookupError("no outer database")
        yield

    outer = make_outer(failing)
    mount(outer, "/api", make_inner())

    with pytest.raises(LookupError, match="no outer database"), TestClient(outer):
        pytest.fail("the application has started")

    assert JOURNAL == []


def test_states_of_the_lifespans_are_kept_apart(make_outer: MakeOuter, new_context: Any) -> None:
    context = new_context(Store, ItemController)

    @asynccontextmanager
    async def inner_lifespan(app: Any) -> AsyncIterator[dict[str, str]]:
        await context.start()
        yield {"inner": "inner", "both": "inner"}
        await context.stop()

    outer = make_outer()
    mount(outer, "/api", create_app(context=context, lifespan=inner_lifespan))

    with TestClient(outer) as client:
        assert client.get("/api/items/state/all").json() == ["inner", "inner", "outer"]
        assert client.get("/outer-state").text == "outer None outer"


def test_redirects_stay_below_the_mount(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/api", make_inner())

    with TestClient(outer, root_path="/proxy") as client:
        answer = client.get("/proxy/api/items/7/", follow_redirects=False)

    assert answer.status_code == 307
    assert answer.headers["location"] == "http://testserver/proxy/api/items/7"


@pytest.mark.parametrize(("path", "url"), [("/api", "/api/items/7"), ("/shops/{shop}", "/shops/a/items/7")])
def test_controller_is_served_below_the_mount(
    make_outer: MakeOuter, make_inner: Any, path: str, url: str
) -> None:
    outer = make_outer()
    mount(outer, path, make_inner())

    with TestClient(outer) as client:
        assert client.get(url).json() == 7


def test_url_of_a_controller_is_below_the_mount(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        assert client.get("/api/items/7/url").json() == "http://testserver/api/items/7"


def test_name_of_the_mount_is_part_of_names(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/api", make_inner(), name="shop")

    assert outer.url_path_for("shop:ItemController.find", item_id=7) == "/api/items/7"


def test_documentation_works_below_the_mount(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        document, page = client.get("/api/openapi.json"), client.get("/api/docs")

    assert "/items/{item_id}" in document.json()["paths"]
    assert [server["url"] for server in document.json()["servers"]] == ["."]
    assert page.status_code == 200


def test_errors_are_those_of_the_mounted_application(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    mount(outer, "/api", make_inner(extra_routes=[Route("/refused", refused)]))

    with TestClient(outer) as client:
        known, unknown = client.get("/api/items/10"), client.get("/api/nothing")
        native, beside = client.get("/api/refused"), client.get("/nothing")

    assert (known.status_code, known.json()["code"]) == (404, "ITEM_NOT_FOUND")
    assert (unknown.status_code, unknown.json()["instance"]) == (404, "/api/nothing")
    assert (native.status_code, native.json()["detail"]) == (418, "short and stout")
    assert beside.headers["content-type"] != "application/problem+json"


def test_plain_mount_tells_how_to_run_the_lifespan(
    make_outer: MakeOuter, make_inner: Any, caplog: pytest.LogCaptureFixture
) -> None:
    outer = make_outer()
    outer.mount("/api", make_inner())

    with TestClient(outer) as client:
        client.get("/api/items/7")

    (message,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert "lifespan of 'shop'" in message
    assert "pyfly.web.adapters.starlette.mounting.mount()" in message


def test_mounted_application_is_told_of_nothing_missing(
    make_outer: MakeOuter, make_inner: Any, caplog: pytest.LogCaptureFixture
) -> None:
    outer = make_outer()
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        client.get("/api/items/7")

    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def application_of_something_else(scope: Any, receive: Any, send: Any) -> None: ...


def test_other_kinds_of_applications_are_refused(make_outer: MakeOuter, make_inner: Any) -> None:
    with pytest.raises(TypeError, match=r"mount\(app=...\) takes an application of Starlette or FastAPI"):
        mount(make_outer(), "/api", application_of_something_else)  # type: ignore[arg-type]  # the mistake

    with pytest.raises(TypeError, match=r"mount\(outer=...\)"):
        mount(application_of_something_else, "/api", make_inner())  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize("path", ["", "/", "api"])
def test_path_that_is_none_is_refused(make_outer: MakeOuter, make_inner: Any, path: str) -> None:
    with pytest.raises(ValueError, match="expected a path below which to mount"):
        mount(make_outer(), path, make_inner())


def test_application_is_not_mounted_into_itself(make_inner: Any) -> None:
    inner = make_inner()

    with pytest.raises(ValueError, match="into itself"):
        mount(inner, "/api", inner)


def test_running_application_takes_no_more(make_outer: MakeOuter, make_inner: Any) -> None:
    outer = make_outer()
    with TestClient(outer), pytest.raises(RuntimeError, match="mount it before"):
        mount(outer, "/api", make_inner())


def test_application_of_pyfly_takes_another_one(make_inner: Any) -> None:
    JOURNAL.clear()
    outer = make_inner()
    mount(outer, "/api", make_inner())

    with TestClient(outer) as client:
        assert client.get("/items/1").json() == 1
        assert client.get("/api/items/2").json() == 2

    assert JOURNAL == ["store opened", "store opened", "store closed", "store closed"]
