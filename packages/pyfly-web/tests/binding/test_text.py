# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from pyfly.kernel import InvalidRequestException, ValidationException
from pyfly.web.binding.text import text_converter


class Colour(Enum):
    RED = "red"
    ONE = 1


class Level(IntEnum):
    LOW = 1


@pytest.mark.parametrize(
    ("hint", "text", "value"),
    [
        (str, " as is ", " as is "),
        (int, "7", 7),
        (int, "-7", -7),
        (int, "123456789012345678901234567890", 123456789012345678901234567890),
        (float, "1.5", 1.5),
        (bool, "false", False),
        (bool, "on", True),
        (date, "2026-01-02", date(2026, 1, 2)),
        (datetime, "2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5)),
        (timedelta, "PT30S", timedelta(seconds=30)),
        (Decimal, "1.50", Decimal("1.50")),
        (UUID, "12345678-1234-5678-1234-567812345678", UUID("12345678-1234-5678-1234-567812345678")),
        (Colour, "red", Colour.RED),
        (Colour, "1", Colour.ONE),
        (Level, "1", Level.LOW),
        (Literal[1, "two"], "1", 1),
        (bytes, "abc", b"abc"),
        (int | None, "7", 7),
        (int | None, "", None),
        (str | None, "", ""),
        (int | str, "7", 7),
        (int | str, "seven", "seven"),
        (Any, "seven", "seven"),
    ],
)
def test_text_becomes_a_value(hint: Any, text: str, value: Any) -> None:
    converted = text_converter(hint, "query", "x")(text)

    assert converted == value
    assert type(converted) is type(value)


@pytest.mark.parametrize(
    ("hint", "text", "shown"),
    [
        (int, "seven", "int"),
        (int, "", "int"),
        (int, "²", "int"),
        (float, "x", "float"),
        (bool, "maybe", "bool"),
        (date, "2026-13-01", "date"),
        (date, "0", "date"),
        (date, "20260102", "date"),
        (date | None, "1.5", "date"),
        (datetime, "1767322800", "datetime"),
        (Annotated[date, Field(ge=date(2026, 1, 1))], "-1", "date"),
        (Decimal, "abc", "Decimal"),
        (Colour, "green", "Colour"),
        (int | None, "seven", "int"),
        (Annotated[int, Field(ge=1)], "seven", "int"),
    ],
)
def test_text_that_is_no_value_is_refused(hint: Any, text: str, shown: str) -> None:
    with pytest.raises(InvalidRequestException) as caught:
        text_converter(hint, "query", "x")(text)

    assert str(caught.value) == f"Cannot convert '{text}' to {shown}"
    assert caught.value.code == "TYPE_CONVERSION_ERROR"
    assert caught.value.context == {"parameter": "x", "location": "query"}


def test_broken_constraint_is_a_validation_error_with_its_location() -> None:
    with pytest.raises(ValidationException) as caught:
        text_converter(Annotated[int, Field(ge=1)], "query", "page")("0")

    assert caught.value.context["errors"][0]["loc"] == ("query", "page")
    assert caught.value.context["errors"][0]["type"] == "greater_than_equal"


def test_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(InvalidRequestException) as caught:
        text_converter(int, "query", "x")("x" * 10_000)

    assert len(str(caught.value)) < 200


@given(st.integers())
def test_every_integer_survives(number: int) -> None:
    convert: Callable[[str], Any] = text_converter(int, "query", "x")

    assert convert(str(number)) == number


@given(st.text())
def test_any_text_gives_an_integer_or_a_refusal(text: str) -> None:
    convert = text_converter(int, "query", "x")

    try:
        value = convert(text)
    except InvalidRequestException:
        return

    assert type(value) is int
