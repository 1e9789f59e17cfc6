# SPDX-License-Identifier: Apache-2.0
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from pyfly.config.store import Config
from pyfly.web.adapter_errors import UnknownWebAdapterError, WebAdapterDisabledError
from pyfly.web.adapter_selection import installed_adapters, select_adapter
from pyfly.web.ports import WebServerPort

Install = Callable[..., None]


class PlainAdapter(WebServerPort):
    def create_app(self, **kwargs: Any) -> Any:
        return "plain", kwargs


class EarlyAdapter(WebServerPort):
    order: ClassVar[int] = -5

    def create_app(self, **kwargs: Any) -> Any:
        return "early", kwargs


class LateAdapter(WebServerPort):
    order: ClassVar[int] = 5

    def create_app(self, **kwargs: Any) -> Any:
        return "late", kwargs


KINDS = {"plain": PlainAdapter, "early": EarlyAdapter, "late": LateAdapter}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Have exactly the given adapters installed, each as ``name="module:class"`` or as one of `KINDS`."""

    def installing(*kinds: str, **values: str) -> None:
        adapters = {kind: f"web_adapters_of_a_test:{KINDS[kind].__name__}" for kind in kinds} | values
        folder = tmp_path / "adapters-1.0.dist-info"
        folder.mkdir()
        lines = [f"{name} = {value}" for name, value in adapters.items()]
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: adapters\nVersion: 1.0\n", "utf-8")
        (folder / "entry_points.txt").write_text("\n".join(["[pyfly.web_adapters]", *lines]), "utf-8")
        others = [path for path in sys.path if "site-packages" not in path]
        monkeypatch.setattr(sys, "path", [str(tmp_path), *others])
        monkeypatch.setitem(sys.modules, "web_adapters_of_a_test", sys.modules[__name__])

    return installing


def config_of(adapter: str) -> Config:
    return Config({"pyfly": {"web": {"adapter": adapter}}})


def test_adapters_are_listed_by_their_order(install: Install) -> None:
    install("late", "plain", "early")

    assert list(installed_adapters()) == ["early", "plain", "late"]


def test_equal_adapters_are_listed_by_name(install: Install) -> None:
    install("plain", another="web_adapters_of_a_test:PlainAdapter")

    assert list(installed_adapters()) == ["another", "plain"]


def test_auto_takes_the_lowest_order(install: Install) -> None:
    install("late", "early")

    assert select_adapter() is EarlyAdapter
    assert select_adapter(config_of("auto")) is EarlyAdapter
    assert select_adapter(Config({})) is EarlyAdapter


@pytest.mark.parametrize("name", ["late", " Late ", "LATE"])
def test_name_is_taken_in_any_case(install: Install, name: str) -> None:
    install("late", "early")

    assert select_adapter(config_of(name)) is LateAdapter


def test_adapter_that_is_asked_for_is_the_only_one_imported(install: Install) -> None:
    install("late", broken="no_such_module_of_a_test:Adapter", pyfly="pyfly.no_such_module:Adapter")

    assert select_adapter(config_of("late")) is LateAdapter


def test_adapter_without_its_library_is_passed_over(install: Install) -> None:
    install("late", broken="no_such_module_of_a_test:Adapter")

    assert select_adapter() is LateAdapter
    with pytest.raises(UnknownWebAdapterError):
        select_adapter(config_of("broken"))


def test_part_of_pyfly_that_is_missing_is_a_fault(install: Install) -> None:
    install(broken="pyfly.no_such_module:Adapter")

    with pytest.raises(ModuleNotFoundError, match=r"pyfly\.no_such_module"):
        select_adapter()


def test_unknown_name_tells_the_known_ones(install: Install) -> None:
    install("late", "early")

    with pytest.raises(UnknownWebAdapterError) as caught:
        select_adapter(config_of("flask"))

    assert (caught.value.name, caught.value.installed) == ("flask", ("early", "late"))
    assert str(caught.value) == (
        "pyfly.web.adapter: expected auto, none or an installed adapter (early, late), got 'flask'"
        " (from applicationConfig)"
    )
    assert caught.value.action == (
        "Use auto or early, late, or install the distribution of the adapter 'flask'."
    )


def test_unknown_name_tells_its_source(install: Install, tmp_path: Path) -> None:
    install("late")
    (tmp_path / "pyfly.toml").write_text('[pyfly.web]\nadapter = "flask"\n', "utf-8")

    with pytest.raises(UnknownWebAdapterError, match=r"got 'flask' \(from .*pyfly\.toml"):
        select_adapter(Config.from_file(tmp_path / "pyfly.toml"))


def test_nothing_installed_tells_what_to_install(install: Install) -> None:
    install()

    with pytest.raises(UnknownWebAdapterError) as caught:
        select_adapter()

    assert str(caught.value) == "pyfly.web.adapter: no web adapter is installed"
    assert "pip install pyfly-web-starlette" in caught.value.action


def test_name_without_anything_installed_tells_both(install: Install) -> None:
    install()

    with pytest.raises(
        UnknownWebAdapterError, match=r"'flask' is asked for .*, but no web adapter is installed"
    ):
        select_adapter(config_of("flask"))


def test_none_is_refused() -> None:
    with pytest.raises(WebAdapterDisabledError) as caught:
        select_adapter(config_of("none"))

    assert "it says 'none'" in str(caught.value)
    assert "do not call create_app()" in caught.value.action


@pytest.mark.parametrize(
    "error", [UnknownWebAdapterError("flask", ["early"], "pyfly.yaml"), WebAdapterDisabledError("pyfly.yaml")]
)
def test_errors_survive_pickling(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), vars(copy)) == (str(error), vars(error))
