# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import configuration
from pyfly.context.application_context import ApplicationContext
from pyfly.server import ApplicationServerPort
from pyfly.server.adapters.granian.adapter import GranianServerAdapter


class OwnServer:
    def run(self, app, host, port, **kwargs): ...


@configuration
class OwnServerConfiguration:
    @bean
    def server(self) -> ApplicationServerPort:
        return OwnServer()


async def servers_of(settings, *classes):
    context = ApplicationContext(Config({"pyfly": {"server": settings}}))
    for cls in classes:
        context.register_bean(cls)
    await context.start()
    try:
        return [type(server) for server in context.get_beans_of_type(ApplicationServerPort)]
    finally:
        await context.stop()


@pytest.mark.parametrize("settings", [{}, {"type": "auto"}, {"type": "granian"}])
async def test_granian_is_the_one_server_bean(settings):
    assert await servers_of(settings) == [GranianServerAdapter]


async def test_a_server_of_the_application_suppresses_granian():
    assert await servers_of({}, OwnServerConfiguration) == [OwnServer]


async def test_a_type_that_is_not_installed_stops_the_start():
    with pytest.raises(Exception, match="no server named 'tomcat' is installed"):
        await servers_of({"type": "tomcat"})
