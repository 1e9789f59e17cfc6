# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.web import (
    Header,
    PathVar,
    QueryParam,
    Valid,
    deprecated,
    get_mapping,
    post_mapping,
    request_mapping,
)
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.openapi import RouteMetadata

Describe = Callable[..., list[RouteMetadata]]


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Item(BaseModel):
    name: str


@request_mapping("/items")
class ItemController:
    @post_mapping("/{item_id:int}", status_code=201)
    @deprecated
    async def change(
        self,
        item_id: PathVar[int],
        new: Valid[Item],
        colours: QueryParam[list[Colour]],
        x_trace: Header[str | None] = None,
    ) -> Item:
        """Change an item.

        All of it.
        """
        return new


def test_metadata_tells_what_the_endpoint_declares(describe: Describe) -> None:
    (route,) = describe(ItemController)

    assert (route.path, route.http_method, route.status_code) == ("/items/{item_id:int}", "POST", 201)
    assert (route.handler, route.handler_name) == (ItemController.change, "change")
    assert (route.summary, route.description) == ("Change an item.", "All of it.")
    assert (route.tag, route.deprecated, route.controller) == ("Item", True, ItemController)
    assert (route.request_body_model, route.return_type) == (Item, Item)


def test_parameters_have_schemas_that_stand_alone(describe: Describe) -> None:
    (route,) = describe(ItemController)

    assert route.parameters == [
        {"name": "item_id", "in": "path", "required": True, "schema": {"type": "integer"}},
        {
            "name": "colours",
            "in": "query",
            "required": True,
            "schema": {
                "type": "array",
                "items": {"$ref": "#/$defs/Colour"},
                "$defs": {"Colour": {"type": "string", "enum": ["red", "blue"], "title": "Colour"}},
            },
        },
        {"name": "x-trace", "in": "header", "required": False, "schema": {"type": "string"}},
    ]


def test_hand_made_metadata_needs_little() -> None:
    route = RouteMetadata("/x", "GET", 200, print, "x")

    assert route.parameters == []
    assert (route.request_body_model, route.return_type) == (None, None)
    assert (route.tag, route.summary, route.description, route.deprecated) == ("", "", "", False)


def test_method_without_an_announced_result_has_an_unknown_type(describe: Describe) -> None:
    class Find:
        @get_mapping("/find")
        async def find(self): ...  # type: ignore[no-untyped-def]  # the missing hint is what is tested

    (route,) = describe(Find)

    assert route.return_type is None


def test_class_that_is_only_called_controller_is_its_own_tag(describe: Describe) -> None:
    controller = type("Controller", (), {"find": ItemController.change})

    assert describe(controller)[0].tag == "Controller"


def test_result_that_cannot_be_evaluated_is_named(describe: Describe) -> None:
    async def find(self: Any) -> None: ...

    find.__annotations__["return"] = "Unheard"
    controller = type("Find", (), {"find": get_mapping("/find")(find)})

    with pytest.raises(RouteDefinitionError) as refusal:
        describe(controller)

    assert refusal.value.parameter == "return"
    assert refusal.value.description == (
        "Find.find(return): its type hint names 'Unheard', which is not known at run time."
    )
