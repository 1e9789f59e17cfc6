# SPDX-License-Identifier: Apache-2.0
import dataclasses

import pytest

import pyfly.server
from pyfly.server import ApplicationServerPort, EventLoopPort, ServerInfo


class FourMembers:
    def serve(self, app, config): ...

    async def serve_async(self, app, config): ...

    def shutdown(self): ...

    @property
    def server_info(self): ...


class TwoMembers:
    name = "mine"

    def install(self): ...


def test_the_package_exports_the_ports_and_the_info():
    assert pyfly.server.__all__ == ["ApplicationServerPort", "EventLoopPort", "ServerInfo"]


def test_an_object_with_the_members_of_a_server_is_one():
    assert isinstance(FourMembers(), ApplicationServerPort)
    assert not isinstance(object(), ApplicationServerPort)


def test_an_object_with_the_members_of_an_event_loop_is_one():
    assert isinstance(TwoMembers(), EventLoopPort)
    assert not isinstance(object(), EventLoopPort)


def test_infos_with_equal_values_are_equal_and_do_not_change():
    info = ServerInfo("granian", "2.8", 1, "asyncio", "h1", "0.0.0.0", 8000)

    assert info == dataclasses.replace(info)
    with pytest.raises(AttributeError):
        info.port = 1
