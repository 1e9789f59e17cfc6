# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Any

import pytest
from pydantic import AliasChoices, BaseModel, Field, TypeAdapter

from pyfly.kernel import InvalidRequestException, ValidationException
from pyfly.web import Body, CommaSeparated, Cookie, Form, Header, Named, PathVar, QueryParam, Valid
from pyfly.web.binding import compile_parameters
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathTemplate


class Page(BaseModel):
    size: int = Field(10, alias="page-size")
    ids: Annotated[list[int], CommaSeparated] = []
    tags: list[str] = Field([], validation_alias=AliasChoices("tag", "label"))


class Wrong(BaseModel):
    size: Annotated[int, CommaSeparated]


CHOICES = AliasChoices("a", "b")
NAMED = [Named("page-size"), Field(alias="page-size"), Field(validation_alias="page-size", alias="other")]


@pytest.mark.parametrize("name", NAMED)
def test_query_parameter_has_its_own_name(bind: Any, name: Any) -> None:
    def get(self: Any, size: Any) -> None: ...

    get.__annotations__["size"] = QueryParam[Annotated[int, name]]

    assert bind(get, query="page-size=7&size=1") == 7


@pytest.mark.parametrize(
    ("marker", "request_parts"),
    [
        (Header, {"headers": {"x-page-size": "7"}}),
        (Cookie, {"headers": {"cookie": "X-Page-Size=7"}}),
        (QueryParam, {"query": "X-Page-Size=7"}),
    ],
)
def test_every_source_takes_a_name(bind: Any, marker: Any, request_parts: dict[str, Any]) -> None:
    def get(self: Any, size: Any) -> None: ...

    get.__annotations__["size"] = Annotated[marker[int], Named("X-Page-Size")]

    assert bind(get, **request_parts) == 7


def test_path_variable_has_its_own_name(bind: Any) -> None:
    def get(self: Any, item_id: PathVar[Annotated[int, Named("id")]]) -> None: ...

    assert bind(get, path="/items/{id}", values=("7",)) == 7


def test_names_of_the_parameter_and_the_request_are_known() -> None:
    class Things:
        def get(
            self,
            plain: QueryParam[int],
            size: QueryParam[Annotated[int, Named("page-size")]],
            x_tenant: Header[str],
            key: Header[Annotated[str, Named("X-API-Key")]],
            item: Valid[Page],
        ) -> None: ...

    bound = compile_parameters(Things, Things.get, PathTemplate.parse("/"), {})

    assert [(it.name, it.lookup) for it in bound] == [
        ("plain", "plain"),
        ("size", "page-size"),
        ("x_tenant", "x-tenant"),
        ("key", "x-api-key"),
        ("item", ""),
    ]


@pytest.mark.parametrize("name", NAMED)
def test_faults_tell_the_name_of_the_request(bind: Any, name: Any) -> None:
    def get(self: Any, size: Any) -> None: ...

    get.__annotations__["size"] = Valid[QueryParam[Annotated[int, name, Field(ge=1)]]]

    with pytest.raises(InvalidRequestException, match="Missing required query parameter: page-size"):
        bind(get)

    with pytest.raises(InvalidRequestException) as unreadable:
        bind(get, query="page-size=x")

    assert unreadable.value.context == {"parameter": "page-size", "location": "query"}
    with pytest.raises(ValidationException) as broken:
        bind(get, query="page-size=0")

    assert broken.value.context["errors"][0]["loc"] == ("query", "page-size")


def test_constraints_and_descriptions_stay_beside_an_alias() -> None:
    class Things:
        def get(
            self,
            size: QueryParam[
                Annotated[int, Field(alias="page-size", ge=1, description="How many", examples=[7])]
            ],
        ) -> None: ...

    (size,) = compile_parameters(Things, Things.get, PathTemplate.parse("/"), {})

    assert TypeAdapter(size.inner_type).json_schema() == {
        "type": "integer",
        "minimum": 1,
        "description": "How many",
        "examples": [7],
    }


def test_names_in_a_query_model_are_those_of_its_fields(bind: Any) -> None:
    def get(self: Any, page: QueryParam[Page]) -> None: ...

    assert bind(get, query="page-size=3&ids=1,2&ids=3&tag=a&tag=b") == Page.model_validate(
        {"page-size": 3, "ids": [1, 2, 3], "tag": ["a", "b"]}
    )


@pytest.mark.parametrize(
    ("marker", "request_parts"),
    [
        (QueryParam, {"query": "ids=1,2&ids=%203%20,"}),
        (Header, {"headers": [("ids", "1, 2"), ("ids", "3,,")]}),
        (Cookie, {"headers": {"cookie": "ids=1,2,3"}}),
        (PathVar, {"path": "/{ids}", "values": ("1,2,3",)}),
    ],
)
@pytest.mark.parametrize("mark", [CommaSeparated, CommaSeparated()])
def test_elements_may_be_separated_by_commas(
    bind: Any, marker: Any, request_parts: dict[str, Any], mark: Any
) -> None:
    def get(self: Any, ids: Any) -> None: ...

    get.__annotations__["ids"] = marker[Annotated[list[int], mark]]

    assert bind(get, **request_parts) == [1, 2, 3]


def test_commas_separate_nothing_by_themselves(bind: Any) -> None:
    def get(self: Any, names: QueryParam[list[str]]) -> None: ...

    assert bind(get, query="names=a,b&names=c") == ["a,b", "c"]


def test_empty_text_has_no_elements(bind: Any) -> None:
    def get(self: Any, ids: QueryParam[Annotated[set[int] | None, CommaSeparated]]) -> None: ...

    assert bind(get, query="ids=") == set()
    assert bind(get) is None


def test_bad_element_is_named(bind: Any) -> None:
    def get(self: Any, ids: QueryParam[Annotated[list[int], CommaSeparated]]) -> None: ...

    with pytest.raises(InvalidRequestException, match="Cannot convert 'x' to int"):
        bind(get, query="ids=1,x")


@pytest.mark.parametrize(
    ("hint", "problem"),
    [
        (Body[Annotated[Page, Named("page")]], "a body has no name."),
        (QueryParam[Annotated[Page, Named("page")]], "a model takes all values together, so it has no name."),
        (QueryParam[Annotated[int, Named("a"), Named("b")]], "it is given several names: a, b."),
        (QueryParam[Annotated[int, Field(validation_alias=CHOICES)]], "a parameter has one name"),
        (QueryParam[Annotated[int, Field(default=1)]], "a default in Field has no effect here."),
        (QueryParam[Annotated[int, Named("a")] | None], "a name or CommaSeparated stands inside a union"),
        (QueryParam[Annotated[list[int], CommaSeparated] | None], "a name or CommaSeparated stands inside"),
        (QueryParam[Annotated[int, CommaSeparated]], "CommaSeparated is for lists of texts, not for int."),
        (Body[Annotated[list[int], CommaSeparated]], "CommaSeparated is for lists of texts"),
        (QueryParam[Wrong], "CommaSeparated is for lists of texts, not for Wrong.size."),
        (Form[Wrong], "CommaSeparated is for lists of texts, not for Wrong.size."),
        (PathVar[list[int]], "no single text can be turned into"),
        (Cookie[list[int]], "no single text can be turned into"),
    ],
)
def test_declaration_without_effect_stops_the_start(bind: Any, hint: Any, problem: str) -> None:
    def get(self: Any, value: Any) -> None: ...

    get.__annotations__["value"] = hint

    with pytest.raises(RouteDefinitionError) as caught:
        bind(get, path="/{value}", values=("1",))

    assert caught.value.description.startswith(f"Things.get(value): {problem}")


def test_name_is_not_empty() -> None:
    with pytest.raises(ValueError, match="expected a name in the request"):
        Named("")
