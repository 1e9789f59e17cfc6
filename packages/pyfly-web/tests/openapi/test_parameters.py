# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from pyfly.web import CommaSeparated, Cookie, Header, Named, PathVar, QueryParam, Valid, get_mapping

Document = Callable[..., dict[str, Any]]
Parameters = Callable[[Any], list[dict[str, Any]]]


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Page(BaseModel):
    number: int = Field(0, ge=0, description="Counts from 0.")
    size: int
    sort: str | None = None
    old: bool = Field(False, deprecated=True)


@pytest.fixture
def query(document: Document) -> Parameters:
    """Return the parameters of an endpoint with one query parameter of a type."""

    def parameters_for(hint: Any, *default: Any) -> list[dict[str, Any]]:
        async def search(self: Any, wanted: Any) -> None: ...

        search.__annotations__["wanted"] = QueryParam[hint]
        search.__defaults__ = default or None
        controller = type("Search", (), {"search": get_mapping("/search")(search)})
        found: list[dict[str, Any]] = document(controller)["paths"]["/search"]["get"]["parameters"]
        return found

    return parameters_for


def test_parameters_are_looked_up_where_requests_have_them(document: Document) -> None:
    class Things:
        @get_mapping("/{thing}")
        async def find(
            self,
            thing: PathVar[str],
            limit: QueryParam[int],
            x_api_key: Header[str],
            session: Cookie[str] = "",
        ) -> None: ...

    assert document(Things)["paths"]["/{thing}"]["get"]["parameters"] == [
        {"name": "thing", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}},
        {"name": "x-api-key", "in": "header", "required": True, "schema": {"type": "string"}},
        {
            "name": "session",
            "in": "cookie",
            "required": False,
            "schema": {"type": "string", "default": ""},
        },
    ]


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (date, {"type": "string", "format": "date"}),
        (UUID, {"type": "string", "format": "uuid"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (Literal["up", "down"], {"type": "string", "enum": ["up", "down"]}),
        (int | str, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (Annotated[int, Field(ge=1, lt=9)], {"type": "integer", "minimum": 1, "exclusiveMaximum": 9}),
        (Annotated[str, Field(pattern="^[a-z]+$")], {"type": "string", "pattern": "^[a-z]+$"}),
    ],
)
def test_schema_is_that_of_the_type(query: Parameters, hint: Any, schema: dict[str, Any]) -> None:
    assert query(hint) == [{"name": "wanted", "in": "query", "required": True, "schema": schema}]


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (int | None, {"type": "integer"}),
        (int | str | None, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (Annotated[int | None, Field(ge=1)], {"type": "integer", "minimum": 1}),
    ],
)
def test_none_is_absence_and_not_a_value(query: Parameters, hint: Any, schema: dict[str, Any]) -> None:
    (found,) = query(hint)

    assert found["required"] is False
    assert found["schema"] == schema
    assert query(hint, None) == [found]


def test_empty_text_is_allowed_where_it_stands_for_no_value(query: Parameters) -> None:
    assert [query(hint)[0].get("allowEmptyValue") for hint in (int, int | None, str | None)] == [
        None,
        True,
        None,
    ]


@pytest.mark.parametrize(
    ("hint", "default", "shown"),
    [
        (int, 5, 5),
        (Colour, Colour.RED, "red"),
        (list[Colour], [Colour.RED], ["red"]),
        (date, date(2026, 1, 2), "2026-01-02"),
        (Decimal, Decimal("1.50"), "1.50"),
        (bool, False, False),
    ],
)
def test_default_is_shown_as_json(query: Parameters, hint: Any, default: Any, shown: Any) -> None:
    (found,) = query(hint, default)

    assert found["required"] is False
    assert found["schema"]["default"] == shown


@pytest.mark.parametrize(("hint", "default"), [(float, float("nan")), (str, object()), (int, float("inf"))])
def test_default_without_a_json_form_is_left_out(query: Parameters, hint: Any, default: Any) -> None:
    (found,) = query(hint, default)

    assert found["required"] is False
    assert "default" not in found["schema"]


def test_description_of_a_field_describes_the_parameter(query: Parameters) -> None:
    (found,) = query(Annotated[int, Field(description="How many.")])

    assert found == {
        "name": "wanted",
        "in": "query",
        "required": True,
        "description": "How many.",
        "schema": {"type": "integer"},
    }


def test_enumeration_has_a_name_in_the_components(document: Document) -> None:
    class Paint:
        @get_mapping("/paint")
        async def paint(self, colours: QueryParam[list[Colour]]) -> Colour: ...

    generated = document(Paint)

    (found,) = generated["paths"]["/paint"]["get"]["parameters"]
    assert found["schema"] == {"type": "array", "items": {"$ref": "#/components/schemas/Colour"}}
    assert generated["components"]["schemas"]["Colour"]["enum"] == ["red", "green"]


def test_query_model_becomes_one_parameter_for_each_field(document: Document) -> None:
    class Things:
        @get_mapping("/things")
        async def search(self, page: QueryParam[Page]) -> None: ...

    generated = document(Things)

    assert generated["paths"]["/things"]["get"]["parameters"] == [
        {
            "name": "number",
            "in": "query",
            "required": False,
            "description": "Counts from 0.",
            "schema": {"type": "integer", "title": "Number", "minimum": 0, "default": 0},
        },
        {
            "name": "size",
            "in": "query",
            "required": True,
            "schema": {"type": "integer", "title": "Size"},
        },
        {"name": "sort", "in": "query", "required": False, "schema": {"type": "string", "title": "Sort"}},
        {
            "name": "old",
            "in": "query",
            "required": False,
            "deprecated": True,
            "schema": {"type": "boolean", "title": "Old", "default": False},
        },
    ]
    assert "Page" not in generated["components"]["schemas"]


def test_fields_of_an_optional_query_model_are_optional(document: Document) -> None:
    class Things:
        @get_mapping("/things")
        async def search(self, page: QueryParam[Page | None] = None) -> None: ...

    found = document(Things)["paths"]["/things"]["get"]["parameters"]

    assert [each["required"] for each in found] == [False, False, False, False]


def test_list_in_one_text_is_shown_as_such(document: Document) -> None:
    class Wanted(BaseModel):
        sizes: Annotated[list[int], CommaSeparated] = []
        words: list[str] = []

    class Things:
        @get_mapping("/{ids}")
        async def find(
            self,
            ids: PathVar[Annotated[list[int], CommaSeparated]],
            tags: QueryParam[Annotated[list[str], CommaSeparated]],
            x_tags: Header[Annotated[list[str], CommaSeparated]],
            seen: Cookie[Annotated[list[str], CommaSeparated]],
            wanted: QueryParam[Wanted],
        ) -> None: ...

    found = document(Things)["paths"]["/{ids}"]["get"]["parameters"]

    forms = {each["name"]: (each.get("style"), each.get("explode")) for each in found}
    assert forms == {
        "ids": (None, None),
        "tags": ("form", False),
        "x-tags": (None, None),
        "seen": ("form", False),
        "sizes": ("form", False),
        "words": (None, None),
    }


def test_declared_name_is_the_one_in_the_request(document: Document) -> None:
    class Things:
        @get_mapping("/things")
        async def find(self, size: QueryParam[Annotated[int, Named("page-size")]]) -> None: ...

    (found,) = document(Things)["paths"]["/things"]["get"]["parameters"]

    assert (found["name"], found["schema"]) == ("page-size", {"type": "integer"})


def test_path_variables_that_the_handler_does_not_take_are_shown(document: Document) -> None:
    class Things:
        @get_mapping("/{tenant:uuid}/{thing:int}/{rest:path}")
        async def find(self, rest: PathVar[str]) -> None: ...

    assert document(Things)["paths"]["/{tenant}/{thing}/{rest}"]["get"]["parameters"] == [
        {"name": "rest", "in": "path", "required": True, "schema": {"type": "string"}},
        {
            "name": "tenant",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
        {"name": "thing", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}},
    ]


def test_part_of_a_request_that_two_parameters_read_is_shown_once(document: Document) -> None:
    class Things:
        @get_mapping("/things")
        async def find(self, size: QueryParam[int], page: QueryParam[Page]) -> None: ...

    found = document(Things)["paths"]["/things"]["get"]["parameters"]

    assert [each["name"] for each in found] == ["size", "number", "sort", "old"]


def test_marker_for_validation_changes_nothing_about_the_schema(document: Document) -> None:
    class Things:
        @get_mapping("/things")
        async def find(self, size: Valid[QueryParam[Annotated[int, Field(le=10)]]]) -> None: ...

    (found,) = document(Things)["paths"]["/things"]["get"]["parameters"]

    assert found["schema"] == {"type": "integer", "maximum": 10}
