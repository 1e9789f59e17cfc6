# SPDX-License-Identifier: Apache-2.0
import sys
from collections.abc import Callable
from importlib import invalidate_caches
from pathlib import Path

import pytest

from pyfly.config import AutoConfiguration, discover_auto_configurations
from pyfly.config.errors import AutoConfigurationError, ConfigurationError, DefaultsConflictError
from pyfly.config.store import Config

Install = Callable[..., None]

MODULE = """
class Marked:
    __pyfly_auto_configuration__ = True

class Second(Marked):
    pass

class Unmarked:
    pass

DEFAULTS = {"pyfly.acme.size": 3, "pyfly.acme": {"colour": "red"}}
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution `acme` with one module and the given entry points, and hide all others."""

    def distribution(
        entries: dict[str, str], group: str = "pyfly.auto_configuration", module: str = MODULE
    ) -> None:
        name = f"acme_{tmp_path.name.replace('-', '_')}"
        (tmp_path / f"{name}.py").write_text(module)
        information = tmp_path / "acme-1.0.dist-info"
        information.mkdir(exist_ok=True)
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
        lines = [f"{entry} = {target.replace('acme', name)}" for entry, target in entries.items()]
        (information / "entry_points.txt").write_text("\n".join([f"[{group}]", *lines, ""]))
        others = [path for path in sys.path if not path.endswith("site-packages")]
        monkeypatch.setattr(sys, "path", [str(tmp_path), *others])
        invalidate_caches()

    return distribution


def found(exclude: tuple[str, ...] = ()) -> list[str]:
    return [
        cls.__name__ for cls in discover_auto_configurations(exclude) if cls.__module__.startswith("acme")
    ]


def test_marked_classes_are_found_by_entry_point_name(install: Install) -> None:
    install({"b": "acme:Marked", "a": "acme:Second", "c": "acme:Unmarked", "d": "acme:Marked"})
    assert found() == ["Second", "Marked"]


def test_result_is_the_callers_own(install: Install) -> None:
    install({"a": "acme:Marked"})
    discover_auto_configurations().clear()
    assert found() == ["Marked"]


@pytest.mark.parametrize("form", ["b", "{module}:Marked", "{module}.Marked"])
def test_excluded_entry_is_left_out(install: Install, tmp_path: Path, form: str) -> None:
    install({"a": "acme:Second", "b": "acme:Marked"})
    module = f"acme_{tmp_path.name.replace('-', '_')}"
    assert found((form.format(module=module),)) == ["Second"]


def test_excluded_entry_is_not_even_imported(install: Install) -> None:
    install({"a": "acme:Marked"}, module="raise RuntimeError('imported')")
    assert found(("a",)) == []


def test_exclusion_of_nothing_is_said(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    install({"a": "acme:Marked"})
    found(("nothing",))
    assert "No auto-configuration is called ['nothing']" in caplog.text


def test_entry_whose_library_is_missing_is_left_out(
    install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pyfly.config")
    install({"a": "acme:Marked"}, module="import not_a_library_of_test")
    assert found() == []
    assert "Auto-configuration a is left out: module not_a_library_of_test is not installed" in caplog.text


@pytest.mark.parametrize(
    ("module", "target", "reason"),
    [
        (MODULE, "acme:Missing", "AttributeError"),
        ("import pyfly.not_a_module", "acme:Marked", "No module named 'pyfly.not_a_module'"),
        ("from json import not_a_name", "acme:Marked", "ImportError: cannot import name 'not_a_name'"),
        ("def (", "acme:Marked", "SyntaxError"),
    ],
)
def test_entry_that_is_broken_is_named(install: Install, module: str, target: str, reason: str) -> None:
    install({"broken": target}, module=module)
    with pytest.raises(AutoConfigurationError, match="Auto-configuration 'broken'") as caught:
        discover_auto_configurations()

    assert (caught.value.entry, caught.value.distribution) == ("broken", "acme")
    assert reason in caught.value.reason
    assert "pyfly.autoconfigure.exclude" in caught.value.action


def test_distribution_contributes_defaults(install: Install, tmp_path: Path) -> None:
    install({"acme": "acme:DEFAULTS"}, group="pyfly.config_defaults")
    config = Config.from_sources(tmp_path)
    assert config.to_dict() == {"pyfly": {"acme": {"size": 3, "colour": "red"}}}


def test_default_tells_which_distribution_contributes_it(install: Install, tmp_path: Path) -> None:
    install({"acme": "acme:DEFAULTS"}, group="pyfly.config_defaults")
    config = Config.from_sources(tmp_path)
    module = f"acme_{tmp_path.name.replace('-', '_')}"
    origin = f"pyfly-defaults.yaml (framework defaults), from acme ({module}:DEFAULTS)"
    assert config.loaded_sources == ["pyfly-defaults.yaml (framework defaults)"]
    assert config.origin("pyfly.acme.size") == origin
    assert config.property_sources() == [
        {
            "name": "pyfly-defaults.yaml (framework defaults)",
            "properties": {
                "pyfly.acme.size": {"value": 3, "origin": origin},
                "pyfly.acme.colour": {"value": "red", "origin": origin},
            },
        }
    ]


CONFLICT = """
FIRST = {"pyfly.acme": {"pool-size": 1, "same": [1], "more": {}}}
"""


@pytest.mark.parametrize(
    ("second", "key"),
    [
        ('{"pyfly.acme.pool_size": 2}', "pyfly.acme.pool_size"),
        ('{"pyfly.acme.pool-size": {"inner": 2}}', "pyfly.acme.pool-size.inner"),
        ('{"pyfly.acme": 2}', "pyfly.acme"),
    ],
)
def test_distributions_that_disagree_are_both_named(
    install: Install, tmp_path: Path, second: str, key: str
) -> None:
    module = f"{CONFLICT}SECOND = {second}\n"
    install({"a": "acme:FIRST", "b": "acme:SECOND"}, group="pyfly.config_defaults", module=module)
    with pytest.raises(DefaultsConflictError) as caught:
        Config.from_sources(tmp_path)

    name = f"acme_{tmp_path.name.replace('-', '_')}"
    assert str(caught.value) == (
        f"{key}: acme ({name}:FIRST) and acme ({name}:SECOND) contribute different defaults"
    )


def test_distributions_may_agree(install: Install, tmp_path: Path) -> None:
    module = CONFLICT + 'SECOND = {"pyfly.acme": {"pool_size": 1, "same": [1], "more": {"x": 1}}}\n'
    install({"a": "acme:FIRST", "b": "acme:SECOND"}, group="pyfly.config_defaults", module=module)
    assert Config.from_sources(tmp_path).get("pyfly.acme.more.x") == 1


def test_defaults_that_are_no_mapping_are_refused(install: Install, tmp_path: Path) -> None:
    install({"acme": "acme:Marked"}, group="pyfly.config_defaults")
    with pytest.raises(ConfigurationError, match=r"'acme' of group 'pyfly\.config_defaults'"):
        Config.from_sources(tmp_path)


@pytest.mark.parametrize(
    ("module", "available"),
    [
        ("json", True),
        ("json.decoder", True),
        ("not_a_module", False),
        ("not_a_module.inner", False),
        ("json.x", False),
    ],
)
def test_availability_of_a_module_is_told(module: str, available: bool) -> None:
    assert AutoConfiguration.is_available(module) is available


def test_blocked_module_is_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "json", None)
    assert not AutoConfiguration.is_available("json")
