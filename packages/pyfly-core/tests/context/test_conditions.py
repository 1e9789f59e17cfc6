# SPDX-License-Identifier: Apache-2.0
import logging
import sys
from pathlib import Path

import pytest

from pyfly.container.ordering import order
from pyfly.container.types import Scope
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_bean,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
    conditional_on_property,
    conditional_on_resource,
    conditional_on_single_candidate,
    conditional_on_web_application,
)


class Port:
    """A type to condition on."""


@pytest.mark.parametrize(
    ("decorator", "stored"),
    [
        (
            conditional_on_property("a.b"),
            {"type": "on_property", "key": "a.b", "having_value": "", "match_if_missing": False},
        ),
        (
            conditional_on_property("a.b", "x", match_if_missing=True),
            {"type": "on_property", "key": "a.b", "having_value": "x", "match_if_missing": True},
        ),
        (conditional_on_expression("#{1}"), {"type": "on_expression", "expression": "#{1}"}),
        (conditional_on_bean(Port), {"type": "on_bean", "bean_type": Port}),
        (conditional_on_missing_bean(Port), {"type": "on_missing_bean", "bean_type": Port}),
        (conditional_on_single_candidate(Port), {"type": "on_single_candidate", "bean_type": Port}),
        (conditional_on_web_application(), {"type": "on_web_application"}),
        (conditional_on_resource("a.txt"), {"type": "on_resource", "path": "a.txt"}),
    ],
)
def test_decorator_stores_its_facts(decorator, stored) -> None:
    @decorator
    class OnClass:
        @decorator
        def method(self) -> None: ...

    assert OnClass.__pyfly_conditions__ == [stored]
    assert OnClass.method.__pyfly_conditions__ == [stored]


class TestStacking:
    def test_innermost_comes_first(self) -> None:
        @conditional_on_resource("outer")
        @conditional_on_resource("inner")
        class Both: ...

        assert [it["path"] for it in Both.__pyfly_conditions__] == ["inner", "outer"]

    def test_subclass_starts_with_its_own_list(self) -> None:
        @conditional_on_resource("base")
        class Base: ...

        @conditional_on_resource("derived")
        class Derived(Base): ...

        assert [it["path"] for it in Base.__pyfly_conditions__] == ["base"]
        assert [it["path"] for it in Derived.__pyfly_conditions__] == ["derived"]


def class_check(module_name: str) -> bool:
    @conditional_on_class(module_name)
    class Guarded: ...

    [condition] = Guarded.__pyfly_conditions__
    assert (condition["type"], condition["module_name"]) == ("on_class", module_name)
    return condition["check"]()


class TestConditionalOnClass:
    def test_installed_module(self) -> None:
        assert class_check("json.decoder")

    @pytest.mark.parametrize(
        "name", ["no_such", "no_such.module", "json.no_such", "json.decoder.JSONDecoder"]
    )
    def test_absent_module_is_silent(self, name: str, caplog: pytest.LogCaptureFixture) -> None:
        assert not class_check(name)
        assert caplog.records == []

    def test_module_is_not_imported(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "pyfly_test_costly.py").write_text("raise AssertionError")
        monkeypatch.syspath_prepend(tmp_path)

        assert class_check("pyfly_test_costly")

    @pytest.mark.parametrize("body", ["raise RuntimeError('no driver')", "import pyfly_test_absent_library"])
    def test_broken_parent_is_absent_with_a_warning(
        self, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "pyfly_test_broken").mkdir()
        (tmp_path / "pyfly_test_broken" / "__init__.py").write_text(body)
        (tmp_path / "pyfly_test_broken" / "inner.py").write_text("")
        monkeypatch.syspath_prepend(tmp_path)

        assert not class_check("pyfly_test_broken.inner")
        [record] = caplog.records
        assert (record.levelno, record.getMessage()) == (logging.WARNING, "module_presence_check_failed")

    def test_module_blocked_by_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "json", None)

        assert not class_check("json")


class TestAutoConfiguration:
    def test_bare(self) -> None:
        @auto_configuration
        class Defaults: ...

        assert Defaults.__pyfly_auto_configuration__ is True
        assert Defaults.__pyfly_injectable__ is True
        assert Defaults.__pyfly_stereotype__ == "configuration"
        assert Defaults.__pyfly_scope__ is Scope.SINGLETON
        assert Defaults.__pyfly_order__ == 1000
        assert Defaults.__pyfly_auto_configuration_before__ == ()
        assert Defaults.__pyfly_auto_configuration_after__ == ()

    def test_called(self) -> None:
        @auto_configuration(before=["pkg.Later", Port], after=("first",), order=7)
        class Placed: ...

        assert Placed.__pyfly_auto_configuration_before__ == ("pkg.Later", Port)
        assert Placed.__pyfly_auto_configuration_after__ == ("first",)
        assert Placed.__pyfly_order__ == 7

    def test_order_and_scope_of_the_class_stay(self) -> None:
        @auto_configuration
        @order(3)
        class Ordered:
            __pyfly_scope__ = Scope.TRANSIENT

        assert Ordered.__pyfly_order__ == 3
        assert Ordered.__pyfly_scope__ is Scope.TRANSIENT

    def test_lone_name_is_refused(self) -> None:
        with pytest.raises(TypeError, match=r"write before=\['web'\]"):
            auto_configuration(before="web")(Port)
