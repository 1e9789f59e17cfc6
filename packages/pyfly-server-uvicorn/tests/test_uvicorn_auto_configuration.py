# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import configuration
from pyfly.context.application_context import ApplicationContext
from pyfly.server import ApplicationServerPort
from pyfly.server.adapters.uvicorn.adapter import UvicornServerAdapter


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


async def test_uvicorn_is_the_one_server_bean_where_it_is_asked_for():
    assert await servers_of({"type": "uvicorn"}) == [UvicornServerAdapter]


async def test_there_is_one_server_bean_where_none_is_asked_for():
    assert len(await servers_of({})) == 1


@pytest.mark.parametrize("settings", [{}, {"type": "uvicorn"}])
async def test_a_server_of_the_application_suppresses_uvicorn(settings):
    assert await servers_of(settings, OwnServerConfiguration) == [OwnServer]
