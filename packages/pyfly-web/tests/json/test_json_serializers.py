# SPDX-License-Identifier: Apache-2.0
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticSerializationError

from pyfly.web.json import JsonSerializers, PyFlyJsonSerializer


class Money:
    def __init__(self, amount: int) -> None:
        self.amount = amount


class Tip(Money):
    """A kind of money."""


class Bill(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    total: Money


@dataclass
class Order:
    price: Money


@pytest.fixture
def registry() -> JsonSerializers:
    serializers = JsonSerializers()
    serializers.register(Money, encode=lambda money: f"{money.amount} EUR")
    return serializers


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        (Money(1), "1 EUR"),
        ([Money(1), Tip(2)], ["1 EUR", "2 EUR"]),
        ({"a": {"b": Money(1)}}, {"a": {"b": "1 EUR"}}),
        (Order(Money(1)), {"price": "1 EUR"}),
        (Bill(total=Money(1)), {"total": "1 EUR"}),
        ([Bill(total=Money(1))], [{"total": "1 EUR"}]),
        ({Money(1): 2}, {"1 EUR": 2}),
    ],
)
def test_encoder_applies_at_any_depth(registry: JsonSerializers, value: Any, parsed: Any) -> None:
    assert json.loads(PyFlyJsonSerializer(registry=registry).encode(value)) == parsed


def test_closest_base_counts(registry: JsonSerializers) -> None:
    registry.register(Tip, encode=lambda tip: tip.amount)

    assert PyFlyJsonSerializer(registry=registry).encode([Tip(3), Money(1)]) == b'[3,"1 EUR"]'
    assert registry.encode_for(str) is None


def test_encoder_that_is_registered_late_counts() -> None:
    registry = JsonSerializers()
    serializer = PyFlyJsonSerializer(registry=registry)
    assert serializer.encode(Decimal("1.5")) == b'"1.5"'

    registry.register(Decimal, encode=float)

    assert serializer.encode({"price": Decimal("1.5")}) == b'{"price":1.5}'
    assert serializer.encoder_for(dict[str, Decimal])({"price": Decimal("1.5")}) == b'{"price":1.5}'


def test_encoder_may_return_what_has_an_encoder_again(registry: JsonSerializers) -> None:
    registry.register(date, encode=lambda day: {"day": day.day, "price": Money(day.month)})

    assert PyFlyJsonSerializer(registry=registry).encode(date(2026, 2, 1)) == b'{"day":1,"price":"2 EUR"}'


def test_encoder_that_simplifies_nothing_is_refused() -> None:
    registry = JsonSerializers()
    registry.register(Money, encode=lambda money: money)

    with pytest.raises(TypeError, match="expected something simpler from the encoder of Money"):
        PyFlyJsonSerializer(registry=registry).encode(Money(1))


@pytest.mark.parametrize("native", [str, int, float, bool, type(None), dict, list, tuple])
def test_native_type_cannot_be_registered(native: type) -> None:
    with pytest.raises(TypeError, match="register a subclass"):
        JsonSerializers().register(native, encode=str)


def test_model_cannot_be_registered() -> None:
    with pytest.raises(TypeError, match="give it a model_serializer instead"):
        JsonSerializers().register(Bill, encode=str)


def test_size_counts_the_encoders(registry: JsonSerializers) -> None:
    assert (len(JsonSerializers()), len(registry)) == (0, 1)


def test_response_data_is_what_a_parser_reads(registry: JsonSerializers) -> None:
    serializer = PyFlyJsonSerializer(registry=registry)

    data = serializer.to_response_data({"a": Money(1), "b": float("nan"), "c": (1, date(2026, 1, 2))})

    assert data == {"a": "1 EUR", "b": None, "c": [1, "2026-01-02"]}


def test_default_hook_of_the_standard_library(registry: JsonSerializers) -> None:
    serializer = PyFlyJsonSerializer(registry=registry)
    value = {"a": Money(1), "b": date(2026, 1, 2), "c": {1}, "d": Decimal("1.5")}

    text = json.dumps(value, default=serializer.encode_default)

    assert json.loads(text) == {"a": "1 EUR", "b": "2026-01-02", "c": [1], "d": "1.5"}


def test_unknown_type_is_a_type_error_for_the_standard_library() -> None:
    with pytest.raises(TypeError, match="register an encoder"):
        json.dumps(object(), default=PyFlyJsonSerializer().encode_default)


def test_unknown_type_inside_of_a_model_is_told() -> None:
    with pytest.raises(PydanticSerializationError, match="register an encoder"):
        PyFlyJsonSerializer().encode(Bill(total=Money(1)))
