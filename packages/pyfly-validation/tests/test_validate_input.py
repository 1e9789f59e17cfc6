# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.kernel import ValidationException
from pyfly.validation import validate_input


class Order(BaseModel):
    item: str
    quantity: int = 1


@validate_input(Order, "order")
def place(order: Any = None, note: str = "") -> tuple[Any, str]:
    return order, note


@validate_input(Order, "order")
async def place_later(order: Any) -> Any:
    return order


@validate_input(Order, "order")
def place_many(order: Any) -> Iterator[Any]:
    yield order
    yield order


@validate_input(Order, "order")
async def stream(order: Any) -> AsyncIterator[Any]:
    yield order


@validate_input(Order, "order")
def place_by_name(*, order: Any) -> Any:
    return order


def test_mapping_by_keyword_is_replaced_by_the_model() -> None:
    assert place(order={"item": "tea"}) == (Order(item="tea"), "")


def test_mapping_by_position_is_replaced_by_the_model() -> None:
    assert place({"item": "tea"}, "soon") == (Order(item="tea"), "soon")


def test_keyword_only_parameter_is_checked() -> None:
    assert place_by_name(order={"item": "tea"}) == Order(item="tea")


def test_instance_passes_as_the_same_object() -> None:
    order = Order(item="tea")

    assert place(order)[0] is order


def test_none_and_absence_pass() -> None:
    assert place(None)[0] is None
    assert place()[0] is None


def test_wrong_mapping_is_refused() -> None:
    with pytest.raises(ValidationException, match="quantity"):
        place({"item": "tea", "quantity": "many"})


def test_anything_else_is_refused() -> None:
    with pytest.raises(ValidationException) as caught:
        place(order=["tea"])

    assert str(caught.value) == "Invalid value for 'order': expected Order or a dict"
    assert caught.value.code == "VALIDATION_ERROR"


async def test_coroutine_function_is_checked() -> None:
    assert await place_later({"item": "tea"}) == Order(item="tea")


async def test_coroutine_function_refuses() -> None:
    with pytest.raises(ValidationException):
        await place_later({})


def test_generator_is_checked() -> None:
    assert list(place_many({"item": "tea"})) == [Order(item="tea")] * 2


async def test_async_generator_is_checked() -> None:
    assert [order async for order in stream({"item": "tea"})] == [Order(item="tea")]


def test_unknown_parameter_is_an_error_at_decoration() -> None:
    with pytest.raises(TypeError, match="has no parameter 'ordr'; it has order"):

        @validate_input(Order, "ordr")
        def broken(order: Any) -> None: ...


def test_name_and_docstring_are_kept() -> None:
    assert place.__name__ == "place"
