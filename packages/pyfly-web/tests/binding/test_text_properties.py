# SPDX-License-Identifier: Apache-2.0
import time
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from enum import Enum, IntEnum
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyUrl, Field

from pyfly.kernel import InvalidRequestException, ValidationException
from pyfly.web import CommaSeparated
from pyfly.web.binding.exchange import parse_cookies, parse_query
from pyfly.web.binding.text import list_converter, text_converter


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


HINTS: list[Any] = [
    int,
    float,
    bool,
    str,
    bytes,
    Decimal,
    UUID,
    date,
    datetime,
    time_of_day,
    timedelta,
    Colour,
    Level,
    Literal[1, "two"],
    IPv4Address,
    PurePosixPath,
    AnyUrl,
    int | None,
    int | bool | str,
    Annotated[int, Field(ge=1, le=10)],
    Annotated[str, Field(pattern="^a+$", max_length=5)],
    Annotated[Decimal, Field(max_digits=3, decimal_places=1)],
]

LISTS: list[Any] = [list[int], set[str], tuple[date, ...], Annotated[list[int], CommaSeparated]]
LIKELY = st.text(alphabet="0123456789+-.:_,eEtTzZ PYDHMSaftrue \u0661\u00b2\ud7ff", max_size=40)


def refusal_of(convert: Any, argument: Any) -> str | None:
    """Return the code of the refusal, or ``None`` for a value; any other exception is the test's failure."""
    try:
        convert(argument)
    except (InvalidRequestException, ValidationException) as refusal:
        return refusal.code

    return None


@pytest.mark.parametrize("hint", HINTS, ids=str)
@given(text=st.text() | LIKELY)
def test_any_text_gives_a_value_or_a_refusal(hint: Any, text: str) -> None:
    convert = text_converter(hint, "query", "x")

    assert refusal_of(convert, text) in (None, "TYPE_CONVERSION_ERROR", "VALIDATION_ERROR")


@pytest.mark.parametrize("hint", LISTS, ids=str)
@given(texts=st.lists(st.text() | LIKELY, min_size=1, max_size=5))
def test_any_texts_give_values_or_a_refusal(hint: Any, texts: list[str]) -> None:
    convert = list_converter(hint, "query", "x")

    assert refusal_of(convert, texts) in (None, "TYPE_CONVERSION_ERROR", "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("hint", "values"),
    [
        (int, st.integers()),
        (float, st.floats(allow_nan=False)),
        (Decimal, st.decimals(allow_nan=False, allow_infinity=False)),
        (UUID, st.uuids()),
        (date, st.dates()),
        (bool, st.booleans()),
        (Colour, st.sampled_from(Colour).map(lambda it: it)),
    ],
    ids=str,
)
def test_text_of_a_value_gives_the_value(hint: Any, values: Any) -> None:
    @given(values)
    def check(value: Any) -> None:
        text = value.value if isinstance(value, Enum) else str(value)

        assert text_converter(hint, "query", "x")(text) == value

    check()


@given(st.lists(st.integers(), max_size=20))
def test_elements_come_back_from_between_commas(numbers: list[int]) -> None:
    convert = list_converter(Annotated[list[int], CommaSeparated], "query", "x")

    assert convert([",".join(map(str, numbers))]) == numbers


@given(st.binary())
def test_any_query_is_split(raw: bytes) -> None:
    assert all(parse_query(raw).values())


@given(st.lists(st.text()))
def test_any_cookies_are_split(headers: list[str]) -> None:
    parse_cookies(headers)


def seconds(convert: Any, argument: Any) -> float:
    """Return the best time of a few calls."""

    def once() -> float:
        before = time.perf_counter()
        refusal_of(convert, argument)
        return time.perf_counter() - before

    return min(once() for _ in range(5))


@pytest.mark.parametrize("unit", ["9", "0", "-", "1.", "a", " ", "1_", "\u0661"])
@pytest.mark.parametrize(
    "hint", [int, float, Decimal, date, UUID, bool, Annotated[str, Field(pattern="^(a+)+$")]], ids=str
)
def test_conversion_time_grows_with_the_length_alone(hint: Any, unit: str) -> None:
    convert = text_converter(hint, "query", "x")

    # Quadratic work would take a thousand times as long.
    assert seconds(convert, unit * 1_000_000) < 200 * seconds(convert, unit * 31_250) + 0.01


@pytest.mark.parametrize("unit", ["a=1&", "a=%41&", "&", "=", "%", "+"])
def test_query_time_grows_with_the_length_alone(unit: str) -> None:
    small, large = (unit.encode() * count for count in (2_000, 64_000))

    assert seconds(parse_query, large) < 200 * seconds(parse_query, small) + 0.01


@pytest.mark.parametrize("unit", ["a=1;", '"', "\\", ";", " ", 'a="\\'])
def test_cookie_time_grows_with_the_length_alone(unit: str) -> None:
    assert seconds(parse_cookies, [unit * 64_000]) < 200 * seconds(parse_cookies, [unit * 2_000]) + 0.01
