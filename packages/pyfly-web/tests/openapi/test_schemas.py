# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any, Generic, TypeVar

import pytest
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue

from pyfly.web import QueryParam, Valid, get_mapping, post_mapping
from pyfly.web.json import CamelModel

Document = Callable[..., dict[str, Any]]

T = TypeVar("T")


class Line(BaseModel):
    sku: str
    amount: int = Field(1, ge=1, le=99)


class Basket(BaseModel):
    lines: list[Line]
    on: date = date(2026, 1, 2)


class Page(BaseModel, Generic[T]):
    items: list[T]


class Tree(BaseModel):
    children: "list[Tree]" = []


class Elsewhere:
    class Line(BaseModel):
        text: str


class Aliased(BaseModel):
    unit_price: int = Field(alias="unitPrice")


class Camel(CamelModel):
    unit_price: int


def schemas(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def returning(*hints: Any) -> type:
    methods = {}
    for number, hint in enumerate(hints):

        async def find(self: Any) -> None: ...

        find.__annotations__["return"] = hint
        find.__name__ = f"find{number}"
        methods[find.__name__] = get_mapping(f"/{number}")(find)

    return type("Find", (), methods)


def test_models_are_named_by_their_class_and_keep_their_constraints(document: Document) -> None:
    found = schemas(document(returning(Basket)))

    assert found["Line"] == {
        "type": "object",
        "title": "Line",
        "properties": {
            "sku": {"type": "string", "title": "Sku"},
            "amount": {"type": "integer", "title": "Amount", "default": 1, "minimum": 1, "maximum": 99},
        },
        "required": ["sku"],
    }
    assert found["Basket"]["properties"]["lines"]["items"] == {"$ref": "#/components/schemas/Line"}
    assert found["Basket"]["properties"]["on"]["default"] == "2026-01-02"


def test_generic_models_are_named_with_their_arguments(document: Document) -> None:
    assert {"Page_Line_", "Page_int_"} <= schemas(document(returning(Page[Line], Page[int]))).keys()


def test_recursive_model_refers_to_itself(document: Document) -> None:
    children = schemas(document(returning(Tree)))["Tree"]["properties"]["children"]

    assert children["items"] == {"$ref": "#/components/schemas/Tree"}


def test_models_of_the_same_name_are_kept_apart(document: Document) -> None:
    generated = document(returning(Line, Elsewhere.Line))

    names = [
        operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[
            2
        ]
        for operation in generated["paths"].values()
    ]
    properties = [list(schemas(generated)[name]["properties"]) for name in names]
    assert properties == [["sku", "amount"], ["text"]]


def test_model_that_differs_in_and_out_has_a_schema_for_each(document: Document) -> None:
    class Both:
        @post_mapping("/both")
        async def both(self, given: Valid[Aliased]) -> Aliased: ...

    found = schemas(document(Both))

    assert list(found["Aliased-Input"]["properties"]) == ["unitPrice"]
    assert list(found["Aliased-Output"]["properties"]) == ["unit_price"]


def test_model_decides_about_its_aliases(document: Document) -> None:
    assert list(schemas(document(returning(Camel)))["Camel"]["properties"]) == ["unitPrice"]


def test_application_may_decide_about_all_aliases(document: Document) -> None:
    found = schemas(document(returning(Aliased), by_alias=True))

    assert list(found["Aliased"]["properties"]) == ["unitPrice"]


def test_aliases_that_input_may_not_have_are_not_shown(document: Document) -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(validate_by_alias=False, validate_by_name=True)
        unit_price: int = Field(alias="unitPrice")

    class Send:
        @post_mapping("/send")
        async def send(self, given: Valid[Strict]) -> None: ...

    assert list(schemas(document(Send))["Strict"]["properties"]) == ["unit_price"]


def test_choice_of_aliases_in_a_query_is_shown_by_its_first(document: Document) -> None:
    class Filter(BaseModel):
        size: int | None = Field(None, validation_alias=AliasChoices("s", "size"))

    class Find:
        @get_mapping("/find")
        async def find(self, wanted: QueryParam[Filter]) -> None: ...

    (found,) = document(Find)["paths"]["/find"]["get"]["parameters"]
    assert found["name"] == "s"


@pytest.mark.parametrize("default", [float("nan"), float("inf"), object()])
def test_default_of_a_field_without_a_json_form_is_left_out(document: Document, default: Any) -> None:
    class Odd(BaseModel):
        value: Any = default

    assert schemas(document(returning(Odd)))["Odd"]["properties"]["value"] == {"title": "Value"}


def test_field_without_a_schema_may_be_anything(document: Document) -> None:
    class Odd(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        call: Callable[[], int]
        thing: Elsewhere

    properties = schemas(document(returning(Odd)))["Odd"]["properties"]

    assert properties == {"call": {"title": "Call"}, "thing": {"title": "Thing"}}


def test_type_that_describes_itself_wrongly_does_not_spoil_the_document(
    document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(BaseModel):
        @classmethod
        def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
            raise RuntimeError("no idea")

    generated = document(returning(Broken, Line))

    shown = generated["paths"]["/0"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert shown == {}
    assert "Line" in schemas(generated)
    assert "Broken" in caplog.text


def test_models_that_nothing_refers_to_are_left_out(document: Document) -> None:
    class Colour(Enum):
        RED = "red"

    class Filter(BaseModel):
        colour: Colour

    class Find:
        @get_mapping("/find")
        async def find(self, wanted: QueryParam[Filter]) -> None: ...

    found = schemas(document(Find))

    assert "Filter" not in found
    assert "Colour" in found
