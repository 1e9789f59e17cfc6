# SPDX-License-Identifier: Apache-2.0
from typing import Any
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from pyfly.web import PathVar, delete_mapping, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.errors import RouteDefinitionError


@rest_controller
@request_mapping("/items")
class Items:
    @get_mapping("/{item_id}")
    async def zulu(self, item_id: PathVar[str]) -> str:
        return f"item {item_id}"

    @get_mapping("/search")
    async def alpha(self) -> str:
        return "search"

    @post_mapping("/search")
    async def search(self) -> str:
        return "posted search"

    @delete_mapping("/{item_id:int}", status_code=202)
    async def delete(self, item_id: PathVar[int]) -> int:
        return item_id

    @get_mapping("/files/{rest:path}")
    async def files(self, rest: PathVar[str]) -> str:
        return rest


@rest_controller
class RequestEcho:
    @get_mapping("/echo/{key}/{number:int}/{ident:uuid}")
    async def echo(self, request: Request) -> dict[str, str]:
        return {name: f"{type(value).__name__} {value}" for name, value in request.path_params.items()}


async def health(request: Request) -> PlainTextResponse:
    return PlainTextResponse("healthy")


async def item_count(request: Request) -> PlainTextResponse:
    return PlainTextResponse("7")


@pytest.mark.parametrize(
    ("method", "path", "status", "answer"),
    [
        ("GET", "/items/7", 200, "item 7"),
        ("GET", "/items/search", 200, "search"),
        ("POST", "/items/search", 200, "posted search"),
        ("DELETE", "/items/7", 202, 7),
        ("GET", "/items/files/a/b.txt", 200, "a/b.txt"),
        ("GET", "/items/a%20b", 200, "item a b"),
    ],
)
def test_request_reaches_its_handler(serve: Any, method: str, path: str, status: int, answer: object) -> None:
    with serve(Items) as client:
        response = client.request(method, path)

    assert (response.status_code, response.json()) == (status, answer)


def test_unknown_path_is_a_problem(serve: Any) -> None:
    with serve(Items) as client:
        response = client.get("/nothing")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "NOT_FOUND"
    assert response.json()["instance"] == "/nothing"


def test_wrong_method_names_the_allowed_ones(serve: Any) -> None:
    with serve(Items) as client:
        response = client.put("/items/7")

    assert response.status_code == 405
    assert response.headers["allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert response.json()["code"] == "METHOD_NOT_ALLOWED"


def test_options_names_the_allowed_methods(serve: Any) -> None:
    with serve(Items) as client:
        response = client.options("/items/search")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_head_answers_as_get_without_the_body(serve: Any) -> None:
    with serve(Items) as client:
        full, head = client.get("/items/7"), client.head("/items/7")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]
    assert head.headers["content-type"] == "application/json"


def test_slash_too_many_redirects(serve: Any) -> None:
    with serve(Items) as client:
        response = client.get("/items/search/", follow_redirects=False)

    assert response.status_code == 307
    assert response.headers["location"] == "http://testserver/items/search"


def test_path_params_of_the_request_are_converted(serve: Any) -> None:
    ident = UUID(int=7)
    with serve(RequestEcho) as client:
        response = client.get(f"/echo/a/5/{ident}")

    assert response.json() == {"key": "str a", "number": "int 5", "ident": f"UUID {ident}"}


def test_extra_route_is_served_beside_controllers(serve: Any) -> None:
    with serve(Items, extra_routes=[Route("/health", health)]) as client:
        assert client.get("/health").text == "healthy"
        assert client.get("/items/7").json() == "item 7"


def test_specific_extra_route_wins_over_a_variable(serve: Any) -> None:
    with serve(Items, extra_routes=[Route("/items/count", item_count)]) as client:
        assert client.get("/items/count").text == "7"
        assert client.get("/items/8").json() == "item 8"


def test_variables_of_an_extra_route_reach_it(serve: Any) -> None:
    async def show(request: Request) -> PlainTextResponse:
        return PlainTextResponse(repr(request.path_params))

    with serve(Items, extra_routes=[Route("/shown/{number:int}", show)]) as client:
        assert client.get("/shown/7").text == "{'number': 7}"


def test_line_break_is_no_part_of_a_number(serve: Any) -> None:
    with serve(Items) as client:
        assert client.delete("/items/7%0A").status_code == 405


def test_extra_route_with_another_method_is_counted(serve: Any) -> None:
    with serve(Items, extra_routes=[Route("/items/{item_id}", health, methods=["PUT"])]) as client:
        assert client.put("/items/7").text == "healthy"
        assert client.patch("/items/7").headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


def test_mounted_application_is_reached_below_controllers(serve: Any) -> None:
    inner = Starlette(routes=[Route("/health", health)])
    with serve(Items, extra_routes=[Mount("/internal", app=inner)]) as client:
        assert client.get("/internal/health").text == "healthy"


def test_route_added_after_creation_is_served(new_context: Any) -> None:
    app = create_app(context=new_context(Items))
    app.router.routes.append(Route("/late", health))

    assert TestClient(app).get("/late").text == "healthy"


async def test_application_works_below_a_mount(new_context: Any) -> None:
    context = new_context(Items, RequestEcho)
    await context.start()
    outer = Starlette(routes=[Mount("/shops/{shop}", app=create_app(context=context))])
    client = TestClient(outer)

    assert client.get("/shops/a/items/search").json() == "search"
    echoed = client.get(f"/shops/a/echo/b/5/{UUID(int=7)}").json()
    assert (echoed["shop"], echoed["key"]) == ("str a", "str b")
    assert client.get("/shops/a/nothing").status_code == 404
    await context.stop()


def test_controller_routes_are_shown_by_the_application(new_context: Any) -> None:
    app = create_app(context=new_context(Items), extra_routes=[Route("/health", health)])

    shown = [(route.path, sorted(route.methods or ())) for route in app.routes if isinstance(route, Route)]

    assert ("/items/{item_id}", ["GET", "HEAD"]) in shown
    assert ("/items/{item_id:int}", ["DELETE"]) in shown
    assert ("/health", ["GET", "HEAD"]) in shown
    assert [path for path, _ in shown[-4:]] == ["/openapi.json", "/docs", "/redoc", "/docs/assets/{file}"]


def test_two_handlers_of_one_request_stop_the_start(new_context: Any) -> None:
    @rest_controller
    class Others:
        @get_mapping("/items/{name}")
        async def get(self) -> None: ...

    with pytest.raises(RouteDefinitionError) as caught:
        create_app(context=new_context(Items, Others))

    assert str(caught.value) == (
        "Others.get(): GET /items/{name} is served by Items.zulu and by Others.get. "
        "Change the path or the HTTP method of one of them."
    )


def test_extra_route_in_the_way_of_a_controller_stops_the_start(new_context: Any) -> None:
    with pytest.raises(RouteDefinitionError, match="by the route 'health'"):
        create_app(context=new_context(Items), extra_routes=[Route("/items/search", health)])


def test_application_without_context_serves_extra_routes() -> None:
    client = TestClient(create_app(extra_routes=[Route("/health", health)]))

    assert client.get("/health").text == "healthy"
    assert client.get("/nothing").json()["code"] == "NOT_FOUND"
