# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import configuration
from pyfly.context.application_context import ApplicationContext
from pyfly.server import EventLoopPort
from pyfly.server.auto_configuration import EventLoopAutoConfiguration, ServerAutoConfiguration
from pyfly.server.event_loops import select_event_loop


class OwnLoop(EventLoopPort):
    @property
    def name(self):
        return "own"

    def install(self): ...


@configuration
class OwnLoopConfiguration:
    @bean
    def loop(self) -> EventLoopPort:
        return OwnLoop()


async def loops_of(settings, *classes):
    context = ApplicationContext(Config({"pyfly": {"server": settings}}))
    for cls in classes:
        context.register_bean(cls)
    await context.start()
    try:
        return [loop.name for loop in context.get_beans_of_type(EventLoopPort)]
    finally:
        await context.stop()


def test_both_configurations_are_marked():
    assert ServerAutoConfiguration.__pyfly_auto_configuration__
    assert EventLoopAutoConfiguration.__pyfly_auto_configuration__


async def test_exactly_one_loop_is_a_bean_and_it_is_the_one_that_auto_selects():
    assert await loops_of({}) == [select_event_loop("auto").name]


@pytest.mark.parametrize("name", ["auto", "asyncio"])
async def test_the_setting_constrains_the_loop(name):
    assert await loops_of({"event-loop": name}) == [select_event_loop(name).name]


async def test_a_loop_of_the_application_suppresses_the_others():
    assert await loops_of({}, OwnLoopConfiguration) == ["own"]
