# SPDX-License-Identifier: Apache-2.0
import time
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel, create_model

from pyfly.web import (
    Body,
    PathVar,
    QueryParam,
    Valid,
    delete_mapping,
    deprecated,
    get_mapping,
    post_mapping,
    request_mapping,
)
from pyfly.web.openapi import OpenAPIGenerator, RouteMetadata

Document = Callable[..., dict[str, Any]]


class Item(BaseModel):
    name: str


@request_mapping("/items")
class ItemController:
    """What is on the shelves.

    And what is not.
    """

    @get_mapping("/{item_id:int}")
    async def find(self, item_id: PathVar[int]) -> Item:
        """Find an item.

        It may be sold out,
        but it is found.
        """
        return Item(name=str(item_id))

    @deprecated
    @delete_mapping("/{item_id:int}")
    async def remove(self, item_id: PathVar[int]) -> None: ...


class Stock:
    @post_mapping("/stock")
    async def fill(self, items: Valid[list[Item]]) -> None:
        """Fill the shelves."""


def test_document_without_routes_has_only_the_mandatory_parts() -> None:
    assert OpenAPIGenerator("Shop", "1").generate() == {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {},
    }


def test_description_of_the_application_is_shown_if_there_is_one(document: Document) -> None:
    assert document(description="Sells tea.")["info"]["description"] == "Sells tea."


def test_operation_takes_its_texts_from_the_docstring(document: Document) -> None:
    found = document(ItemController)["paths"]["/items/{item_id}"]["get"]

    assert found["operationId"] == "find"
    assert found["tags"] == ["Item"]
    assert found["summary"] == "Find an item."
    assert found["description"] == "It may be sold out,\nbut it is found."
    assert "deprecated" not in found


def test_operation_without_docstring_has_no_texts(document: Document) -> None:
    removed = document(ItemController)["paths"]["/items/{item_id}"]["delete"]

    assert "summary" not in removed
    assert "description" not in removed


def test_deprecated_operation_is_shown_as_such(document: Document) -> None:
    assert document(ItemController)["paths"]["/items/{item_id}"]["delete"]["deprecated"] is True


def test_tags_come_in_the_order_of_discovery(document: Document) -> None:
    assert document(Stock, ItemController)["tags"] == [
        {"name": "Stock"},
        {"name": "Item", "description": "What is on the shelves."},
    ]


def test_kinds_of_path_variables_are_not_part_of_the_path(document: Document) -> None:
    assert list(document(ItemController)["paths"]) == ["/items/{item_id}"]


def test_hand_made_route_is_shown_as_it_is(document: Document) -> None:
    route = RouteMetadata(
        path="/legacy/{key}",
        http_method="GET",
        status_code=200,
        handler=print,
        handler_name="legacy",
        parameters=[{"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}],
        tag="Legacy",
        summary="Old.",
    )

    generated = document(route)

    assert generated["paths"] == {
        "/legacy/{key}": {
            "get": {
                "operationId": "legacy",
                "tags": ["Legacy"],
                "summary": "Old.",
                "parameters": [{"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "Successful response"}},
            }
        }
    }
    assert "components" not in generated


def test_hand_made_route_with_a_body_model_documents_its_validation(document: Document) -> None:
    route = RouteMetadata("/items", "POST", 201, print, "create", request_body_model=Item, return_type=Item)

    generated = document(route)

    operation = generated["paths"]["/items"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Item"
    }
    assert list(operation["responses"]) == ["201", "422"]
    assert list(generated["components"]["schemas"]) == ["HTTPValidationError", "Item", "ValidationError"]


def test_generating_changes_neither_routes_nor_earlier_documents(document: Document) -> None:
    first = document(ItemController, Stock)
    first["paths"]["/stock"]["post"]["responses"].clear()

    assert document(ItemController, Stock)["paths"]["/stock"]["post"]["responses"]


def test_security_schemes_and_requirements_are_shown(document: Document) -> None:
    generated = document(
        ItemController,
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        security=[{"token": ["read"]}],
    )

    assert generated["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert generated["security"] == [{"token": ["read"]}]


def test_servers_are_shown(document: Document) -> None:
    assert document(servers=[{"url": "https://shop.example"}])["servers"] == [{"url": "https://shop.example"}]


def test_paths_that_openapi_cannot_tell_apart_become_one(document: Document) -> None:
    class Things:
        @get_mapping("/things/{thing_id:int}")
        async def find(self, thing_id: PathVar[int]) -> None: ...

        @delete_mapping("/things/{name}")
        async def remove(self, name: PathVar[str]) -> None: ...

    generated = document(Things)

    assert list(generated["paths"]) == ["/things/{thing_id}"]
    assert generated["paths"]["/things/{thing_id}"]["delete"]["parameters"] == [
        {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}
    ]


def test_operation_that_openapi_cannot_show_is_logged(
    document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    class Things:
        @get_mapping("/things/{thing_id:int}")
        async def find(self, thing_id: PathVar[int]) -> None: ...

        @get_mapping("/things/{name}")
        async def find_by_name(self, name: PathVar[str]) -> None: ...

    generated = document(Things)

    assert generated["paths"]["/things/{thing_id}"]["get"]["operationId"] == "find"
    assert [record.getMessage() for record in caplog.records] == [
        "GET /things/{name} is not in the OpenAPI document: it cannot be told from another path there"
    ]


def test_a_thousand_routes_take_little_time() -> None:
    class Line(BaseModel):
        sku: str

    routes = []
    for number in range(1000):
        taken = create_model(f"In{number}", name=(str, ...), lines=(list[Line], ...))
        given = create_model(f"Out{number}", __base__=taken, id=(int, ...))
        name = f"create{number}"
        routes.append(
            RouteMetadata(
                f"/r{number}", "POST", 200, print, name, request_body_model=taken, return_type=list[given]
            )
        )

    started = time.process_time()
    generated = OpenAPIGenerator("Shop", "1").generate(routes)
    spent = time.process_time() - started

    assert len(generated["components"]["schemas"]) == 2003
    # It takes about a second; what grows with the square of the number of routes takes far longer than this.
    assert spent < 10


def test_many_kinds_of_types_make_a_valid_document(document: Document) -> None:
    class Everything:
        @post_mapping("/everything/{key}")
        async def all(
            self,
            key: PathVar[str],
            body: Body[dict[str, Item | list[int]]],
            limit: QueryParam[int | None] = None,
        ) -> dict[str, tuple[int, Item] | None]: ...

    validate(document(Everything))
