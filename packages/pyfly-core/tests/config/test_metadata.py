# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from pyfly.config.alias import Alias
from pyfly.config.binding import config_properties
from pyfly.config.errors import ConfigurationError
from pyfly.config.metadata import KeyMetadata, as_json, installed_keys, json_schema, keys_of


class Mode(Enum):
    FAST = "fast"
    SAFE = "safe"


@dataclass
class Retry:
    """Try again.

    Attributes:
        attempts: How often,
            the first time included.
        pause: How long to wait.
    """

    attempts: int = 3
    pause: timedelta = timedelta(seconds=1)


@dataclass
class Store:
    """Keep goods.

    Attributes:
        url: Where it is.
    """

    url: str


@config_properties("shop")
@dataclass
class Shop:
    """Sell things.

    Attributes:
        name: What is over the door.
        mode: How it works.
        payment: Who pays how.
        retry: When something fails.
        patient: The same for what may take long.
        limits: Limit by currency.
        stores: The stores.
        branches: The branches by town.
        password: Opens the till.
        async_: Whether it never waits.
        extra: Anything else.
        port: Where it listens.
    """

    name: str
    mode: Mode = Mode.SAFE
    payment: Literal["cash", "card"] | None = None
    retry: Retry = field(default_factory=Retry)
    patient: Retry = field(default_factory=lambda: Retry(attempts=9))
    limits: dict[str, int] = field(default_factory=lambda: {"EUR": 5})
    stores: list[Store] = field(default_factory=list)
    branches: dict[str, Store] = field(default_factory=dict)
    password: str = "opensesame"
    async_: bool = False
    extra: Any = None
    port: Annotated[int, Alias("web.port", deprecated=True)] = 80


class Pool(BaseModel):
    """Hold connections.

    Attributes:
        size: How many.
    """

    size: int = Field(5, ge=1, le=20)


@config_properties("db")
class Database(BaseModel):
    """Reach a database."""

    model_config = ConfigDict(extra="allow")

    url: str = Field(description="Where it is.", min_length=3)
    token: SecretStr = SecretStr("hidden")
    pool: Pool = Pool(size=7)


def described(cls: type) -> dict[str, KeyMetadata]:
    return {key.key: key for key in keys_of(cls)}


class TestKeys:
    def test_keys_stand_in_the_order_of_the_fields(self) -> None:
        assert [key.key for key in keys_of(Shop)] == [
            "shop.name",
            "shop.mode",
            "shop.payment",
            "shop.retry.attempts",
            "shop.retry.pause",
            "shop.patient.attempts",
            "shop.patient.pause",
            "shop.limits.<name>",
            "shop.stores",
            "shop.stores[].url",
            "shop.branches.<name>.url",
            "shop.password",
            "shop.async",
            "shop.extra",
            "shop.port",
        ]

    @pytest.mark.parametrize(
        ("key", "type_", "default"),
        [
            ("shop.name", "text", None),
            ("shop.mode", "choice", "safe"),
            ("shop.payment", "choice", "null"),
            ("shop.retry.pause", "duration", "1s"),
            ("shop.patient.attempts", "integer", "9"),
            ("shop.limits.<name>", "integer", "{EUR: 5}"),
            ("shop.stores", "list of section", "[]"),
            ("shop.branches.<name>.url", "text", None),
            ("shop.async", "boolean", "false"),
            ("shop.extra", "anything", "null"),
        ],
    )
    def test_type_and_default(self, key: str, type_: str, default: str | None) -> None:
        found = described(Shop)[key]

        assert (found.type, found.default) == (type_, default)

    def test_description_is_one_line_of_the_docstring(self) -> None:
        keys = described(Shop)

        assert keys["shop.name"].description == "What is over the door."
        assert keys["shop.retry.attempts"].description == "How often, the first time included."
        assert keys["shop.async"].description == "Whether it never waits."

    def test_description_of_an_inherited_field(self) -> None:
        @config_properties("corner")
        @dataclass
        class Corner(Retry):
            """Try in a corner.

            Attributes:
                pause: How long to hide.
            """

        assert [key.description for key in keys_of(Corner)] == [
            "How often, the first time included.",
            "How long to hide.",
        ]

    def test_only_what_has_no_default_is_required(self) -> None:
        assert [key.key for key in keys_of(Shop) if key.required] == [
            "shop.name",
            "shop.stores[].url",
            "shop.branches.<name>.url",
        ]

    def test_choices(self) -> None:
        keys = described(Shop)

        assert keys["shop.mode"].choices == ("fast", "safe")
        assert keys["shop.payment"].choices == ("cash", "card")
        assert keys["shop.name"].choices == ()

    def test_secret_is_told_and_its_default_is_not(self) -> None:
        keys = described(Shop)

        assert (keys["shop.password"].secret, keys["shop.password"].default) == (True, None)
        assert "opensesame" not in json.dumps([as_json(keys.values()), json_schema(keys.values())])

    def test_variables(self) -> None:
        keys = described(Shop)

        assert keys["shop.retry.attempts"].variable == "PYFLY_SHOP_RETRY_ATTEMPTS"
        assert keys["shop.limits.<name>"].variable == "PYFLY_SHOP_LIMITS_<NAME>"
        assert keys["shop.stores[].url"].variable is None

    def test_alias(self) -> None:
        assert described(Shop)["shop.port"].aliases == (Alias("web.port", deprecated=True),)

    def test_names_the_class_of_the_field(self) -> None:
        keys = described(Shop)

        assert keys["shop.retry.pause"].declared_by == f"{__name__}.Retry"
        assert keys["shop.name"].section == "shop"

    def test_pydantic_model(self) -> None:
        keys = described(Database)

        assert (keys["db.<name>"].open, keys["db.<name>"].description) == (True, "Reach a database")
        assert keys["db.url"].description == "Where it is."
        assert keys["db.url"].constraints == ("length at least 3",)
        assert (keys["db.token"].type, keys["db.token"].secret, keys["db.token"].default) == (
            "secret text",
            True,
            None,
        )
        assert keys["db.pool.size"].constraints == ("at least 1", "at most 20")
        assert (keys["db.pool.size"].description, keys["db.pool.size"].default) == ("How many.", "7")

    def test_class_that_contains_itself_ends(self) -> None:
        assert [(key.key, key.open) for key in keys_of(Tree)] == [
            ("tree.label", False),
            ("tree.left", True),
            ("tree.others", False),
            ("tree.others[]", True),
        ]

    def test_class_without_a_prefix_is_refused(self) -> None:
        with pytest.raises(ConfigurationError, match="Retry is not decorated with @config_properties"):
            keys_of(Retry)


@config_properties("tree")
@dataclass
class Tree:
    label: str = ""
    left: "Tree | None" = None
    others: Sequence["Tree"] = ()


class TestInstalled:
    def test_every_section_of_the_core(self) -> None:
        sections = {key.section for key in installed_keys() if key.owner == "pyfly-core"}

        assert sections == {
            "pyfly",
            "pyfly.app",
            "pyfly.autoconfigure",
            "pyfly.banner",
            "pyfly.cloud.config",
            "pyfly.config",
            "pyfly.context",
            "pyfly.logging",
            "pyfly.profiles",
        }

    def test_keys_are_sorted_within_their_section(self) -> None:
        keys = [(key.section, key.key) for key in installed_keys()]

        assert keys == sorted(keys)

    def test_maps_and_words_of_python(self) -> None:
        keys = {key.key for key in installed_keys()}

        assert {"pyfly.profiles.group.<name>", "pyfly.logging.level.<name>", "pyfly.config.import"} <= keys

    def test_each_is_described(self) -> None:
        assert [key.key for key in installed_keys() if not key.description] == []


class TestExport:
    def test_json(self) -> None:
        exported = as_json(keys_of(Shop))

        properties = {entry["name"]: entry for entry in exported["properties"]}
        assert properties["shop.retry.attempts"] == {
            "name": "shop.retry.attempts",
            "type": "integer",
            "description": "How often, the first time included.",
            "sourceType": f"{__name__}.Retry",
            "defaultValue": 3,
        }
        assert properties["web.port"]["deprecation"] == {"level": "warning", "replacement": "shop.port"}
        assert {"name": "shop.mode", "values": [{"value": "fast"}, {"value": "safe"}]} in exported["hints"]
        json.dumps(exported)

    def test_json_schema(self) -> None:
        schema = json_schema(keys_of(Shop))

        shop = schema["properties"]["shop"]["properties"]
        assert shop["retry"]["properties"]["attempts"] == {
            "type": ["integer", "string"],
            "default": 3,
            "description": "How often, the first time included.",
        }
        assert shop["mode"]["enum"] == ["fast", "safe"]
        assert shop["limits"]["additionalProperties"]["type"] == ["integer", "string"]
        assert shop["branches"]["additionalProperties"]["properties"]["url"]["type"] == "string"
        assert shop["stores"]["items"]["properties"]["url"]["description"] == "Where it is."
        json.dumps(schema)


def test_a_truth_value_is_no_secret_whatever_it_is_called() -> None:
    @config_properties("till")
    @dataclass
    class Till:
        allow_credentials: bool = False
        credentials: str = "ada"

    allowed, credentials = keys_of(Till)

    assert (allowed.secret, allowed.default) == (False, "false")
    assert (credentials.secret, credentials.default) == (True, None)
