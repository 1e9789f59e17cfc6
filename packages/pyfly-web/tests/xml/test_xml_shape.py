# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Any, Literal, NotRequired

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, RootModel, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from pyfly.web.message_converters import XmlMessageConverter


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Line(BaseModel):
    name: str
    tags: list[str]
    counts: list[int] = []


class Order(BaseModel):
    lines: list[Line]
    level: Level = Level.LOW
    kind: Literal[1, "two"] = 1
    parts: dict[str, list[int]] = {}
    grid: list[list[int]] = []
    note: str | None = None
    paid: bool = False
    day: date | None = None
    total: Decimal = Decimal(0)
    previous: "Order | None" = None


@dataclass
class Point:
    values: list[int]
    tags: list[str] = field(default_factory=list)


class Record(TypedDict):
    names: list[str]
    text: NotRequired[str]


class Camel(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    item_tags: list[str] = Field(alias="itemTags")
    others: list[str] = Field([], validation_alias=AliasChoices("others", "rest"))


class Cat(BaseModel):
    lives: list[int]


class Dog(BaseModel):
    bones: list[int]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)

    amount: int


class Names(RootModel[list[str]]):
    """A list with a name."""


def read(hint: Any, content: str) -> Any:
    return XmlMessageConverter().read(f"<any>{content}</any>".encode(), hint)


@pytest.mark.parametrize(
    ("hint", "content", "value"),
    [
        (int, "7", 7),
        (str, "x", "x"),
        (str, "", ""),
        (str | None, "", None),
        (bool, "true", True),
        (date, "2026-01-02", date(2026, 1, 2)),
        (Level, "2", Level.HIGH),
        (Literal[1, "two"], "1", 1),
        (list[int], "<item>1</item><item>2</item>", [1, 2]),
        (list[int], "<item>1</item>", [1]),
        (list[int], "", []),
        (list[int], "\n", []),
        (list[int] | None, "", None),
        (set[int], "<item>1</item>", {1}),
        (tuple[int, ...], "<item>1</item>", (1,)),
        (list[list[int]], "<item><item>1</item></item><item/>", [[1], []]),
        (list[Line], "<item><name>a</name></item>", [Line(name="a", tags=[])]),
        (dict[str, int], "<a>1</a>", {"a": 1}),
        (dict[str, int], "", {}),
        (dict[str, list[int]], "<a>1</a>", {"a": [1]}),
        (dict, "<a>1</a>", {"a": "1"}),
        (Line, "<name/><tags>x</tags>", Line(name="", tags=["x"])),
        (Line, "<name>a</name><tags><item>x</item></tags>", Line(name="a", tags=["x"])),
        (Line, "<name>a</name><counts/>", Line(name="a", tags=[], counts=[])),
        (Line, "<name>a</name><tags/>", Line(name="a", tags=[""])),
        (Line | None, "<name>a</name>", Line(name="a", tags=[])),
        (Point, "<values>1</values>", Point([1])),
        (Point, "", Point([])),
        (Record, "<names>a</names><text/>", {"names": ["a"], "text": ""}),
        (Camel, "<itemTags>a</itemTags><rest>b</rest>", Camel(itemTags=["a"], others=["b"])),
        (Camel, "<item_tags>a</item_tags>", Camel(itemTags=["a"])),
        (Cat | Dog, "<bones>1</bones>", Dog(bones=[1])),
        (Names, "<item>a</item>", Names(["a"])),
        (Annotated[list[int], Field(max_length=1)], "<item>1</item>", [1]),
        (Line | None, "", None),
        (list[str] | None, "<item/>", [""]),
        (Strict, "<amount>1</amount>", Strict(amount=1)),
        (Any, "<a>1</a>", {"a": "1"}),
    ],
)
def test_type_settles_what_xml_leaves_open(hint: Any, content: str, value: Any) -> None:
    assert read(hint, content) == value


def test_fault_is_reported_at_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        read(Order, "<lines><name>a</name><counts>x</counts></lines>")

    assert caught.value.errors()[0]["loc"] == ("lines", 0, "counts", 0)


def test_unknown_field_is_refused_on_demand() -> None:
    strict = XmlMessageConverter(fail_on_unknown=True)

    with pytest.raises(ValidationError) as caught:
        strict.read(b"<any><lines><name>a</name><other>1</other></lines></any>", Order)

    assert caught.value.errors()[0]["loc"] == ("lines", 0, "other")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=8)
INTS = st.lists(st.integers(-9, 9), max_size=3)
LINES = st.builds(Line, name=TEXTS, tags=st.lists(TEXTS, max_size=3), counts=INTS)
ORDERS = st.builds(
    Order,
    lines=st.lists(LINES, max_size=3),
    level=st.sampled_from(Level),
    kind=st.sampled_from([1, "two"]),
    parts=st.dictionaries(TEXTS, INTS.filter(len), max_size=3),
    grid=st.lists(INTS, max_size=3),
    note=st.none() | TEXTS.filter(len),
    paid=st.booleans(),
    day=st.none() | st.dates(),
    total=st.decimals(allow_nan=False, allow_infinity=False),
)


@given(ORDERS, st.none() | ORDERS)
def test_model_comes_back_from_its_document(order: Order, previous: Order | None) -> None:
    converter = XmlMessageConverter()
    written = order.model_copy(update={"previous": previous})

    content, media_type = converter.write(written)

    assert media_type == "application/xml"
    assert converter.read(content, Order) == TypeAdapter(Order).validate_python(written)
