# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from fastapi.security import APIKeyHeader
from fastapi.testclient import TestClient
from pydantic import BaseModel
from starlette.requests import Request

from pyfly.container.stereotypes import component, rest_controller
from pyfly.web import PathVar, Valid, get_mapping, post_mapping, request_mapping
from pyfly.web.adapters.fastapi.app import create_app
from pyfly.web.openapi import OpenApiCustomizer


class Order(BaseModel):
    item: str


class Shared(BaseModel):
    name: str


def other_order() -> type[BaseModel]:
    class Order(BaseModel):
        number: int

    return Order


NativeOrder = other_order()


@rest_controller
@request_mapping("/orders")
class OrderController:
    @get_mapping("/{order_id}")
    async def find(self, order_id: PathVar[int]) -> Order:
        return Order(item="tea")

    @post_mapping()
    async def place(self, order: Valid[Order]) -> Shared:
        return Shared(name="x")


@component
class Stamp(OpenApiCustomizer):
    def customize(self, document: dict[str, Any]) -> None:
        document["x-paths"] = len(document["paths"])


key = APIKeyHeader(name="x-key", scheme_name="Key")
router = APIRouter(prefix="/shop", tags=["shop"])


@router.get("/open")
async def opened(page: Annotated[int, Query(ge=1)] = 1) -> Shared:
    """Tell whether the shop is open."""
    return Shared(name="x")


def add_natives(app: FastAPI) -> None:
    app.include_router(router)

    @app.post("/native/orders", operation_id="find")
    async def native_order(order: NativeOrder) -> NativeOrder:  # type: ignore[valid-type]  # made by a function
        return order

    @app.delete("/orders/{number}")
    async def cancel(number: int, secret: Annotated[str, Depends(key)]) -> None: ...

    @app.get("/hidden", include_in_schema=False)
    async def hidden() -> None: ...


@pytest.fixture
def document(serve: Any) -> Any:
    with serve(OrderController, Stamp, prepare=add_natives, title="Shop", version="2.0") as client:
        return client.get("/openapi.json").json()


def test_both_kinds_of_routes_are_described(document: Any) -> None:
    assert {path: sorted(item) for path, item in document["paths"].items()} == {
        "/orders/{order_id}": ["delete", "get"],
        "/orders": ["post"],
        "/shop/open": ["get"],
        "/native/orders": ["post"],
    }


def test_facts_are_those_of_the_application(document: Any) -> None:
    assert (document["info"]["title"], document["info"]["version"]) == ("Shop", "2.0")
    assert document["openapi"] == "3.1.0"


def test_native_route_keeps_its_texts_and_tags(document: Any) -> None:
    operation = document["paths"]["/shop/open"]["get"]

    assert (operation["tags"], operation["description"]) == (["shop"], "Tell whether the shop is open.")
    assert operation["parameters"][0]["schema"]["minimum"] == 1


def test_model_that_is_the_same_is_there_once(document: Any) -> None:
    place = document["paths"]["/orders"]["post"]["responses"]["200"]
    open_ = document["paths"]["/shop/open"]["get"]["responses"]["200"]

    assert place["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Shared"}
    assert open_["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Shared"}
    assert "Native_Shared" not in document["components"]["schemas"]


def test_other_model_of_the_same_name_gets_another_one(document: Any) -> None:
    body = document["paths"]["/native/orders"]["post"]["requestBody"]["content"]["application/json"]
    schemas = document["components"]["schemas"]

    assert body["schema"] == {"$ref": "#/components/schemas/Native_Order"}
    assert list(schemas["Order"]["properties"]) == ["item"]
    assert list(schemas["Native_Order"]["properties"]) == ["number"]


def test_ids_of_operations_are_unique(document: Any) -> None:
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]

    assert len(ids) == len(set(ids))
    assert {"find", "native_find"} <= set(ids)


def test_variable_of_one_path_has_one_name(document: Any) -> None:
    (parameter,) = document["paths"]["/orders/{order_id}"]["delete"]["parameters"]

    assert (parameter["name"], parameter["in"]) == ("order_id", "path")


def test_security_scheme_is_described(document: Any) -> None:
    assert document["components"]["securitySchemes"]["Key"]["name"] == "x-key"
    assert document["paths"]["/orders/{order_id}"]["delete"]["security"] == [{"Key": []}]


def test_faults_of_native_routes_are_described_as_they_are_answered(document: Any) -> None:
    response = document["paths"]["/shop/open"]["get"]["responses"]["422"]

    assert list(response["content"]) == ["application/problem+json"]
    assert "errors" in document["components"]["schemas"]["HTTPValidationError"]["properties"]
    assert "Native_HTTPValidationError" not in document["components"]["schemas"]


def test_customizer_sees_both_kinds_of_routes(document: Any) -> None:
    assert document["x-paths"] == 4


def test_faults_are_fastapis_if_the_application_answers_for_them(serve: Any) -> None:
    def prepare(app: FastAPI) -> None:
        app.include_router(router)

        @app.exception_handler(RequestValidationError)
        async def invalid(request: Request, exc: RequestValidationError) -> PlainTextResponse:
            return PlainTextResponse("no", 400)

    with serve(prepare=prepare) as client:
        document = client.get("/openapi.json").json()

    assert list(document["paths"]["/shop/open"]["get"]["responses"]["422"]["content"]) == ["application/json"]
    assert "detail" in document["components"]["schemas"]["HTTPValidationError"]["properties"]


def test_document_is_what_the_method_returns(new_context: Any) -> None:
    app = create_app(context=new_context(OrderController))
    add_natives(app)

    assert "/shop/open" in app.openapi()["paths"]
    assert "/orders" in app.openapi()["paths"]
    assert app.openapi() is app.openapi()
    assert TestClient(app).get("/openapi.json").json() == app.openapi()


def test_document_knows_routes_that_were_added_later(new_context: Any) -> None:
    app = create_app(context=new_context(OrderController))
    before = set(app.openapi()["paths"])
    add_natives(app)

    assert set(app.openapi()["paths"]) - before == {"/shop/open", "/native/orders"}


def test_application_may_make_its_own_document(new_context: Any) -> None:
    app = create_app(context=new_context(OrderController))
    app.openapi = lambda: {"openapi": "3.1.0", "own": True}  # type: ignore[method-assign]  # as FastAPI documents it

    assert TestClient(app).get("/openapi.json").json() == {"openapi": "3.1.0", "own": True}


def test_urls_of_the_documentation_are_told() -> None:
    shown, hidden = create_app(), create_app(docs_enabled=False)

    assert (shown.openapi_url, shown.docs_url, shown.redoc_url) == ("/openapi.json", "/docs", "/redoc")
    assert (hidden.openapi_url, hidden.docs_url, hidden.redoc_url) == (None, None, None)


def test_urls_of_the_documentation_have_the_base_path(new_context: Any) -> None:
    context = new_context(OrderController, config={"pyfly": {"web": {"base-path": "/v1"}}})
    app = create_app(context=context)

    assert (app.openapi_url, app.docs_url, app.redoc_url) == ("/v1/openapi.json", "/v1/docs", "/v1/redoc")
    assert TestClient(app).get("/v1/docs").status_code == 200
