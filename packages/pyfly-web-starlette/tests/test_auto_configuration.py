# SPDX-License-Identifier: Apache-2.0
from importlib.metadata import entry_points
from typing import Any

import pytest
from starlette.applications import Starlette

from pyfly.config.store import Config
from pyfly.container.stereotypes import component
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette import StarletteWebAdapter
from pyfly.web.adapters.starlette.auto_configuration import StarletteAutoConfiguration
from pyfly.web.ports import WebServerPort


@component
class OtherAdapter(WebServerPort):
    def create_app(self, **kwargs: Any) -> str:
        return "other"


def test_entry_points_name_the_classes() -> None:
    (found,) = entry_points(group="pyfly.auto_configuration", name="web-starlette")
    (adapter,) = entry_points(group="pyfly.web_adapters", name="starlette")

    assert found.load() is StarletteAutoConfiguration
    assert adapter.load() is StarletteWebAdapter


async def test_adapter_is_there_if_asked_for() -> None:
    context = ApplicationContext(Config({"pyfly": {"web": {"adapter": "starlette"}}}))
    await context.start()

    assert isinstance(context.get_bean(WebServerPort), StarletteWebAdapter)  # type: ignore[type-abstract]
    await context.stop()


@pytest.mark.parametrize("web", [{"adapter": "none"}, {"enabled": False}])
async def test_adapter_is_left_out_if_configured(web: dict[str, Any]) -> None:
    context = ApplicationContext(Config({"pyfly": {"web": web}}))
    await context.start()

    assert not any(
        isinstance(it, StarletteWebAdapter) for it in context.container.instances_of(WebServerPort)
    )
    await context.stop()


async def test_adapter_of_the_application_takes_precedence() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(OtherAdapter)
    await context.start()

    assert isinstance(context.get_bean(WebServerPort), OtherAdapter)  # type: ignore[type-abstract]
    await context.stop()


def test_adapter_builds_applications() -> None:
    adapter = StarletteWebAdapter()

    app = adapter.create_app(title="Shop")

    assert isinstance(adapter, WebServerPort)
    assert isinstance(app, Starlette)
