# SPDX-License-Identifier: Apache-2.0
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pyfly.web.json import encode_json


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
