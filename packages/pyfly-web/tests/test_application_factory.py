# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import component, configuration
from pyfly.context.application_context import ApplicationContext
from pyfly.context.conditions import conditional_on_property
from pyfly.web import create_app
from pyfly.web.adapter_errors import UnknownWebAdapterError, WebAdapterDisabledError
from pyfly.web.auto_configuration import WebAdapterAutoConfiguration, WebAutoConfiguration
from pyfly.web.ports import WebServerPort


class InstalledAdapter(WebServerPort):
    def create_app(self, **kwargs: Any) -> Any:
        return "installed", kwargs


@component
class OwnAdapter(WebServerPort):
    def create_app(self, **kwargs: Any) -> Any:
        return "own", kwargs


@component
@conditional_on_property("own")
class ConditionalAdapter(WebServerPort):
    def create_app(self, **kwargs: Any) -> Any:
        return "conditional", kwargs


@configuration
class OwnConfiguration:
    @bean
    def adapter(self) -> WebServerPort:
        return OwnAdapter()


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "adapters-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: adapters\nVersion: 1.0\n", "utf-8")
    (folder / "entry_points.txt").write_text(
        "[pyfly.web_adapters]\n"
        "installed = web_factory_of_a_test:InstalledAdapter\n"
        "[pyfly.auto_configuration]\n"
        "web = pyfly.web.auto_configuration:WebAutoConfiguration\n"
        "web-adapter = pyfly.web.auto_configuration:WebAdapterAutoConfiguration\n",
        "utf-8",
    )
    others = [path for path in sys.path if "site-packages" not in path]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *others])
    monkeypatch.setitem(sys.modules, "web_factory_of_a_test", sys.modules[__name__])


def context_of(*beans: type, **web: Any) -> ApplicationContext:
    context = ApplicationContext(Config({"pyfly": {"web": web}, **({"own": True} if web.get("own") else {})}))
    for each in beans:
        context.register_bean(each)

    return context


def test_installed_adapter_builds_the_application() -> None:
    context = context_of()

    assert create_app(title="Shop", context=context) == ("installed", {"title": "Shop", "context": context})


def test_no_context_is_needed() -> None:
    assert create_app(title="Shop") == ("installed", {"title": "Shop"})


def test_bean_of_the_application_goes_before_installed_adapters() -> None:
    assert create_app(context=context_of(OwnAdapter))[0] == "own"


async def test_bean_of_a_started_context_is_taken() -> None:
    context = context_of(OwnConfiguration)
    await context.start()

    assert create_app(context=context)[0] == "own"
    await context.stop()


def test_bean_with_conditions_is_not_known_before_the_start() -> None:
    assert create_app(context=context_of(ConditionalAdapter))[0] == "installed"


async def test_bean_with_conditions_is_known_after_the_start() -> None:
    context = ApplicationContext(Config({"own": "yes"}))
    context.register_bean(ConditionalAdapter)
    await context.start()

    assert create_app(context=context)[0] == "conditional"
    await context.stop()


async def test_started_context_has_the_installed_adapter_as_a_bean() -> None:
    context = context_of()
    await context.start()

    assert isinstance(context.get_bean(WebServerPort), InstalledAdapter)
    assert create_app(context=context)[0] == "installed"
    await context.stop()


async def test_unknown_adapter_stops_the_start() -> None:
    context = context_of(adapter="flask")

    with pytest.raises(Exception, match="got 'flask'") as caught:
        await context.start()

    assert isinstance(caught.value.__cause__, UnknownWebAdapterError)
    with pytest.raises(UnknownWebAdapterError):
        create_app(context=context_of(adapter="flask"))


async def test_none_leaves_the_bean_out() -> None:
    context = context_of(adapter="none")
    await context.start()

    assert context.container.instances_of(WebServerPort) == []
    with pytest.raises(WebAdapterDisabledError):
        create_app(context=context)

    await context.stop()


def test_none_refuses_the_bean_of_the_application_too() -> None:
    with pytest.raises(WebAdapterDisabledError):
        create_app(context=context_of(OwnAdapter, adapter="none"))


async def test_disabled_web_layer_configures_nothing() -> None:
    context = context_of(enabled=False)
    await context.start()

    assert context.container.registrations_of(WebAutoConfiguration) == []
    assert context.container.registrations_of(WebAdapterAutoConfiguration) == []
    await context.stop()


def test_something_else_as_context_is_refused() -> None:
    with pytest.raises(TypeError, match="takes an ApplicationContext, not str"):
        create_app(context="context")


def test_importing_the_web_layer_imports_no_http_framework() -> None:
    code = (
        "import sys, pyfly.web, pyfly.web.testing;"
        "print(sorted({'starlette', 'fastapi', 'httpx', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"
