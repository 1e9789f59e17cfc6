# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from pyfly.kernel import InvalidRequestException, ValidationException
from pyfly.web import Cookie, Header, PathVar, QueryParam, Valid


class Page(BaseModel):
    number: int = 1
    sort: list[str] = []


class Filter(BaseModel):
    city: str
    year: int | None = 2000


def test_path_variable(bind: Any) -> None:
    def get(self: Any, item_id: PathVar[int]) -> None: ...

    assert bind(get, path="/items/{item_id}", values=("7",)) == 7


def test_path_variable_is_found_among_several(bind: Any) -> None:
    def get(self: Any, line: PathVar[str]) -> None: ...

    assert bind(get, path="/orders/{order}/{line}", values=("1", "2")) == "2"


def test_query_parameter_takes_the_last_value(bind: Any) -> None:
    def get(self: Any, q: QueryParam[str]) -> None: ...

    assert bind(get, query="q=a&q=b") == "b"


def test_query_parameter_is_decoded(bind: Any) -> None:
    def get(self: Any, q: QueryParam[str]) -> None: ...

    assert bind(get, query="q=a+b%26%C3%BC") == "a b&ü"


@pytest.mark.parametrize(
    ("hint", "value"),
    [(list[int], [1, 2, 2]), (set[int], {1, 2}), (tuple[int, ...], (1, 2, 2)), (list[int] | None, [1, 2, 2])],
)
def test_query_list_takes_every_repeat(bind: Any, hint: Any, value: Any) -> None:
    def get(self: Any, ids: Any) -> None: ...

    get.__annotations__["ids"] = QueryParam[hint]

    assert bind(get, query="ids=1&ids=2&ids=2") == value


def test_bad_element_of_a_query_list_is_named(bind: Any) -> None:
    def get(self: Any, ids: QueryParam[list[int]]) -> None: ...

    with pytest.raises(InvalidRequestException, match="Cannot convert 'x' to int"):
        bind(get, query="ids=1&ids=x")


def test_constraint_of_a_query_list_is_checked(bind: Any) -> None:
    def get(self: Any, ids: QueryParam[Annotated[list[int], Field(max_length=1)]]) -> None: ...

    with pytest.raises(ValidationException) as caught:
        bind(get, query="ids=1&ids=2")

    assert caught.value.context["errors"][0]["loc"] == ("query", "ids")


def test_query_model_takes_all_parameters(bind: Any) -> None:
    def get(self: Any, page: QueryParam[Page]) -> None: ...

    assert bind(get, query="number=3&sort=name&sort=age") == Page(number=3, sort=["name", "age"])


def test_query_model_reports_its_field(bind: Any) -> None:
    def get(self: Any, page: Valid[QueryParam[Page]]) -> None: ...

    with pytest.raises(ValidationException) as caught:
        bind(get, query="number=x")

    assert caught.value.context["errors"][0]["loc"] == ("query", "number")


def test_optional_query_model_is_none_without_its_parameters(bind: Any) -> None:
    def get(self: Any, chosen: QueryParam[Filter | None]) -> None: ...

    assert bind(get, query="page=2") is None
    assert bind(get, query="city=Rome") == Filter(city="Rome")


def test_query_model_with_default_has_it_without_its_parameters(bind: Any) -> None:
    default = Filter(city="Oslo")

    def get(self: Any, chosen: QueryParam[Filter] = default) -> None: ...

    assert bind(get, query="page=2") is default


def test_required_query_model_reports_what_is_missing(bind: Any) -> None:
    def get(self: Any, chosen: QueryParam[Filter]) -> None: ...

    with pytest.raises(ValidationException, match=r"query\.city: Field required"):
        bind(get)


def test_empty_text_in_a_query_model_is_none_where_that_fits(bind: Any) -> None:
    def get(self: Any, chosen: QueryParam[Filter]) -> None: ...

    assert bind(get, query="city=&year=") == Filter(city="", year=None)


def test_header_is_looked_up_with_dashes(bind: Any) -> None:
    def get(self: Any, x_api_key: Header[str]) -> None: ...

    assert bind(get, headers={"x-api-key": "secret"}) == "secret"


def test_header_list_takes_every_repeat(bind: Any) -> None:
    def get(self: Any, x_tag: Header[list[str]]) -> None: ...

    assert bind(get, headers=[("x-tag", "a"), ("x-tag", "b")]) == ["a", "b"]


def test_cookie(bind: Any) -> None:
    def get(self: Any, theme: Cookie[str]) -> None: ...

    assert bind(get, headers={"cookie": 'a=1; theme="da\\054rk"; b=2'}) == "da,rk"


@pytest.mark.parametrize(
    ("marker", "message", "context"),
    [
        (
            QueryParam,
            "Missing required query parameter: x_id",
            {"parameter": "x_id", "location": "query"},
        ),
        (Header, "Missing required header: x-id", {"parameter": "x-id", "location": "header"}),
        (Cookie, "Missing required cookie: x_id", {"parameter": "x_id", "location": "cookie"}),
    ],
)
def test_missing_value_is_refused(bind: Any, marker: Any, message: str, context: dict[str, str]) -> None:
    def get(self: Any, x_id: Any) -> None: ...

    get.__annotations__["x_id"] = marker[int]

    with pytest.raises(InvalidRequestException) as caught:
        bind(get)

    assert str(caught.value) == message
    assert caught.value.code == "MISSING_PARAMETER"
    assert caught.value.context == context


@pytest.mark.parametrize("marker", [QueryParam, Header, Cookie])
def test_missing_optional_value_is_none(bind: Any, marker: Any) -> None:
    def get(self: Any, x_id: Any) -> None: ...

    get.__annotations__["x_id"] = marker[int | None]

    assert bind(get) is None


def test_default_is_passed_as_it_is(bind: Any) -> None:
    default = object()

    def get(self: Any, q: QueryParam[int] = default) -> None: ...  # type: ignore[assignment]  # any object will do

    assert bind(get) is default


def test_missing_list_has_its_default(bind: Any) -> None:
    def get(self: Any, ids: QueryParam[list[int]] = []) -> None: ...  # noqa: B006 - never changed

    assert bind(get) == []


SOURCES = [
    (PathVar, "path", {"path": "/{x_id}", "values": ("0",)}, {"path": "/{x_id}", "values": ("x",)}),
    (QueryParam, "query", {"query": "x_id=0"}, {"query": "x_id=x"}),
    (Header, "header", {"headers": {"x-id": "0"}}, {"headers": {"x-id": "x"}}),
    (Cookie, "cookie", {"headers": {"cookie": "x_id=0"}}, {"headers": {"cookie": "x_id=x"}}),
]


@pytest.mark.parametrize(("marker", "location", "broken", "unreadable"), SOURCES)
@pytest.mark.parametrize("hint", [Annotated[int, Field(ge=1)], Annotated[int | None, Field(ge=1)]])
def test_valid_tells_broken_rules_from_unreadable_text(
    bind: Any, hint: Any, marker: Any, location: str, broken: dict[str, Any], unreadable: dict[str, Any]
) -> None:
    def get(self: Any, x_id: Any) -> None: ...

    get.__annotations__["x_id"] = Valid[marker[hint]]

    with pytest.raises(ValidationException) as rule:
        bind(get, **broken)

    assert rule.value.context["errors"][0]["loc"][0] == location
    assert rule.value.context["errors"][0]["type"] == "greater_than_equal"
    with pytest.raises(InvalidRequestException) as text:
        bind(get, **unreadable)

    assert text.value.code == "TYPE_CONVERSION_ERROR"
