# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pyfly.config.binding import config_properties
from pyfly.config.errors import BindingError
from pyfly.config.store import Config
from pyfly.core import ApplicationArguments, PyFlyApplication, pyfly_application


@pyfly_application(name="shop")
class Shop: ...


@config_properties("shop")
@dataclass
class ShopProperties:
    pool_size: int = 1
    tags: list[str] = field(default_factory=list)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyfly.yaml").write_text("pyfly:\n  logging: {enabled: false}\nshop:\n  pool-size: 5\n")
    monkeypatch.setenv("PYFLY_SHOP_POOL_SIZE", "6")
    return tmp_path


def config(folder: Path, args: Sequence[str] | None = None) -> Config:
    return PyFlyApplication(Shop, folder, args).config


def test_option_wins_over_the_environment(folder: Path) -> None:
    assert config(folder).get("shop.pool-size") == 6
    assert config(folder, ["--shop.pool-size=7"]).get("shop.pool-size") == 7


@pytest.mark.parametrize("option", ["shop.pool-size", "shop.pool_size", "shop.poolSize", "SHOP.POOL-SIZE"])
def test_option_is_written_in_any_spelling(folder: Path, option: str) -> None:
    found = config(folder, [f"--{option}=7"])

    assert found.get("shop.pool-size") == 7
    assert found.bind(ShopProperties).pool_size == 7


def test_option_needs_no_key_in_a_file(folder: Path) -> None:
    found = config(folder, ["--shop.tags=a, b", "--shop.label=x"])

    assert found.bind(ShopProperties).tags == ["a", "b"]
    assert found.get("shop.label") == "x"


def test_last_of_an_option_counts_and_a_bare_one_is_no_setting(folder: Path) -> None:
    found = config(folder, ["--shop.pool-size=7", "--shop.pool-size=8", "--shop.label", "rest"])

    assert found.get("shop.pool-size") == 8
    assert found.get("shop.label") is None


def test_placeholder_refers_to_the_option(folder: Path) -> None:
    assert config(folder, ["--shop.pool-size=7"]).resolve_placeholders("${shop.pool-size}") == 7


def test_active_profiles_come_from_an_option(folder: Path) -> None:
    (folder / "pyfly-prod.yaml").write_text("shop:\n  label: produce\n")

    found = config(folder, ["--pyfly.profiles.active=prod"])

    assert (found.active_profiles, found.get("shop.label")) == (["prod"], "produce")


def test_source_of_a_value_is_the_option(folder: Path) -> None:
    found = config(folder, ["--shop.pool-size=7"])

    assert found.origin("shop.pool-size") == "command line, --shop.pool-size"
    first = found.property_sources()[0]
    assert first == {
        "name": "commandLine",
        "properties": {"shop.pool-size": {"value": "7", "origin": "command line, --shop.pool-size"}},
    }


def test_value_that_does_not_fit_names_the_option(folder: Path) -> None:
    with pytest.raises(BindingError) as caught:
        config(folder, ["--shop.pool-size=many"]).bind(ShopProperties)

    assert str(caught.value) == (
        "Configuration validation failed for 'ShopProperties' (prefix='shop'):\n"
        "  shop.pool-size: expected an integer, got 'many' (from command line, --shop.pool-size)"
    )


def test_launcher_hands_its_options_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PYFLY_COMMAND_LINE", json.dumps({"shop.pool-size": "8", "shop.label": "x"}))

    found = config(folder, ["--shop.pool-size=9"])

    assert (found.get("shop.pool-size"), found.get("shop.label")) == (9, "x")


def test_runners_get_the_arguments(folder: Path) -> None:
    application = PyFlyApplication(Shop, folder, ["--shop.pool-size=7", "import"])

    assert application.context.get_bean(ApplicationArguments).non_option_args == ["import"]
