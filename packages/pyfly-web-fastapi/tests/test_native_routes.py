# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, File, Header, Query, UploadFile, WebSocket
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from pydantic import BaseModel
from starlette.requests import Request

from pyfly.container.stereotypes import rest_controller
from pyfly.context.request_context import RequestContext
from pyfly.web import PathVar, get_mapping, request_mapping
from pyfly.web.adapters.fastapi.app import create_app
from pyfly.web.errors import RouteDefinitionError


class Item(BaseModel):
    name: str
    secret: str = "hidden"


class PublicItem(BaseModel):
    name: str


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[str]) -> str:
        return f"controller {item_id}"

    @get_mapping("/fixed/by-controller")
    async def fixed(self) -> str:
        return "controller"


JOURNAL: list[str] = []


async def session() -> AsyncIterator[str]:
    JOURNAL.append("opened")
    try:
        yield "session"
    except LookupError:
        JOURNAL.append("saw the error")
        raise
    finally:
        JOURNAL.append("closed")


def user(x_user: Annotated[str, Header()] = "nobody") -> str:
    return x_user


def add_natives(app: FastAPI) -> None:
    @app.get("/native/me")
    async def me(name: Annotated[str, Depends(user)]) -> str:
        return name

    @app.get("/native/session")
    async def with_session(opened: Annotated[str, Depends(session)]) -> str:
        JOURNAL.append("used")
        return opened

    @app.get("/native/failing-session")
    async def failing(opened: Annotated[str, Depends(session)]) -> str:
        raise LookupError("lost")

    @app.post("/native/items", response_model=PublicItem, status_code=201)
    async def create(item: Item) -> Item:
        return item

    @app.post("/native/upload")
    async def upload(document: Annotated[UploadFile, File()]) -> list[Any]:
        return [document.filename, (await document.read()).decode()]

    @app.post("/native/later")
    def later(tasks: BackgroundTasks) -> str:
        tasks.add_task(JOURNAL.append, "in the background")
        return "soon"

    @app.get("/native/context")
    async def context() -> str:
        current = RequestContext.current()
        assert current is not None
        return current.request_id

    @app.get("/native/url")
    async def url(request: Request) -> list[str]:
        return [str(request.url_for("me")), str(request.url_for("ItemController.find", item_id="7"))]

    @app.get("/items/fixed/native", response_class=PlainTextResponse)
    async def fixed() -> str:
        return "native"

    @app.get("/items/{kind}/native/{number}", response_class=PlainTextResponse)
    async def variable(kind: str, number: int) -> str:
        return f"native {kind} {number}"

    @app.get("/items/first", response_class=PlainTextResponse)
    async def first() -> str:
        return "native first"

    @app.websocket("/native/socket")
    async def socket(websocket: WebSocket, name: Annotated[str, Depends(user)]) -> None:
        await websocket.accept()
        await websocket.send_text(f"{name} {await websocket.receive_text()}")
        await websocket.close()


router = APIRouter(prefix="/shop", tags=["shop"])


@router.get("/open")
async def opened(name: Annotated[str, Depends(user)]) -> str:
    return f"open for {name}"


@router.get("/{anything}", response_class=PlainTextResponse)
async def anything(anything: str) -> str:
    return f"native {anything}"


@rest_controller
@request_mapping("/shop")
class ShopController:
    @get_mapping("/{name}/sales")
    async def sales(self, name: PathVar[str]) -> str:
        return f"sales of {name}"

    @get_mapping("/closed")
    async def closed(self) -> str:
        return "controller closed"


@pytest.fixture
def client(serve: Any) -> Any:
    JOURNAL.clear()
    with serve(ItemController, prepare=add_natives) as client:
        yield client


def test_dependency_is_resolved(client: TestClient) -> None:
    assert client.get("/native/me", headers={"x-user": "ada"}).json() == "ada"


def test_dependency_is_overridden(serve: Any) -> None:
    def prepare(app: FastAPI) -> None:
        add_natives(app)
        app.dependency_overrides[user] = lambda: "override"

    with serve(prepare=prepare) as client:
        assert client.get("/native/me").json() == "override"


def test_dependency_with_yield_is_closed_after_its_use(client: TestClient) -> None:
    assert client.get("/native/session").json() == "session"
    assert JOURNAL == ["opened", "used", "closed"]


def test_dependency_with_yield_sees_the_error(client: TestClient) -> None:
    response = client.get("/native/failing-session")

    assert (response.status_code, response.json()["code"]) == (500, "INTERNAL_ERROR")
    assert JOURNAL == ["opened", "saw the error", "closed"]


def test_response_model_filters_the_answer(client: TestClient) -> None:
    response = client.post("/native/items", json={"name": "tea"})

    assert (response.status_code, response.json()) == (201, {"name": "tea"})


def test_uploaded_file_is_read(client: TestClient) -> None:
    response = client.post("/native/upload", files={"document": ("a.txt", b"hello")})

    assert response.json() == ["a.txt", "hello"]


def test_background_task_runs(client: TestClient) -> None:
    assert client.post("/native/later").json() == "soon"
    assert JOURNAL == ["in the background"]


def test_native_route_has_the_request_context(client: TestClient) -> None:
    response = client.get("/native/context", headers={"x-request-id": "r-1"})

    assert (response.json(), response.headers["x-request-id"]) == ("r-1", "r-1")


def test_native_route_carries_the_headers_of_the_filters(client: TestClient) -> None:
    response = client.get("/native/me")

    assert response.headers["x-frame-options"] == "DENY"
    assert {"x-request-id", "x-correlation-id", "x-transaction-id"} <= set(response.headers)


def test_urls_of_native_routes_and_controllers_are_found(client: TestClient) -> None:
    assert client.get("/native/url").json() == ["http://testserver/native/me", "http://testserver/items/7"]


def test_websocket_with_a_dependency_works(client: TestClient) -> None:
    with client.websocket_connect("/native/socket", headers={"x-user": "ada"}) as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "ada hello"


def test_path_of_a_websocket_is_none_for_other_requests(client: TestClient) -> None:
    assert client.get("/native/socket").status_code == 404


def test_websocket_of_an_included_router_works(serve: Any) -> None:
    sockets = APIRouter(prefix="/sockets")

    @sockets.websocket("/echo")
    async def echo(websocket: WebSocket, name: Annotated[str, Depends(user)]) -> None:
        await websocket.accept()
        await websocket.send_text(name)
        await websocket.close()

    with serve(ItemController, prepare=lambda app: app.include_router(sockets)) as client:
        with client.websocket_connect("/sockets/echo") as socket:
            assert socket.receive_text() == "nobody"

        assert client.get("/sockets/echo").status_code == 404


def test_literal_native_route_goes_before_a_variable_of_a_controller(client: TestClient) -> None:
    assert client.get("/items/first").text == "native first"
    assert client.get("/items/second").json() == "controller second"


def test_native_route_beside_a_controller_is_served(client: TestClient) -> None:
    assert client.get("/items/fixed/native").text == "native"
    assert client.get("/items/fixed/by-controller").json() == "controller"
    assert client.get("/items/red/native/7").text == "native red 7"


def test_included_router_is_served(serve: Any) -> None:
    with serve(ShopController, prepare=lambda app: app.include_router(router)) as client:
        assert client.get("/shop/open", headers={"x-user": "ada"}).json() == "open for ada"
        assert client.get("/shop/other").text == "native other"


def test_most_specific_route_wins_over_an_included_router(serve: Any) -> None:
    with serve(ShopController, prepare=lambda app: app.include_router(router)) as client:
        assert client.get("/shop/closed").json() == "controller closed"
        assert client.get("/shop/x/sales").json() == "sales of x"


def test_router_of_a_router_is_served(serve: Any) -> None:
    outer = APIRouter(prefix="/v1", dependencies=[Depends(user)])
    outer.include_router(router)

    with serve(ShopController, prepare=lambda app: app.include_router(outer, prefix="/api")) as client:
        assert client.get("/api/v1/shop/open").json() == "open for nobody"


def test_native_route_in_the_way_of_a_controller_stops_the_start(new_context: Any, lifespan_for: Any) -> None:
    context = new_context(ItemController)
    app = create_app(context=context, lifespan=lifespan_for(context))

    @app.get("/items/{name}")
    async def find(name: str) -> str:
        return name

    with pytest.raises(RouteDefinitionError, match="by the route 'find'"), TestClient(app):
        pytest.fail("the application has started")


async def test_native_route_added_to_a_started_application_is_served(new_context: Any) -> None:
    context = new_context(ItemController)
    await context.start()
    app = create_app(context=context)
    add_natives(app)
    client = TestClient(app)

    assert client.get("/native/me").json() == "nobody"
    assert client.get("/items/first").text == "native first"
    assert client.get("/items/second").json() == "controller second"
    await context.stop()


def test_method_that_no_native_route_has_is_refused(client: TestClient) -> None:
    response = client.delete("/native/items")

    assert response.status_code == 405
    assert response.json()["code"] == "METHOD_NOT_ALLOWED"
    assert response.headers["allow"] == "OPTIONS, POST"


def test_options_of_a_native_route_names_its_methods(client: TestClient) -> None:
    response = client.options("/native/items")

    assert (response.status_code, response.headers["allow"]) == (200, "OPTIONS, POST")


def test_native_route_answers_head_only_if_it_says_so(client: TestClient) -> None:
    assert client.head("/native/me").status_code == 405


def test_slash_too_many_redirects_to_a_native_route(client: TestClient) -> None:
    response = client.get("/native/me/", follow_redirects=False)

    assert response.status_code == 307
    assert response.headers["location"] == "http://testserver/native/me"


def test_mounted_application_keeps_its_own_handlers(serve: Any) -> None:
    inner = FastAPI()

    @inner.get("/number")
    async def number(value: Annotated[int, Query()]) -> int:
        return value

    with serve(ItemController, prepare=lambda app: app.mount("/inner", inner)) as client:
        assert client.get("/inner/number?value=7").json() == 7
        assert client.get("/inner/number?value=x").json()["detail"][0]["loc"] == ["query", "value"]
        assert client.get("/inner/nothing").json() == {"detail": "Not Found"}


def test_middleware_of_the_application_runs(serve: Any) -> None:
    def prepare(app: FastAPI) -> None:
        add_natives(app)

        @app.middleware("http")
        async def stamp(request: Request, call_next: Callable[[Request], Any]) -> Any:
            response = await call_next(request)
            response.headers["x-stamp"] = "1"
            return response

    with serve(ItemController, prepare=prepare) as client:
        assert client.get("/native/me").headers["x-stamp"] == "1"
        assert client.get("/items/7").headers["x-stamp"] == "1"


def test_body_of_a_native_route_is_limited(serve: Any) -> None:
    config = {"pyfly": {"web": {"max-body-size": "1KB"}}}

    with serve(prepare=add_natives, config=config) as client:
        response = client.post("/native/items", json={"name": "x" * 2000})

    assert (response.status_code, response.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_application_without_context_serves_native_routes() -> None:
    app = create_app()
    add_natives(app)

    assert TestClient(app).get("/native/me").json() == "nobody"
