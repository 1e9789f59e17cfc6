# SPDX-License-Identifier: Apache-2.0
from importlib.metadata import entry_points
from typing import Any

import pytest
from fastapi import FastAPI

from pyfly.container.stereotypes import component
from pyfly.web.adapters.fastapi import FastAPIWebAdapter
from pyfly.web.adapters.fastapi.auto_configuration import FastAPIAutoConfiguration
from pyfly.web.ports import WebServerPort


@component
class OtherAdapter(WebServerPort):
    def create_app(self, **kwargs: Any) -> str:
        return "other"


def test_entry_points_name_the_classes() -> None:
    (found,) = entry_points(group="pyfly.auto_configuration", name="web-fastapi")
    (adapter,) = entry_points(group="pyfly.web_adapters", name="fastapi")

    assert found.load() is FastAPIAutoConfiguration
    assert adapter.load() is FastAPIWebAdapter


@pytest.mark.parametrize("web", [{}, {"adapter": "auto"}, {"adapter": "fastapi"}])
async def test_adapter_is_there_by_itself(new_context: Any, web: dict[str, Any]) -> None:
    context = new_context(config={"pyfly": {"web": web}})
    await context.start()

    assert isinstance(context.get_bean(WebServerPort), FastAPIWebAdapter)
    await context.stop()


@pytest.mark.parametrize("web", [{"adapter": "starlette"}, {"adapter": "none"}, {"enabled": False}])
async def test_adapter_is_left_out_if_configured(new_context: Any, web: dict[str, Any]) -> None:
    context = new_context(config={"pyfly": {"web": web}})
    await context.start()

    assert not any(isinstance(it, FastAPIWebAdapter) for it in context.container.instances_of(WebServerPort))
    await context.stop()


async def test_adapter_of_the_application_takes_precedence(new_context: Any) -> None:
    context = new_context(OtherAdapter)
    await context.start()

    assert isinstance(context.get_bean(WebServerPort), OtherAdapter)
    await context.stop()


def test_adapter_builds_applications() -> None:
    adapter = FastAPIWebAdapter()

    assert isinstance(adapter, WebServerPort)
    assert isinstance(adapter.create_app(title="Shop"), FastAPI)
