# SPDX-License-Identifier: Apache-2.0
"""The custom server of the guide: a class that only has `run`, offered as a bean."""

from typing import Any

from pyfly.container import configuration
from pyfly.container.bean import bean
from pyfly.context import ApplicationContext
from pyfly.core import Config
from pyfly.server.ports.outbound import ApplicationServerPort


@configuration
class CustomServerConfig:
    @bean
    def application_server(self) -> ApplicationServerPort:
        return MyCustomServerAdapter()  # type: ignore[return-value]  # the short shape of the port is enough


class MyCustomServerAdapter:
    def run(self, app: Any, host: str, port: int, **kwargs: Any) -> None:
        self.served = (app, host, port, kwargs)


async def test_the_users_server_is_the_only_server_bean() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(CustomServerConfig)

    await context.start()

    servers = context.get_beans_of_type(ApplicationServerPort)
    assert [type(server) for server in servers] == [MyCustomServerAdapter]
    assert context.get_bean(ApplicationServerPort) is context.get_bean_by_name("application_server")
    await context.stop()
