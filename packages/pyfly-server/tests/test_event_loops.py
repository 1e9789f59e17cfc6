# SPDX-License-Identifier: Apache-2.0
import asyncio
from importlib.util import find_spec

import pytest

from pyfly.server import EventLoopPort
from pyfly.server.adapters.event_loop.asyncio_adapter import AsyncioEventLoopAdapter
from pyfly.server.adapters.event_loop.uvloop_adapter import UvloopEventLoopAdapter
from pyfly.server.adapters.event_loop.winloop_adapter import WinloopEventLoopAdapter
from pyfly.server.event_loops import select_event_loop
from pyfly.server.exceptions import RefusedSettingError

HAS_UVLOOP = find_spec("uvloop") is not None


async def running_loop_module():
    return type(asyncio.get_running_loop()).__module__.partition(".")[0]


@pytest.mark.parametrize(
    ("adapter", "name"),
    [
        (AsyncioEventLoopAdapter(), "asyncio"),
        (UvloopEventLoopAdapter(), "uvloop"),
        (WinloopEventLoopAdapter(), "winloop"),
    ],
)
def test_each_adapter_has_the_port_and_its_name(adapter, name):
    assert isinstance(adapter, EventLoopPort)
    assert adapter.name == name


def test_auto_takes_the_fastest_loop_that_is_installed():
    assert select_event_loop().name == ("uvloop" if HAS_UVLOOP else "asyncio")


@pytest.mark.parametrize("name", ["asyncio", *(["uvloop"] if HAS_UVLOOP else [])])
def test_the_factory_makes_a_loop_of_the_library(name):
    with asyncio.Runner(loop_factory=select_event_loop(name).loop_factory()) as runner:
        assert runner.run(running_loop_module()) == name


def test_installing_the_standard_loop_changes_nothing():
    AsyncioEventLoopAdapter().install()
    AsyncioEventLoopAdapter().configure()

    with asyncio.Runner() as runner:
        assert runner.run(running_loop_module()) == "asyncio"


def test_an_unknown_loop_is_refused_with_the_valid_names():
    with pytest.raises(RefusedSettingError) as caught:
        select_event_loop("tokio")

    assert caught.value.key == "pyfly.server.event-loop"
    assert caught.value.action == "Use one of: auto, asyncio, uvloop, winloop."


def test_a_loop_that_is_not_installed_is_refused():
    with pytest.raises(RefusedSettingError, match="its library is not installed"):
        select_event_loop("winloop")
