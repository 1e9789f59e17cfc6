# SPDX-License-Identifier: Apache-2.0
"""The server and the event loop as beans."""

from pyfly.config.properties.server import ServerProperties
from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
)
from pyfly.server.event_loops import select_event_loop
from pyfly.server.ports.event_loop import EventLoopPort
from pyfly.server.ports.outbound import ApplicationServerPort
from pyfly.server.selection import installed_servers, select_server

_AFTER_THE_SERVERS = 2000
_LOOP = "${pyfly.server.event-loop:auto}"


@auto_configuration(order=_AFTER_THE_SERVERS)
@conditional_on_missing_bean(ApplicationServerPort)
class ServerAutoConfiguration:
    """Provide the server that no other auto-configuration provides.

    Each shipped server brings its own auto-configuration, ordered before this one. What is left are servers
    that are only registered in entry-point group ``pyfly.servers``, and the error for a
    ``pyfly.server.type`` that nothing answers to.
    """

    @bean
    def application_server(self, config: Config) -> ApplicationServerPort | None:
        """Return the server that ``pyfly.server.type`` selects; none if none is asked for nor installed."""
        requested = config.bind(ServerProperties).type
        if requested == "auto" and not installed_servers():
            return None

        server: ApplicationServerPort = select_server(requested).create()
        return server


@auto_configuration
@conditional_on_missing_bean(EventLoopPort)
class EventLoopAutoConfiguration:
    """Provide the fastest event loop that is installed and that ``pyfly.server.event-loop`` allows."""

    @bean
    @conditional_on_class("uvloop")
    @conditional_on_expression(f'#{{{_LOOP} == "auto" or {_LOOP} == "uvloop"}}')
    @conditional_on_missing_bean(EventLoopPort)
    def uvloop(self) -> EventLoopPort:
        """Return uvloop, where it is installed."""
        return select_event_loop("uvloop")

    @bean
    @conditional_on_class("winloop")
    @conditional_on_expression(f'#{{{_LOOP} == "auto" or {_LOOP} == "winloop"}}')
    @conditional_on_missing_bean(EventLoopPort)
    def winloop(self) -> EventLoopPort:
        """Return winloop, where it is installed."""
        return select_event_loop("winloop")

    @bean
    @conditional_on_expression(f'#{{{_LOOP} == "auto" or {_LOOP} == "asyncio"}}')
    @conditional_on_missing_bean(EventLoopPort)
    def asyncio_loop(self) -> EventLoopPort:
        """Return the standard library's loop."""
        return select_event_loop("asyncio")
