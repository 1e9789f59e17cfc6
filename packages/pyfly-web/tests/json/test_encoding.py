# SPDX-License-Identifier: Apache-2.0
import json
from collections import UserDict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticSerializationError

from pyfly.web.json import PyFlyJsonSerializer, encode_json


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)

    item_name: str = "tea"


class Plain(BaseModel):
    item_name: str = Field("tea", validation_alias="x", serialization_alias="y")


@dataclass
class Point:
    x: int
    inner: Camel


class Colour(Enum):
    RED = "red"


ID = UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        (Camel(), {"itemName": "tea"}),
        ([Camel()], [{"itemName": "tea"}]),
        ({"a": Camel()}, {"a": {"itemName": "tea"}}),
        (Plain(), {"item_name": "tea"}),
        (Point(1, Camel()), {"x": 1, "inner": {"itemName": "tea"}}),
        ("text", "text"),
        ((1, 2), [1, 2]),
        ({1}, [1]),
        (float("nan"), None),
        (Decimal("1.50"), "1.50"),
        (Colour.RED, "red"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00Z"),
        ({ID: 1, date(2026, 1, 2): 2}, {str(ID): 1, "2026-01-02": 2}),
        ((n for n in (1, 2)), [1, 2]),
    ],
)
def test_value_is_encoded(value: Any, parsed: Any) -> None:
    assert json.loads(encode_json(value)) == parsed


def test_subclass_keeps_its_fields() -> None:
    class Special(Camel):
        extra_text: str = "more"

    values: list[Camel] = [Special()]

    assert json.loads(encode_json(values)) == [{"itemName": "tea", "extraText": "more"}]


def test_output_is_compact() -> None:
    assert encode_json({"a": [1, 2]}) == b'{"a":[1,2]}'


def test_text_with_half_a_surrogate_pair_is_mended() -> None:
    assert json.loads(encode_json({"a": "x\ud800"})) == {"a": "x?"}


def test_content_that_is_not_utf8_is_mended() -> None:
    assert json.loads(encode_json([b"tea", b"\xff"])) == ["tea", "\ufffd"]


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        (range(3), [0, 1, 2]),
        ({"a": 1}.values(), [1]),
        (UserDict({"a": UserDict()}), {"a": {}}),
        (memoryview(b"tea"), "tea"),
    ],
)
def test_container_that_pydantic_cannot_write_is_encoded(value: Any, parsed: Any) -> None:
    assert json.loads(encode_json({"in": value})) == {"in": parsed}


def test_what_can_be_read_once_is_not_read_twice() -> None:
    numbers = (number for number in (1, 2))

    with pytest.raises(PydanticSerializationError, match="utf-8"):
        encode_json({"numbers": numbers, "broken": b"\xff"})


def test_value_without_a_form_is_named() -> None:
    class Socket: ...

    with pytest.raises(PydanticSerializationError, match=r"one of \S+Socket: register an encoder"):
        encode_json([Socket()])


def test_value_that_contains_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)

    with pytest.raises((PydanticSerializationError, RecursionError)):
        encode_json(loop)


def test_short_way_gives_the_same_bytes() -> None:
    values: list[Any] = [Camel(), [Camel(), Camel()], [], None, {"other": 1}, [Camel(), 1]]
    ways = [PyFlyJsonSerializer().encoder_for(hint) for hint in (Camel, Camel | None, list[Camel], Any)]

    assert all(way(value) == encode_json(value) for way in ways for value in values)


def test_short_way_keeps_the_fields_of_subclasses() -> None:
    class Special(Camel):
        extra_text: str = "more"

    for hint, value in ((Camel, Special()), (list[Camel], [Camel(), Special()])):
        assert PyFlyJsonSerializer().encoder_for(hint)(value) == encode_json(value)


def test_short_way_mends_what_the_long_one_mends() -> None:
    class Note(BaseModel):
        text: str

    encode = PyFlyJsonSerializer().encoder_for(Note)

    with pytest.raises(PydanticSerializationError):
        encode(Note.model_construct(text="\ud800"))


def test_model_that_is_built_late_is_encoded() -> None:
    class Late(BaseModel):
        model_config = ConfigDict(defer_build=True)

        a: int = 1

    assert PyFlyJsonSerializer().encoder_for(Late)(Late()) == b'{"a":1}'


NUMBERS = st.integers() | st.floats() | st.decimals()
KEYS = st.text() | st.uuids() | st.dates()
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text() | st.binary() | st.uuids(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner) | st.frozensets(st.integers()),
)


@given(JSON_VALUES)
def test_any_data_becomes_json_that_a_strict_parser_reads(value: Any) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(encode_json(value), parse_constant=refuse)
