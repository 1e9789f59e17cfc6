# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pyfly.config.binding import config_properties
from pyfly.config.errors import BindingError
from pyfly.config.store import Config


class Pool(BaseModel):
    max_size: int = 5
    enabled: bool = True


@config_properties("pyfly.shop")
class Shop(BaseModel):
    model_config = ConfigDict(extra="forbid")

    owner_name: str = "nobody"
    port: int = Field(default=80, gt=0)
    pool: Pool = Pool()
    timeout: timedelta = timedelta(seconds=1)
    pools: list[Pool] = []
    by_code: dict[str, Pool] = {}
    tags: list[str] = []
    limit: int | None = None


def bind(section: dict[str, Any]) -> Shop:
    return Config({"pyfly": {"shop": section}}).bind(Shop)


def test_keys_match_in_any_spelling() -> None:
    found = bind({"owner-name": "Ann", "pool": {"max-size": "7"}, "pools": [{"max-size": 1}]})
    assert found == Shop(owner_name="Ann", pool=Pool(max_size=7), pools=[Pool(max_size=1)])


def test_keys_of_the_users_choice_stay_as_they_are() -> None:
    found = bind({"by-code": {"EMP": {"max-size": 1}, "X-Foo": {"max-size": 2}}})
    assert {code: pool.max_size for code, pool in found.by_code.items()} == {"EMP": 1, "X-Foo": 2}


def test_booleans_and_durations_are_read_as_everywhere() -> None:
    found = bind({"timeout": "5m", "pool": {"enabled": "off"}})
    assert (found.timeout, found.pool.enabled) == (timedelta(minutes=5), False)


def test_variables_reach_every_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_OWNER_NAME", "Bob")
    monkeypatch.setenv("PYFLY_SHOP_POOL_MAX_SIZE", "9")
    monkeypatch.setenv("PYFLY_SHOP_TAGS", "a, b")
    monkeypatch.setenv("PYFLY_SHOP_LIMIT", "3")
    found = bind({"owner-name": "Ann"})
    assert (found.owner_name, found.pool.max_size, found.tags, found.limit) == ("Bob", 9, ["a", "b"], 3)


def test_placeholders_are_filled_in() -> None:
    config = Config({"who": "Ann", "pyfly": {"shop": {"owner-name": "${who}", "tags": ["${who}"]}}})
    assert (config.bind(Shop).owner_name, config.bind(Shop).tags) == ("Ann", ["Ann"])


def test_aliases_are_honoured() -> None:
    @config_properties("x")
    class Aliased(BaseModel):
        first: str = Field(alias="theFirst")
        second: str = Field(validation_alias=AliasChoices("the-second", "other"))

    found = Config({"x": {"theFirst": "1", "other": "2"}}).bind(Aliased)
    assert (found.first, found.second) == ("1", "2")


def test_refusal_names_class_prefix_and_keys() -> None:
    with pytest.raises(ValueError, match="Configuration validation failed") as caught:
        bind({"port": -1, "pool": {"max-size": "many"}, "surplus": 1})

    text = str(caught.value)
    assert "Configuration validation failed for 'Shop' (prefix='pyfly.shop')" in text
    assert "pyfly.shop.port: expected greater than 0, got -1 (from applicationConfig)" in text
    assert "pyfly.shop.pool.max-size: expected a valid integer" in text
    assert "pyfly.shop.surplus: expected a known key (Extra inputs are not permitted)" in text
    assert isinstance(caught.value.__cause__, ValidationError)


def test_missing_field_is_reported() -> None:
    @config_properties("x")
    class Needy(BaseModel):
        api_url: str

    with pytest.raises(BindingError) as caught:
        Config().bind(Needy)

    assert [(problem.key, problem.got) for problem in caught.value.problems] == [("x.api-url", None)]


def test_secret_is_not_shown_in_an_error() -> None:
    @config_properties("x")
    class Secret(BaseModel):
        password: str = Field(default="", max_length=3)

    with pytest.raises(BindingError) as caught:
        Config({"x": {"password": "hunter2"}}).bind(Secret)

    assert "hunter2" not in str(caught.value)


def test_model_may_refer_to_itself() -> None:
    @config_properties("x")
    class Tree(BaseModel):
        name: str
        children: list["Tree"] = []

    Tree.model_rebuild(_types_namespace={"Tree": Tree})
    found = Config({"x": {"name": "a", "children": [{"name": "b"}]}}).bind(Tree)
    assert found.children[0].name == "b"


class Cat(BaseModel):
    kind: Literal["cat"]
    meow_volume: int = 1


class Dog(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["dog"]
    bark_volume: int


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


@config_properties("zoo")
class Zoo(BaseModel):
    pets: list[Pet] = []
    by_name: dict[str, Pet] = {}
    favourite: Cat | Dog | None = None
    ticket: int | list[int] = 0
    async_: bool = False


def problems(section: dict[str, Any]) -> list[str]:
    with pytest.raises(BindingError) as caught:
        Config({"zoo": section}).bind(Zoo)

    return [str(problem).removesuffix(" (from applicationConfig)") for problem in caught.value.problems]


def test_union_is_read_as_the_model_that_its_tag_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_ZOO_PETS_1_KIND", "dog")
    monkeypatch.setenv("PYFLY_ZOO_PETS_1_BARK_VOLUME", "4")
    section = {
        "pets": [{"kind": "cat", "meow-volume": 2}],
        "by-name": {"Rex": {"kind": "dog", "barkVolume": 3}},
        "favourite": {"kind": "dog", "bark-volume": "5"},
        "async": "on",
    }
    assert Config({"zoo": section}).bind(Zoo) == Zoo(
        pets=[Cat(kind="cat", meow_volume=2), Dog(kind="dog", bark_volume=4)],
        by_name={"Rex": Dog(kind="dog", bark_volume=3)},
        favourite=Dog(kind="dog", bark_volume=5),
        async_=True,
    )


def test_problems_within_a_union_are_placed_where_the_values_are() -> None:
    section = {
        "pets": [{"kind": "dog", "bark-volume": "x", "meow": 1}, {"kind": "cow"}],
        "by-name": {"Rex": {"kind": "cat", "meow-volume": []}},
        "favourite": {"kind": "dog", "barkVolume": "y"},
        "ticket": "z",
    }
    assert problems(section) == [
        "zoo.pets[0].bark-volume: expected a valid integer, unable to parse string as an integer, got 'x'",
        "zoo.pets[0].meow: expected a known key (Extra inputs are not permitted), got 1",
        "zoo.pets[1]: expected a value that is accepted (Input tag 'cow' found using 'kind' does not match "
        "any of the expected tags: 'cat', 'dog'), got a mapping",
        "zoo.by-name.Rex.meow-volume: expected a valid integer, got a list of 0 items",
        "zoo.favourite.barkVolume: expected a valid integer, unable to parse string as an integer, got 'y'",
        "zoo.ticket: expected a valid integer, unable to parse string as an integer or a valid list, got 'z'",
    ]


def test_key_that_looks_like_a_missing_one_is_named() -> None:
    assert problems({"pets": [{"kind": "dog", "bark-volme": 1}]})[0] == (
        "zoo.pets[0].bark-volume: expected a value (Field required), got nothing; "
        "zoo.pets[0].bark-volme looks like it (applicationConfig)"
    )


def test_problems_name_file_line_and_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pyfly.yaml"
    path.write_text("pyfly:\n  shop:\n    surplus: 1\n    pools:\n      - max-size: 1\n      - max-size: x\n")
    monkeypatch.setenv("PYFLY_SHOP_POOL_MAX_SIZE", "y")
    with pytest.raises(BindingError) as caught:
        Config.from_file(path).bind(Shop)

    assert [(problem.key, problem.source) for problem in caught.value.problems] == [
        ("pyfly.shop.pool.max-size", "environment variable PYFLY_SHOP_POOL_MAX_SIZE"),
        ("pyfly.shop.pools[1].max-size", f"{path}, line 6"),
        ("pyfly.shop.surplus", f"{path}, line 3"),
    ]


def test_placeholder_that_leads_nowhere_is_one_problem_among_others() -> None:
    with pytest.raises(BindingError) as caught:
        bind({"owner-name": "${nope}", "port": 0})

    assert [str(problem) for problem in caught.value.problems] == [
        "pyfly.shop.owner-name: expected a value for ${nope}, got nothing (from applicationConfig)",
        "pyfly.shop.port: expected greater than 0, got 0 (from applicationConfig)",
    ]


def test_class_that_both_dataclass_and_model_may_hold_is_bound() -> None:
    @dataclass
    class Holder:
        pool: Pool
        pools: list[Pool]

    found = Config({"x": {"pool": {"maxSize": 2}, "pools": [{"max-size": 3}]}}).bind(
        config_properties("x")(Holder)
    )
    assert found == Holder(Pool(max_size=2), [Pool(max_size=3)])


def test_model_holds_a_dataclass() -> None:
    found = Config({"x": {"address": {"street-name": "Elm"}}}).bind(Customer)
    assert found.address == Address("Elm")


@dataclass
class Address:
    street_name: str


@config_properties("x")
class Customer(BaseModel):
    address: Address


def test_validator_of_a_model_is_told() -> None:
    @config_properties("x")
    class Range(BaseModel):
        low: int = 0
        high: int = 0

        @model_validator(mode="after")
        def ordered(self) -> "Range":
            if self.low > self.high:
                raise ValueError("low is above high")

            return self

    with pytest.raises(BindingError) as caught:
        Config({"x": {"low": 1}}).bind(Range)

    assert str(caught.value.problems[0]) == (
        "x: expected a value that is accepted (Value error, low is above high), got a mapping "
        "(from applicationConfig)"
    )
