# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.web import Body, Header, PathVar, QueryParam
from pyfly.web.binding import BoundParameter, Exchange, compile_parameters
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathTemplate


class Item(BaseModel):
    name: str


class Unknown:
    """A class that pydantic knows nothing about."""


class Clock:
    """Something an adapter injects."""


class Things:
    def nothing(self) -> None: ...

    def unmarked(self, item_id: int) -> None: ...

    def unmarked_with_default(self, limit: int = 10, *rest: int, **more: int) -> None: ...

    def injected(self, clock: Clock, *, q: QueryParam[str] = "") -> None: ...

    def unresolved(self, item: "Body[Missing]") -> None: ...  # type: ignore[name-defined]  # noqa: F821

    def two_bodies(self, first: Body[Item], second: Body[Item]) -> None: ...

    def no_variable(self, other: PathVar[int]) -> None: ...

    def outside(self, q: QueryParam[str] | None) -> None: ...

    def structured(self, item: Header[Item]) -> None: ...

    def mapping(self, item: QueryParam[dict[str, str]]) -> None: ...

    def unknown(self, item: Body[Unknown]) -> None: ...

    def postponed(self, item: "Body[Item]") -> None: ...

    class Nested(BaseModel):
        name: str

    def nested(self, item: "Body[Nested]") -> None: ...

    def list(self, tags: "QueryParam[list[str]]") -> None: ...

    def nonsense(self, tags: "QueryParam[1[2]]") -> None: ...  # type: ignore[valid-type]


def compiled(name: str) -> tuple[BoundParameter, ...]:
    template = PathTemplate.parse("/things/{item_id}")
    return compile_parameters(Things, getattr(Things, name), template, {Clock: lambda exchange: "tick"})


def test_handler_without_parameters() -> None:
    assert compiled("nothing") == ()


def test_unmarked_parameter_with_default_stays_unbound() -> None:
    assert compiled("unmarked_with_default") == ()


def test_adapter_type_is_injected() -> None:
    clock, q = compiled("injected")

    assert clock.binding is Clock
    assert clock.bind(Exchange({}, None, None)) == "tick"
    assert q.keyword_only


def test_postponed_hint_is_resolved() -> None:
    (item,) = compiled("postponed")

    assert item.inner_type is Item


def test_postponed_hint_may_name_a_nested_class() -> None:
    (item,) = compiled("nested")

    assert item.inner_type is Things.Nested


def test_method_does_not_hide_a_builtin_in_postponed_hints() -> None:
    (tags,) = compiled("list")

    assert tags.bind(Exchange({"query_string": b"tags=a"}, None, None)) == ["a"]


def test_hint_that_cannot_be_evaluated_stops_the_start() -> None:
    with pytest.raises(RouteDefinitionError, match="cannot be evaluated") as caught:
        compiled("nonsense")

    assert caught.value.parameter == "tags"


@pytest.mark.parametrize(
    ("name", "parameter", "text"),
    [
        (
            "unmarked",
            "item_id",
            "Things.unmarked(item_id): nothing says where the value comes from. "
            "Mark it with PathVar, QueryParam, Header, Cookie, Body, Form, File or Valid, "
            "or give it a default.",
        ),
        (
            "unresolved",
            "item",
            "Things.unresolved(item): its type hint names 'Missing', which is not known at run time. "
            "Import it in the module itself: not below TYPE_CHECKING, and not inside a function.",
        ),
        (
            "two_bodies",
            "second",
            "Things.two_bodies(second): first and second both take the request body. "
            "Put them into one model, or read one of them from elsewhere.",
        ),
        (
            "no_variable",
            "other",
            "Things.no_variable(other): the path /things/{item_id} has no variable {other}. "
            "Add it to the path, or name the parameter as one of its variables: item_id.",
        ),
        (
            "outside",
            "q",
            "Things.outside(q): the marker stands inside a union, where it has no effect. "
            "Put the union inside the marker: Marker[str | None].",
        ),
        (
            "structured",
            "item",
            "Things.structured(item): no single text can be turned into Item. "
            "Use a scalar type, QueryParam or Header for lists, QueryParam for a model, or Body.",
        ),
        (
            "mapping",
            "item",
            "Things.mapping(item): no single text can be turned into dict[str, str]. "
            "Use a scalar type, QueryParam or Header for lists, QueryParam for a model, or Body.",
        ),
    ],
)
def test_parameter_that_cannot_be_bound_stops_the_start(name: str, parameter: str, text: str) -> None:
    with pytest.raises(RouteDefinitionError) as caught:
        compiled(name)

    error = caught.value
    assert str(error) == text
    assert (error.controller, error.method, error.parameter) == ("Things", name, parameter)
    assert f"{error.description} {error.action}" == text


def test_type_that_pydantic_does_not_know_stops_the_start() -> None:
    with pytest.raises(RouteDefinitionError, match="no value of type Unknown can be read"):
        compiled("unknown")


def test_hint_objects_are_shared_with_nobody() -> None:
    before: dict[str, Any] = dict(Things.injected.__annotations__)

    compiled("injected")

    assert Things.injected.__annotations__ == before
