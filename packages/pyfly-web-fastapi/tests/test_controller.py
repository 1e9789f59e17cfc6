# SPDX-License-Identifier: Apache-2.0
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from pyfly.container.stereotypes import rest_controller
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import PathVar, get_mapping, request_mapping
from pyfly.web.adapters.fastapi.app import create_app
from pyfly.web.adapters.fastapi.controller import FastAPIControllerRegistrar


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int]) -> int:
        if item_id > 9:
            raise ResourceNotFoundException("no such item", code="ITEM_NOT_FOUND")

        return item_id


@rest_controller
class Late:
    @get_mapping("/late")
    async def late(self) -> str:
        return "late"


def test_controllers_are_served_by_any_application(new_context: Any) -> None:
    app = FastAPI()
    FastAPIControllerRegistrar().register_controllers(app, new_context(ItemController))
    client = TestClient(app)

    assert client.get("/items/7").json() == 7
    assert (client.get("/items/10").status_code, client.get("/items/10").json()["code"]) == (
        404,
        "ITEM_NOT_FOUND",
    )
    assert client.get("/openapi.json").json()["paths"] == {}


def test_application_of_the_factory_compiles_its_controllers_again(new_context: Any) -> None:
    context = new_context(ItemController)
    app = create_app(context=context)
    context.register_bean(Late)

    FastAPIControllerRegistrar().register_controllers(app, context)

    assert TestClient(app).get("/late").json() == "late"


def test_endpoints_are_told_as_data(new_context: Any) -> None:
    found = FastAPIControllerRegistrar().collect_route_metadata(new_context(ItemController, Late))

    assert [(each.http_method, each.path, each.handler_name) for each in found] == [
        ("GET", "/items/{item_id}", "find"),
        ("GET", "/late", "late"),
    ]


def test_collecting_makes_no_bean(new_context: Any) -> None:
    context = new_context(ItemController)
    before = context.bean_count

    FastAPIControllerRegistrar().collect_route_metadata(context)

    assert context.bean_count == before
