# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Any, assert_type

import pytest
from pydantic import Field

from pyfly.web import Body, Cookie, Header, PathVar, QueryParam, Valid
from pyfly.web.params import inspect_binding


@pytest.mark.parametrize("marker", [PathVar, QueryParam, Header, Cookie, Body])
def test_marker_is_recovered(marker: Any) -> None:
    assert inspect_binding(marker[int]) == (marker, int, False)


def test_plain_hint_has_no_binding() -> None:
    assert inspect_binding(int) == (None, int, False)


def test_valid_alone_means_the_body() -> None:
    assert inspect_binding(Valid[dict[str, int]]) == (Body, dict[str, int], True)


def test_valid_around_another_marker_keeps_it() -> None:
    assert inspect_binding(Valid[QueryParam[int]]) == (QueryParam, int, True)


def test_first_marker_wins() -> None:
    assert inspect_binding(Header[QueryParam[int]])[0] is QueryParam


def test_constraints_stay_on_the_type() -> None:
    constraint = Field(ge=1)

    _, inner, _ = inspect_binding(QueryParam[Annotated[int, constraint]])

    assert inner == Annotated[int, constraint]


def test_foreign_metadata_is_no_binding() -> None:
    hint = Annotated[int, "unit: seconds"]

    assert inspect_binding(hint) == (None, hint, False)


def test_type_checkers_see_the_inner_type() -> None:
    def handler(order_id: PathVar[int], tags: QueryParam[list[str]]) -> None:
        assert_type(order_id, int)
        assert_type(tags, list[str])

    handler(1, ["a"])
