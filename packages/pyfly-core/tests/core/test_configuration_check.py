# SPDX-License-Identifier: Apache-2.0
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

from pyfly.config.strictness import InvalidConfigurationError
from pyfly.container import component, configuration, service
from pyfly.container.bean import bean
from pyfly.container.exceptions import BeanCreationException
from pyfly.context import ApplicationContext, ContextRefresher
from pyfly.context.conditions import conditional_on_expression, conditional_on_property
from pyfly.core import Config, PyFlyApplication, Value, config_properties, pyfly_application


@pytest.fixture(autouse=True)
def apart_from_this_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith(("PYFLY_", "_PYFLY_")):
            monkeypatch.delenv(name)

    monkeypatch.setenv("_PYFLY_BANNER_PRINTED", "1")
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pyfly_application(name="shop")
class Application: ...


@config_properties("shop")
@dataclass
class ShopProperties:
    max_lines: int = 20
    name: str = ""


@config_properties("mart")
@dataclass
class MartProperties:
    size: int = 1


def write(yaml: str) -> None:
    Path("pyfly.yaml").write_text(yaml, "utf-8")


def application_of(yaml: str, *beans: type) -> PyFlyApplication:
    write(yaml)
    application = PyFlyApplication(Application)
    for cls in beans:
        application.context.register_bean(cls)

    return application


async def start(yaml: str, *beans: type) -> None:
    application = application_of(yaml, *beans)
    await application.startup()
    await application.shutdown()


async def report(yaml: str, *beans: type) -> InvalidConfigurationError:
    with pytest.raises(BeanCreationException) as caught:
        await start(yaml, *beans)

    error = caught.value.__cause__
    assert isinstance(error, InvalidConfigurationError)
    return error


class TestUnknownKeys:
    async def test_stop_the_start_with_file_and_line(self) -> None:
        error = await report("pyfly:\n  app:\n    nmae: x\nshop:\n  max-line: 3\n", ShopProperties)

        assert str(error) == (
            "The configuration has 2 keys that do not exist:\n"
            "  pyfly.app.nmae: no such key, did you mean pyfly.app.name? (pyfly.yaml, line 3)\n"
            "  shop.max-line: no such key, did you mean shop.max-lines? (pyfly.yaml, line 5)"
        )

    async def test_values_are_told_in_the_same_report(self) -> None:
        yaml = "shop:\n  max-lines: many\n  nam: x\nmart:\n  size: big\npyfly:\n  banner: {mode: [1]}\n"

        error = await report(yaml, ShopProperties, MartProperties)

        assert str(error) == (
            "The configuration has 1 key that does not exist and 3 values that do not fit:\n"
            "  shop.nam: no such key, did you mean shop.name? (pyfly.yaml, line 3)\n"
            "Configuration validation failed for 'ShopProperties' (prefix='shop'):\n"
            "  shop.max-lines: expected an integer, got 'many' (from pyfly.yaml, line 2)\n"
            "Configuration validation failed for 'MartProperties' (prefix='mart'):\n"
            "  mart.size: expected an integer, got 'big' (from pyfly.yaml, line 5)\n"
            "Configuration validation failed for 'BannerProperties' (prefix='pyfly.banner'):\n"
            "  pyfly.banner.mode: expected text, got a list of 1 item (from pyfly.yaml, line 7)"
        )

    async def test_analysis_tells_it_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        await report("pyfly: {app: {nmae: x, verison: 1}}")

        analysis = capsys.readouterr().err
        assert analysis.count("did you mean pyfly.app.name?") == 1
        assert "Correct or remove the keys; with pyfly.config.strict: false" in analysis

    async def test_no_bean_has_been_made(self) -> None:
        made: list[object] = []

        @service
        class Eager:
            def __init__(self) -> None:
                made.append(self)

        await report("shop: {max-line: 3}", ShopProperties, Eager)

        assert made == []

    async def test_key_that_is_not_strict_is_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        await start("pyfly: {config: {strict: false}}\nshop: {max-line: 3}", ShopProperties)

        (record,) = [it for it in caplog.records if it.name == "pyfly.config"]
        assert record.levelno == logging.WARNING
        assert record.getMessage() == (
            "shop.max-line: no such key, did you mean shop.max-lines? (pyfly.yaml, line 2)"
        )

    async def test_wrong_value_stops_a_start_that_is_not_strict(self) -> None:
        with pytest.raises(BeanCreationException, match=r"shop\.max-lines: expected an integer, got 'many'"):
            await start(
                "pyfly: {config: {strict: false}}\nshop: {max-line: 3, max-lines: many}", ShopProperties
            )

    async def test_section_without_effect_is_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        await start("pyfly: {casino: {ttl: 3}}")

        assert (
            "pyfly.casino: no installed distribution has settings there; pyfly.casino.ttl has no effect"
            in caplog.text
        )

    async def test_variable_that_looks_misspelt_is_a_warning(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYFLY_SHOP_MAX_LINE", "1")
        monkeypatch.setenv("PYFLY_SOMETHING_ELSE", "1")

        await start("", ShopProperties)

        warnings = [it.getMessage() for it in caplog.records if it.name == "pyfly.config"]
        assert warnings == ["PYFLY_SHOP_MAX_LINE is not a setting; did you mean PYFLY_SHOP_MAX_LINES?"]

    async def test_own_sections_without_a_class_are_free(self) -> None:
        await start("other: {max-line: 3}\nshop: {max-lines: 3}", ShopProperties)

    async def test_bean_that_a_profile_leaves_out_owns_its_keys(self) -> None:
        @component(profile="night")
        @config_properties("bar")
        @dataclass
        class BarProperties:
            open: bool = False

        await start("bar: {open: 1}", BarProperties)
        error = await report("bar: {opne: 1}", BarProperties)

        assert error.unknown[0].suggestions == ("bar.open",)


class TestKeysThatCodeNames:
    YAML = "shop: {max-lines: 3, extra: true}"

    async def test_condition_on_a_property(self) -> None:
        @conditional_on_property("shop.extra")
        @service
        class Extra: ...

        await start(self.YAML, ShopProperties, Extra)

    async def test_condition_on_an_expression(self) -> None:
        @configuration
        class Extras:
            @bean
            @conditional_on_expression("#{${shop.extra:false}}")
            def extra(self) -> Path:
                return Path()

        await start(self.YAML, ShopProperties, Extras)

    async def test_field(self) -> None:
        @service
        class Extra:
            extra: bool = Value("${shop.extra}")

        await start(self.YAML, ShopProperties, Extra)

    async def test_parameter(self) -> None:
        @service
        class Extra:
            def __init__(self, extra: Annotated[bool, Value("${shop.extra:false}")]) -> None:
                self.extra = extra

        await start(self.YAML, ShopProperties, Extra)

    async def test_parameter_of_a_bean_method(self) -> None:
        @configuration
        class Extras:
            @bean
            def extra(self, extra: Annotated[bool, Value("${shop.extra}")]) -> Path:
                return Path(str(extra))

        await start(self.YAML, ShopProperties, Extras)

    async def test_object_that_cannot_be_shown_is_passed_over(self) -> None:
        class Shy:
            def __repr__(self) -> str:
                raise RuntimeError("not now")

        shared = Shy()

        @service
        class Extra:
            shy = shared
            extra: bool = Value("${shop.extra}")

            def helper(self, shy: Shy = shared) -> None: ...

        await start(self.YAML, ShopProperties, Extra)

    async def test_condition_that_leaves_the_bean_out(self) -> None:
        @conditional_on_property("shop.extra", having_value="false")
        @service
        class Extra: ...

        await start(self.YAML, ShopProperties, Extra)


class TestBareContext:
    async def test_keys_are_not_looked_at(self) -> None:
        context = ApplicationContext(Config({"shop": {"max-line": 3}, "pyfly": {"app": {"nmae": "x"}}}))
        context.register_bean(ShopProperties)

        await context.start()
        await context.stop()

    async def test_values_of_all_classes_are_told_at_once(self) -> None:
        context = ApplicationContext(Config({"shop": {"max-lines": "x"}, "mart": {"size": "y"}}))
        context.register_bean(ShopProperties)
        context.register_bean(MartProperties)

        with pytest.raises(BeanCreationException) as caught:
            await context.start()

        error = caught.value.__cause__
        assert isinstance(error, InvalidConfigurationError)
        assert [problem.key for problem in error.problems] == ["shop.max-lines", "mart.size"]
        assert "Configuration validation failed for 'ShopProperties' (prefix='shop')" in str(caught.value)
        assert "Configuration validation failed for 'MartProperties' (prefix='mart')" in str(caught.value)

    async def test_class_is_bound_once(self) -> None:
        bound: list[object] = []

        @config_properties("shop")
        @dataclass
        class Counted:
            size: int = 1

            def __post_init__(self) -> None:
                bound.append(self)

        context = ApplicationContext(Config({}))
        context.register_bean(Counted)

        await context.start()
        await context.stop()

        assert bound == [context.get_bean(Counted)]


class TestRefresh:
    async def test_keys_are_checked_again(self) -> None:
        application = application_of("shop:\n  name: Corner\n", ShopProperties)
        await application.startup()
        write("shop:\n  nmae: Market\n  max-lines: many\n")

        with pytest.raises(InvalidConfigurationError) as caught:
            await application.context.get_bean(ContextRefresher).refresh()

        assert str(caught.value) == (
            "The configuration has 1 key that does not exist and 1 value that does not fit:\n"
            "  shop.nmae: no such key, did you mean shop.name? (pyfly.yaml, line 2)\n"
            "Configuration validation failed for 'ShopProperties' (prefix='shop'):\n"
            "  shop.max-lines: expected an integer, got 'many' (from pyfly.yaml, line 3)"
        )
        assert application.context.get_bean(ShopProperties).name == "Corner"
        assert application.config.get("shop.name") == "Corner"
        await application.shutdown()
