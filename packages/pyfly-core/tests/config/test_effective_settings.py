# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import pytest

from pyfly.config.alias import Alias
from pyfly.config.binding import config_properties
from pyfly.config.effective_settings import EffectiveSetting, effective_settings, is_under
from pyfly.config.metadata import keys_of
from pyfly.config.secret import Secret
from pyfly.config.store import Config


@dataclass
class Till:
    currency: str = "EUR"


@config_properties("shop")
@dataclass
class Shop:
    """Settings of a shop.

    Attributes:
        name: What it is called.
        max_lines: Lines of an order.
        open_: Whether it is open.
        tags: Words.
        till: The till.
        code: A secret.
        allow_credentials: A switch that sounds like a secret.
        labels: Texts by name.
        port: Where it listens.
    """

    name: str
    max_lines: int = 20
    open_: bool = True
    tags: list[str] = field(default_factory=list)
    till: Till = field(default_factory=Till)
    code: Secret | None = None
    allow_credentials: bool = False
    labels: dict[str, str] = field(default_factory=lambda: {"colour": "red"})
    port: Annotated[int, Alias("market.port")] = 80


def settings(config: Config, *classes: type) -> dict[str, EffectiveSetting]:
    keys = [key for cls in classes or (Shop,) for key in keys_of(cls)]
    return {setting.key: setting for setting in effective_settings(config, keys)}


def test_every_declared_key_is_there_with_its_default() -> None:
    found = settings(Config({}))

    assert {key: setting.value for key, setting in found.items()} == {
        "shop.allow-credentials": False,
        "shop.code": None,
        "shop.labels.colour": "red",
        "shop.max-lines": 20,
        "shop.name": None,
        "shop.open": True,
        "shop.port": 80,
        "shop.tags": [],
        "shop.till.currency": "EUR",
    }
    assert all(it.declared and it.is_default and not it.changed for it in found.values())
    assert {it.origin for it in found.values()} == {None}


def test_a_value_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pyfly.yaml").write_text("shop:\n  maxLines: 7\n  till: {currency: EUR}\n")

    found = settings(Config.from_sources(tmp_path, load_defaults=False))

    file = tmp_path / "pyfly.yaml"
    assert found["shop.max-lines"] == EffectiveSetting(
        "shop.max-lines", 7, f"{file}, line 2", 20, declared=True, is_default=False, changed=True
    )
    # It is set, but to what it is anyway.
    assert found["shop.till.currency"].origin == f"{file}, line 3"
    assert not found["shop.till.currency"].changed
    assert "shop.maxLines" not in found


def test_a_variable_has_the_type_of_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_MAX_LINES", "7")
    monkeypatch.setenv("PYFLY_SHOP_OPEN", "no")
    monkeypatch.setenv("PYFLY_SHOP_TAGS", "a, b")

    found = settings(Config({}))

    assert (found["shop.max-lines"].value, found["shop.open"].value) == (7, False)
    assert found["shop.tags"].value == ["a", "b"]
    assert found["shop.max-lines"].origin == "environment variable PYFLY_SHOP_MAX_LINES"
    assert [key for key in found if key.startswith("shop.max")] == ["shop.max-lines"]


def test_text_that_does_not_fit_the_default_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_MAX_LINES", "many")
    monkeypatch.setenv("PYFLY_SHOP_OPEN", "perhaps")

    found = settings(Config({}))

    assert (found["shop.max-lines"].value, found["shop.open"].value) == ("many", "perhaps")


def test_items_of_a_list_may_come_from_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_TAGS_0", "a")
    monkeypatch.setenv("PYFLY_SHOP_TAGS_1", "b")

    found = settings(Config({}))["shop.tags"]

    assert found.value == ["a", "b"]
    assert found.origin == "environment variable PYFLY_SHOP_TAGS_0"


def test_an_option_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_MAX_LINES", "7")

    config = Config.from_sources(tmp_path, load_defaults=False, arguments={"shop.max-lines": "9"})

    found = settings(config)["shop.max-lines"]
    assert (found.value, found.origin) == (9, "command line, --shop.max-lines")


def test_an_option_without_a_declared_key_keeps_its_spelling(tmp_path: Path) -> None:
    config = Config.from_sources(tmp_path, load_defaults=False, arguments={"market.max-stalls": "9"})

    found = settings(config)

    assert found["market.max-stalls"].origin == "command line, --market.max-stalls"
    assert "market.max.stalls" not in found


def test_another_name_of_a_key_counts_where_the_key_is_not_set() -> None:
    assert settings(Config({"market": {"port": 81}}))["shop.port"].value == 81
    assert settings(Config({"market": {"port": 81}}))["market.port"].declared
    assert settings(Config({"market": {"port": 81}, "shop": {"port": 82}}))["shop.port"].value == 82


def test_entries_that_are_set_replace_those_that_a_map_has_by_default() -> None:
    found = settings(Config({"shop": {"labels": {"size": "big"}}}))

    assert [key for key in found if key.startswith("shop.labels")] == ["shop.labels.size"]
    assert found["shop.labels.size"].changed


def test_a_variable_overrides_an_entry_that_a_map_has_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_LABELS_COLOUR", "blue")

    assert settings(Config({}))["shop.labels.colour"].value == "blue"


def test_secrets_are_hidden_and_switches_are_not() -> None:
    config = Config({"shop": {"code": "4711", "allow-credentials": True}, "db": {"url": "pg://me:pw@host"}})

    found = settings(config)

    assert found["shop.code"].value == "******"
    assert found["shop.allow-credentials"].value is True
    assert found["db.url"].value == "pg://me:******@host"


def test_keys_that_no_class_declares_are_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_MARKET_STALL", "12")

    found = settings(Config({"shop": {"colour": "red", "nothing": None, "empty": {}}}))

    assert not found["shop.colour"].declared
    assert found["shop.colour"].changed
    assert found["market.stall"].origin == "environment variable PYFLY_MARKET_STALL"
    assert not {"shop.nothing", "shop.empty"} & found.keys()


def test_a_variable_below_a_section_of_the_framework_has_its_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_LOGGING_LEVEL_SHOP", "DEBUG")

    found = {it.key: it for it in effective_settings(Config({}))}

    assert found["pyfly.logging.level.shop"].value == "DEBUG"
    assert "logging.level.shop" not in found


def test_what_a_distribution_contributes_is_a_default(tmp_path: Path) -> None:
    found = {it.key: it for it in effective_settings(Config.from_sources(tmp_path))}

    timeout = found["pyfly.context.shutdown-timeout"]
    assert (timeout.value, timeout.default, timeout.changed, timeout.is_default) == (30, 30, False, True)
    assert timeout.origin is not None
    assert "pyfly-core" in timeout.origin


def test_a_null_leaves_the_default() -> None:
    found = settings(Config({"shop": {"max-lines": None}}))["shop.max-lines"]

    assert (found.value, found.changed, found.is_default) == (20, False, True)


def test_a_placeholder_is_filled_in_and_one_that_names_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"shop": {"name": "${town}", "till": {"currency": "${lost}"}}, "town": "Rome"})

    found = settings(config)

    assert found["shop.name"].value == "Rome"
    assert found["shop.till.currency"].value == "${lost}"


@pytest.mark.parametrize(
    ("key", "prefix", "under"),
    [
        ("pyfly.server.port", "pyfly.server", True),
        ("pyfly.server.port", "server", True),
        ("pyfly.server.port", "server.port", True),
        ("pyfly.server.graceful-timeout", "Server.gracefulTimeout", True),
        ("shop.tags[0]", "shop.tags", True),
        ("pyfly.servers", "server", False),
        ("shop.port", "port", False),
        ("shop.port", "", True),
    ],
)
def test_a_prefix_is_one_in_any_spelling(key: str, prefix: str, under: bool) -> None:
    assert is_under(key, prefix) is under
