# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import configuration, service
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import PathVar, QueryParam, Valid, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.docs import (
    asset_route,
    make_openapi_endpoint,
    make_redoc_endpoint,
    make_swagger_ui_endpoint,
)
from pyfly.web.openapi import OpenApiCustomizer, RouteMetadata


class NewItem(BaseModel):
    name: str = Field(min_length=1)


class Item(NewItem):
    id: int


@rest_controller
@request_mapping("/items")
class ItemController:
    @post_mapping(status_code=201)
    async def create(self, new: Valid[NewItem]) -> Item:
        return Item(id=1, name=new.name)

    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int], full: QueryParam[bool] = False) -> Item:
        raise ResourceNotFoundException(
            f"There is no item {item_id}", code="NO_ITEM", context={"id": item_id}
        )

    @get_mapping("/{item_id}/label")
    async def label(self, item_id: PathVar[int]) -> Response:
        return PlainTextResponse(str(item_id))


def application(*beans: type, settings: dict[str, Any] | None = None, **options: Any) -> Starlette:
    context = ApplicationContext(Config({"pyfly": {"web": settings or {}}}))
    for each in beans or (ItemController,):
        context.register_bean(each)

    return create_app("The <shop>", "1.2", context=context, **options)


@pytest.fixture
def client() -> TestClient:
    return TestClient(application())


def paths(client: TestClient, root: str = "") -> list[str]:
    return list(client.get(f"{root}/openapi.json").json()["paths"])


def test_document_describes_what_is_served(client: TestClient) -> None:
    answer = client.get("/openapi.json")

    document = answer.json()
    validate(document)
    assert answer.headers["content-type"] == "application/json"
    assert document["info"] == {"title": "The <shop>", "version": "1.2"}
    assert list(document["paths"]) == ["/items", "/items/{item_id}", "/items/{item_id}/label"]
    assert document["paths"]["/items/{item_id}/label"]["get"]["responses"]["200"] == {
        "description": "Successful response"
    }


def test_document_is_asked_for_again_only_when_it_has_changed(client: TestClient) -> None:
    first = client.get("/openapi.json")
    second = client.get("/openapi.json", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc", "/docs/assets/page.css"])
def test_documentation_answers_head(client: TestClient, path: str) -> None:
    answer = client.head(path)

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_pages_are_html_with_a_policy_of_their_own(path: str) -> None:
    strict = {"security-headers": {"content-security-policy": "default-src 'none'"}}
    client = TestClient(application(settings=strict))

    answer = client.get(path)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>The &lt;shop&gt; - " in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert client.get("/items").headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.parametrize("options", [{"docs_enabled": False}, {"settings": {"docs": {"enabled": "off"}}}])
@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc", "/docs/assets/page.css"])
def test_documentation_can_be_switched_off(options: dict[str, Any], path: str) -> None:
    app = application(**options)

    assert TestClient(app).get(path).status_code == 404
    assert app.state.pyfly_docs_enabled is False


def test_documentation_is_below_the_base_path() -> None:
    client = TestClient(application(settings={"base-path": "/api/v1"}))

    assert paths(client, "/api/v1")[0] == "/api/v1/items"
    assert client.get("/api/v1/openapi.json").json()["servers"][0]["url"] == "../.."
    assert 'data-url="openapi.json"' in client.get("/api/v1/docs").text
    assert client.get("/api/v1/redoc").status_code == 200
    assert client.get("/api/v1/docs/assets/page.css").status_code == 200
    assert client.get("/openapi.json").status_code == 404


def test_pages_work_where_the_application_is_mounted() -> None:
    client = TestClient(Starlette(routes=[Mount("/shop", application())]))

    assert 'data-url="openapi.json"' in client.get("/shop/docs").text
    assert 'src="docs/assets/redoc-init.js?' in client.get("/shop/redoc").text
    assert paths(client, "/shop")[0] == "/items"


def test_pages_work_behind_a_proxy_that_keeps_a_prefix() -> None:
    client = TestClient(application(), root_path="/proxy")

    assert 'data-url="openapi.json"' in client.get("/proxy/docs").text
    assert 'data-url="openapi.json"' in client.get("/docs").text


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
        ("oauth2-redirect.html", "text/html; charset=utf-8"),
    ],
)
def test_files_have_their_media_types(client: TestClient, name: str, media_type: str) -> None:
    answer = client.get(f"/docs/assets/{name}")

    assert answer.headers["content-type"] == media_type
    assert len(answer.content) == int(answer.headers["content-length"])


def test_files_are_kept_by_clients(client: TestClient) -> None:
    checked = client.get("/docs/assets/page.css")
    kept = client.get("/docs/assets/page.css", params={"v": checked.headers["etag"].strip('"')})
    same = client.get("/docs/assets/page.css", headers={"if-none-match": checked.headers["etag"]})

    assert checked.headers["cache-control"] == "no-cache"
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert same.status_code == 304


@pytest.mark.parametrize(
    "name",
    ["", "nothing.js", "README.md", "../assets.py", "..%2fassets.py", "%2e%2e/assets.py", "page.css/x"],
)
def test_nothing_else_can_be_read(client: TestClient, name: str) -> None:
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_route_of_the_application_takes_the_place_of_a_page() -> None:
    own = Route("/docs", lambda request: PlainTextResponse("ours"))

    assert TestClient(application(extra_routes=[own])).get("/docs").text == "ours"


class Late(BaseModel):
    text: str


@rest_controller
class LateController:
    @get_mapping("/late")
    async def late(self) -> Late:
        return Late(text="better")


@configuration
class Later:
    @bean
    def late_controller(self) -> LateController:
        return LateController()


def test_routes_that_appear_with_the_start_are_described(serve: Callable[..., Any]) -> None:
    with serve(ItemController, Later) as client:
        assert "/late" in paths(client)


def test_document_is_built_again_when_routes_have_changed() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(ItemController)
    app = create_app(context=context)
    client = TestClient(app)
    before = client.get("/openapi.json")

    context.register_bean(LateController)
    app.state.pyfly_install_dynamic_wiring()

    after = client.get("/openapi.json")
    assert "/late" not in before.json()["paths"]
    assert "/late" in after.json()["paths"]
    assert before.headers["etag"] != after.headers["etag"]
    assert len([route for route in app.routes if getattr(route, "path", "") == "/docs"]) == 1


@service
class Licence(OpenApiCustomizer):
    def customize(self, document: dict[str, Any]) -> None:
        document["info"]["license"] = {"name": "ours"}
        document["servers"].append({"url": "https://api.example/v1"})


def test_customizers_change_what_is_served(serve: Callable[..., Any]) -> None:
    with serve(ItemController, Licence) as client:
        document = client.get("/openapi.json").json()
        policy = client.get("/docs").headers["content-security-policy"]

    validate(document)
    assert document["info"]["license"] == {"name": "ours"}
    assert "connect-src 'self' https://api.example" in policy


def test_application_tells_what_it_serves() -> None:
    routes: list[RouteMetadata] = application().state.pyfly_route_metadata

    assert [(route.http_method, route.path, route.handler_name) for route in routes] == [
        ("POST", "/items", "create"),
        ("GET", "/items/{item_id}", "find"),
        ("GET", "/items/{item_id}/label", "label"),
    ]


def send_nothing(client: TestClient) -> Any:
    return client.post("/items")


def send_no_json(client: TestClient) -> Any:
    return client.post("/items", content=b"{", headers={"content-type": "application/json"})


def send_an_empty_name(client: TestClient) -> Any:
    return client.post("/items", json={"name": ""})


def send_a_name(client: TestClient) -> Any:
    return client.post("/items", json={"name": "tea"})


def send_xml_of_another_world(client: TestClient) -> Any:
    return client.post("/items", content=b"x", headers={"content-type": "text/x-unknown"})


def ask_with_a_word(client: TestClient) -> Any:
    return client.get("/items/tea")


def ask_for_what_is_not_there(client: TestClient) -> Any:
    return client.get("/items/1")


@pytest.mark.parametrize("problem_details", [True, False])
@pytest.mark.parametrize(
    ("ask", "path", "method", "status"),
    [
        (send_a_name, "/items", "post", 201),
        (send_nothing, "/items", "post", 400),
        (send_no_json, "/items", "post", 400),
        (send_an_empty_name, "/items", "post", 422),
        (send_xml_of_another_world, "/items", "post", 415),
        (ask_with_a_word, "/items/{item_id}", "get", 400),
        (ask_for_what_is_not_there, "/items/{item_id}", "get", 404),
    ],
)
def test_answers_are_as_documented(
    problem_details: bool, ask: Callable[[TestClient], Any], path: str, method: str, status: int
) -> None:
    client = TestClient(application(settings={"problem-details": {"enabled": problem_details}}))
    document = client.get("/openapi.json").json()
    validate(document)

    answer = ask(client)

    assert answer.status_code == status
    responses = document["paths"][path][method]["responses"]
    documented = responses.get(str(status), responses["default"])
    if "$ref" in documented:
        documented = document["components"]["responses"][documented["$ref"].rpartition("/")[2]]

    schema = documented["content"][answer.headers["content-type"]]["schema"]
    Draft202012Validator({**document, **schema}).validate(answer.json())


def test_finished_document_has_an_endpoint() -> None:
    client = TestClient(Starlette(routes=[Route("/spec", make_openapi_endpoint({"openapi": "3.1.0"}))]))

    answer = client.get("/spec")

    assert answer.json() == {"openapi": "3.1.0"}
    assert answer.headers["content-type"] == "application/json"


def test_pages_can_be_put_into_any_application() -> None:
    routes = [
        Route("/help/swagger", make_swagger_ui_endpoint("Mine", "/spec.json", "/help/files")),
        Route("/help/redoc", make_redoc_endpoint("Mine", "/spec.json", "/help/files")),
        asset_route("/help/files"),
    ]
    client = TestClient(Starlette(routes=routes))

    swagger, redoc = client.get("/help/swagger").text, client.get("/help/redoc").text

    assert 'data-url="../spec.json"' in swagger
    assert 'src="files/swagger-ui-init.js?' in swagger
    assert 'data-url="../spec.json"' in redoc
    assert "Mine - ReDoc" in redoc
    assert client.get("/help/files/redoc-init.js").status_code == 200


def test_pages_look_for_the_document_at_its_usual_place() -> None:
    app = Starlette(routes=[Route("/docs", make_swagger_ui_endpoint("Mine"))])

    assert 'data-url="openapi.json"' in TestClient(app).get("/docs").text
