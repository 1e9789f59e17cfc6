# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.container.stereotypes import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import get_mapping, post_mapping, request_mapping


@rest_controller
@request_mapping("/orders")
class Orders:
    @post_mapping("")
    async def place(self) -> None: ...

    @get_mapping("/{number}")
    @get_mapping("/by-number/{number}")
    async def find(self) -> None: ...


@pyfly_application(name="shop")
class Shop: ...


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


async def lines_of_start(folder: Path, capsys: pytest.CaptureFixture[str], *controllers: type) -> list[str]:
    application = PyFlyApplication(Shop, folder)
    for controller in controllers:
        application.context.register_bean(controller)

    await application.startup()
    lines = [line.partition("pyfly.core: ")[2] for line in capsys.readouterr().out.splitlines()]
    await application.shutdown()
    return lines


async def test_start_tells_which_method_serves_which_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = await lines_of_start(tmp_path, capsys, Orders)

    place = lines.index("mapped_endpoints | count=3")
    assert lines[place + 1 : place + 4] == [
        "request_mapping | method=POST path=/orders handler=Orders.place",
        "request_mapping | method=GET path=/orders/by-number/{number} handler=Orders.find",
        "request_mapping | method=GET path=/orders/{number} handler=Orders.find",
    ]
    assert lines[place + 4 : place + 7] == [
        "api_documentation | swagger_ui=/docs",
        "api_documentation | redoc=/redoc",
        "api_documentation | openapi=/openapi.json",
    ]
    assert lines[place + 7].startswith("application_started | app=shop")


async def test_settings_of_the_application_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyfly.yaml").write_text("pyfly: {web: {base-path: /api, docs: {enabled: false}}}")

    lines = await lines_of_start(tmp_path, capsys, Orders)

    assert "request_mapping | method=POST path=/api/orders handler=Orders.place" in lines
    assert not [line for line in lines if line.startswith("api_documentation")]


async def test_start_without_controllers_tells_nothing_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = await lines_of_start(tmp_path, capsys)

    assert not [line for line in lines if line.startswith(("mapped_endpoints", "request_mapping"))]
