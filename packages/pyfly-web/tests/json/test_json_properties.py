# SPDX-License-Identifier: Apache-2.0
import json
import logging
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from pyfly.config.errors import BindingError
from pyfly.config.store import Config
from pyfly.web.json import CamelModel, JsonProperties, PyFlyJsonSerializer, json_properties_from_config


class Aliased(BaseModel):
    item_name: str = Field("tea", serialization_alias="itemName")
    note: str | None = None
    amount: int = 1


class Camel(CamelModel):
    item_name: str = "tea"


@dataclass
class Point:
    x: int = 0
    name: str | None = None
    tags: list[str] = field(default_factory=list)


def configured(**settings: Any) -> JsonProperties:
    return json_properties_from_config(Config({"pyfly": {"web": {"json": settings}}}))


def encoded(value: Any, **properties: Any) -> Any:
    return json.loads(PyFlyJsonSerializer(JsonProperties(**properties)).encode(value))


def test_defaults_change_nothing() -> None:
    assert configured() == JsonProperties()
    assert not JsonProperties().effective_by_alias()


def test_settings_are_read() -> None:
    properties = configured(
        **{
            "property-naming-strategy": "camelCase",
            "by-alias": "yes",
            "exclude-none": "on",
            "exclude-defaults": 1,
            "fail-on-unknown-properties": True,
        }
    )

    assert properties == JsonProperties(
        property_naming_strategy="camelCase",
        by_alias=True,
        exclude_none=True,
        exclude_defaults=True,
        fail_on_unknown_properties=True,
    )


def test_unknown_strategy_counts_as_none_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "pyfly.web"):
        properties = configured(**{"property-naming-strategy": "kebab", "exclude-none": True})

    assert properties == JsonProperties(exclude_none=True)
    told = "pyfly.web.json.property-naming-strategy: expected 'as-is' or 'camelCase', got 'kebab'"
    assert told in caplog.text


def test_other_wrong_value_stops_the_start() -> None:
    with pytest.raises(BindingError, match=r"pyfly\.web\.json\.exclude-none"):
        configured(**{"property-naming-strategy": "kebab", "exclude-none": "perhaps"})


def test_strategy_is_checked_in_code() -> None:
    with pytest.raises(ValidationError):
        JsonProperties(property_naming_strategy="kebab")  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("properties", [{"by_alias": True}, {"property_naming_strategy": "camelCase"}])
def test_aliases_of_all_models_are_written(properties: dict[str, Any]) -> None:
    assert JsonProperties(**properties).effective_by_alias()
    assert encoded({"in": [Aliased()]}, **properties)["in"][0].keys() == {"itemName", "note", "amount"}


def test_model_decides_about_its_aliases_by_default() -> None:
    assert encoded([Aliased(), Camel()]) == [
        {"item_name": "tea", "note": None, "amount": 1},
        {"itemName": "tea"},
    ]


def test_camel_model_is_read_in_both_spellings() -> None:
    assert Camel.model_validate({"itemName": "a"}) == Camel.model_validate({"item_name": "a"})


def test_none_is_left_out() -> None:
    value = {"model": Aliased(), "point": Point(x=1), "nothing": None, "list": [None, {"a": None}]}

    assert encoded(value, exclude_none=True) == {
        "model": {"item_name": "tea", "amount": 1},
        "point": {"x": 1, "tags": []},
        "list": [None, {}],
    }


def test_defaults_are_left_out() -> None:
    value = {"model": Aliased(amount=2), "point": Point(x=1), "entry": None}

    assert encoded(value, exclude_defaults=True) == {"model": {"amount": 2}, "point": {"x": 1}, "entry": None}


def test_generator_passes_the_exclusions() -> None:
    assert encoded((point for point in (Point(), Point(x=1))), exclude_defaults=True) == [{}, {"x": 1}]


def test_typed_way_obeys_the_settings() -> None:
    serializer = PyFlyJsonSerializer(JsonProperties(exclude_none=True, by_alias=True))

    assert serializer.encoder_for(Aliased)(Aliased()) == serializer.encode(Aliased())
    assert serializer.encoder_for(list[Aliased])([Aliased()]) == b'[{"itemName":"tea","amount":1}]'
