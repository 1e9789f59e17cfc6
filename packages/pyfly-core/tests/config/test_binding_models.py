# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta
from typing import Any

import pytest
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

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
    assert "pyfly.shop.surplus: expected a value that is accepted (Extra inputs are not permitted)" in text
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
