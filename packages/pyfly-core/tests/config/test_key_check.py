# SPDX-License-Identifier: Apache-2.0
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from pyfly.config.binding import config_properties
from pyfly.config.key_check import check_keys
from pyfly.config.metadata import installed_keys
from pyfly.config.store import Config
from pyfly.config.strictness import UnknownKey, UnusedSection

LETTERS = string.ascii_lowercase + "-."
NAME = "warehouse"
DOCUMENTED = [key.key for key in installed_keys()]

FOREIGN = Path(__file__).with_name("foreign_variables.txt").read_text("utf-8").split()


@dataclass
class Retry:
    attempts: int = 3


@dataclass
class Store:
    url: str = ""


@config_properties("shop")
@dataclass
class Shop:
    max_lines: int = 20
    retry: Retry = field(default_factory=Retry)
    stores: list[Store] = field(default_factory=list)
    branches: dict[str, Store] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    extra: Any = None


@config_properties("store")
class OpenStore(BaseModel):
    model_config = ConfigDict(extra="allow")

    size: int = 1


def unknown(data: dict[str, Any], *classes: type, **settings: Any) -> dict[str, tuple[str, ...]]:
    found = check_keys(Config(data), classes, **settings)
    return {key.key: key.suggestions for key in found.unknown}


def misspelt(word: str) -> Iterator[str]:
    """Every word that is one edit away, except where the last part is a name of the user's choice."""
    fixed = word.removesuffix(NAME)
    tail = word[len(fixed) :]
    for place in range(len(fixed) + 1):
        before, after = fixed[:place], fixed[place:]
        for letter in LETTERS:
            yield before + letter + after + tail
            if after:
                yield before + letter + after[1:] + tail

        if after:
            yield before + after[1:] + tail
            yield before + after[1:2] + after[:1] + after[2:] + tail


def some_of(words: Iterator[str], right: str, many: int) -> list[str]:
    """A fixed choice of the words that are not right after all."""
    wrong = sorted({word for word in words if word != right and all(word.split("."))})
    return wrong[:: max(1, len(wrong) // many)]


def spoken(key: str) -> str:
    return key.lower().replace("_", "-")


class TestMisspeltKeys:
    @pytest.mark.parametrize("documented", DOCUMENTED)
    def test_one_edit_is_caught_with_the_right_key(self, documented: str) -> None:
        key = documented.replace("<name>", NAME)
        valid = {spoken(other) for other in DOCUMENTED}
        for wrong in some_of(misspelt(key), key, 25):
            if spoken(wrong) in valid or wrong.startswith(key.removesuffix(NAME).rstrip(".") + "."):
                continue

            suggested = unknown({wrong: 1})
            assert key in suggested.get(wrong, ()), wrong

    def test_line_of_the_report(self, tmp_path: Path) -> None:
        file = tmp_path / "pyfly.yaml"
        file.write_text("pyfly:\n  app:\n    nmae: shop\n")

        (found,) = check_keys(Config.from_sources(tmp_path)).unknown

        assert str(found) == f"pyfly.app.nmae: no such key, did you mean pyfly.app.name? ({file}, line 3)"
        assert found == UnknownKey("pyfly.app.nmae", ("pyfly.app.name",), f"{file}, line 3")

    def test_keys_that_are_as_near_are_all_named(self) -> None:
        @config_properties("shop")
        @dataclass
        class Address:
            port: int = 1
            host: str = ""

        assert unknown({"shop": {"post": 1}}, Address) == {"shop.post": ("shop.host", "shop.port")}
        assert str(UnknownKey("a.post", ("a.host", "a.port"), None)) == (
            "a.post: no such key, did you mean a.host or a.port?"
        )

    def test_nothing_near_is_no_guess(self) -> None:
        assert unknown({"pyfly": {"app": {"colour": "red"}}}) == {"pyfly.app.colour": ()}
        assert str(UnknownKey("a.b", (), "x.yaml, line 1")) == "a.b: no such key (x.yaml, line 1)"

    @pytest.mark.parametrize("key", ["maxLines", "max_lines", "Max Lines", "MAX-LINES"])
    def test_other_spellings_are_right(self, key: str) -> None:
        assert unknown({"shop": {key: 1}}, Shop) == {}


class TestNestedKeys:
    def test_section_within_a_section(self) -> None:
        assert unknown({"shop": {"retry": {"atempts": 1}}}, Shop) == {
            "shop.retry.atempts": ("shop.retry.attempts",)
        }

    def test_misspelt_section(self) -> None:
        assert unknown({"shop": {"rerty": {"attempts": 1}}}, Shop) == {
            "shop.rerty.attempts": ("shop.retry.attempts",)
        }

    def test_items_of_a_list(self) -> None:
        data = {"shop": {"stores": [{"url": "a"}, {"ulr": "b"}]}}

        assert unknown(data, Shop) == {"shop.stores[1].ulr": ("shop.stores[1].url",)}

    def test_entries_of_a_map(self) -> None:
        data = {"shop": {"branches": {"north": {"url": "a"}, "old.town": {"url": "b", "ulr": "c"}}}}

        assert unknown(data, Shop) == {"shop.branches.old.town.ulr": ("shop.branches.old.town.url",)}

    def test_names_of_a_map_are_free(self) -> None:
        assert unknown({"shop": {"limits": {"EUR": 1, "of.any": 2}}}, Shop) == {}

    def test_field_of_any_type_takes_any_key(self) -> None:
        assert unknown({"shop": {"extra": {"what": {"ever": 1}}}}, Shop) == {}

    def test_model_that_keeps_other_keys_takes_any(self) -> None:
        assert unknown({"store": {"sise": 1, "more": {"keys": 1}}}, OpenStore) == {}


class TestWhoseKeyItIs:
    def test_section_of_nobody_is_free(self) -> None:
        assert unknown({"other": {"max-line": 1}, "x": 1}, Shop) == {}

    def test_root_one_edit_away(self) -> None:
        assert unknown({"pyfy": {"app": {"name": "a"}}, "shp": {"max-lines": 1}}, Shop) == {
            "pyfy.app.name": ("pyfly.app.name",),
            "shp.max-lines": ("shop.max-lines",),
        }

    def test_module_that_is_not_installed_has_no_effect(self, tmp_path: Path) -> None:
        file = tmp_path / "pyfly.yaml"
        file.write_text("pyfly:\n  casino:\n    ttl: 1\n    redis: {url: x}\n  lottery:\n    draw: 1\n")

        found = check_keys(Config.from_sources(tmp_path))

        assert found.unknown == ()
        assert found.unused == (
            UnusedSection("pyfly.casino", ("pyfly.casino.ttl", "pyfly.casino.redis.url"), f"{file}, line 3"),
            UnusedSection("pyfly.lottery", ("pyfly.lottery.draw",), f"{file}, line 6"),
        )
        assert [str(section) for section in found.unused] == [
            "pyfly.casino: no installed distribution has settings there; "
            f"pyfly.casino.ttl, pyfly.casino.redis.url have no effect ({file}, line 3)",
            "pyfly.lottery: no installed distribution has settings there; "
            f"pyfly.lottery.draw has no effect ({file}, line 6)",
        ]

    def test_section_of_nobody_that_looks_like_one(self) -> None:
        assert unknown({"pyfly": {"baner": {"mode": "OFF"}, "logging.level.a": "INFO"}}) == {
            "pyfly.baner.mode": ("pyfly.banner.mode",)
        }
        assert unknown({"pyfly": {"loging": {"level": {"shop.db": "INFO"}}}}) == {
            "pyfly.loging.level.shop.db": ("pyfly.logging.level.shop.db",)
        }

    def test_alias_is_a_key(self) -> None:
        assert unknown({"app": {"module": "shop:app"}}) == {}

    def test_defaults_and_starters_are_known(self, tmp_path: Path) -> None:
        config = Config.from_sources(
            tmp_path, starter_defaults={"pyfly.app.motto": "more"}, application={"pyfly.app.team": "a"}
        )

        assert check_keys(config).unknown == ()

    def test_key_of_a_file_that_a_starter_sets_too(self, tmp_path: Path) -> None:
        (tmp_path / "pyfly.yaml").write_text("pyfly: {app: {motto: less}}")
        config = Config.from_sources(tmp_path, starter_defaults={"pyfly.app.motto": "more"})

        assert check_keys(config).unknown == ()

    def test_key_that_a_placeholder_names(self) -> None:
        data = {"shop": {"limit": 3, "max-lines": "${shop.limit}"}}

        assert unknown(data, Shop) == {}

    def test_key_that_code_names(self) -> None:
        assert unknown({"shop": {"limit": 3}}, Shop, references=lambda: ["shop.limit"]) == {}

    def test_code_is_not_asked_where_everything_is_known(self) -> None:
        def references() -> list[str]:
            raise AssertionError

        assert unknown({"shop": {"max-lines": 3}}, Shop, references=references) == {}

    def test_command_line(self, tmp_path: Path) -> None:
        config = Config.from_sources(tmp_path, arguments={"pyfly.app.nmae": "x"})

        (found,) = check_keys(config).unknown

        assert str(found) == (
            "pyfly.app.nmae: no such key, did you mean pyfly.app.name? (command line, --pyfly.app.nmae)"
        )

    def test_overlay_of_a_profile(self, tmp_path: Path) -> None:
        (tmp_path / "pyfly-prod.yaml").write_text("pyfly: {app: {nmae: x}}")
        config = Config.from_sources(tmp_path, ["prod"])

        (found,) = check_keys(config).unknown

        assert found.source == f"{tmp_path / 'pyfly-prod.yaml'} (profile: prod), line 1"

    def test_configured_classes(self) -> None:
        found = check_keys(Config({"pyfly": {"app": {"name": "a"}, "banner": {"mode": "OFF"}}}))

        assert [cls.__name__ for cls in found.configured] == ["AppProperties", "BannerProperties"]


class TestVariables:
    def variables(self, *classes: type, **data: Any) -> list[str]:
        return [str(variable) for variable in check_keys(Config(data), classes).variables]

    def test_near_one_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_BANER_MODE", "OFF")

        assert self.variables() == ["PYFLY_BANER_MODE is not a setting; did you mean PYFLY_BANNER_MODE?"]

    @pytest.mark.parametrize("documented", [key.variable for key in installed_keys() if key.variable])
    def test_one_edit_is_caught(self, documented: str, monkeypatch: pytest.MonkeyPatch) -> None:
        name = documented.replace("<NAME>", NAME.upper())
        own = name.removeprefix("PYFLY_").removesuffix(NAME.upper()).lower().replace("_", "-")
        known = {key.variable for key in installed_keys()}
        for wrong in some_of(misspelt(own), own, 4):
            variable = f"PYFLY_{wrong.replace('-', '_').replace('.', '_').upper()}" + (
                NAME.upper() if name.endswith(NAME.upper()) else ""
            )
            if variable in known or variable.startswith(documented.removesuffix("<NAME>")):
                continue

            monkeypatch.setenv(variable, "1")
            found = {it.name: it.suggestions for it in check_keys(Config()).variables}
            monkeypatch.delenv(variable)

            assert name in found.get(variable, ()), variable

    def test_200_foreign_variables_are_no_alarm(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert len(FOREIGN) >= 200
        for name in FOREIGN:
            monkeypatch.setenv(name, "x")

        found = check_keys(Config({"shop": {"max-lines": 1, "currency": "EUR"}}), [])

        assert (found.unknown, found.unused, found.variables) == ((), (), ())

    def test_names_below_a_map_and_items_of_a_list(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (
            "PYFLY_LOGGING_LEVEL_SHOP_DB",
            "PYFLY_PROFILES_GROUP_PROD",
            "PYFLY_LOGGING_REDACTION_ENTITIES_0",
            "PYFLY_SHOP_STORES_0_URL",
            "PYFLY_SHOP_LIMITS_EUR",
        ):
            monkeypatch.setenv(name, "x")

        assert self.variables(Shop) == []

    def test_key_of_a_file_is_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_BANER_MODE", "OFF")

        assert self.variables(baner={"mode": "ON"}) == []

    def test_variable_that_a_placeholder_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_BANER_MODE", "OFF")

        assert self.variables(shop={"banner": "${PYFLY_BANER_MODE}"}) == []
