# SPDX-License-Identifier: Apache-2.0
"""Check the settings of the server, and that its address is free."""

from collections.abc import Iterator
from typing import Any

from pyfly.cli.checks.result import CheckResult, State, failure_of
from pyfly.config.errors import BindingError
from pyfly.config.properties.server import ServerProperties, resolve_app_host, resolve_app_port
from pyfly.config.store import Config
from pyfly.server.event_loops import select_event_loop
from pyfly.server.exceptions import ServerStartError
from pyfly.server.listeners import bind_sockets
from pyfly.server.selection import select_server
from pyfly.server.short_servers import refuse_settings_beyond_address


def check_server(config: Config, *, needed: bool) -> Iterator[CheckResult]:
    """Choose server and event loop as ``pyfly run`` does, let them judge the settings, and try the address.

    Args:
        config: The configuration.
        needed: Whether there is an application to serve; otherwise nothing is a failure.
    """
    state: State = "failure" if needed else "warning"
    try:
        properties = config.bind(ServerProperties)
    except BindingError:
        yield CheckResult(
            "Server", state, "its settings cannot be read", "See what is said of the configuration."
        )
        return

    try:
        properties.host = resolve_app_host(config)
        properties.port = resolve_app_port(config)
        server = select_server(properties.type)
        adapter = server.create()
        _check_settings(adapter, properties, server.name)
        loop = select_event_loop(properties.event_loop, server=server.name)
    except Exception as error:
        yield failure_of("Server", error, state)
        return

    yield CheckResult("Server", "ok", f"{server.name}, event loop {loop.name}")
    yield _check_address(properties, state)


def _check_settings(adapter: Any, properties: ServerProperties, name: str) -> None:
    if hasattr(adapter, "check"):
        adapter.check(properties)
    elif not hasattr(adapter, "serve"):
        refuse_settings_beyond_address(properties, name)


def _check_address(properties: ServerProperties, state: State) -> CheckResult:
    if properties.uds is not None:
        # To bind it is to make its file, and there may be a server behind it.
        return CheckResult("Port", "ok", f"none, the Unix socket {properties.uds} is used (not tried)")

    try:
        sockets = bind_sockets(properties.host, properties.port)
    except ServerStartError as error:
        return failure_of("Port", error, state)

    sockets.close()
    shown = "any free one" if properties.port == 0 else f"{properties.port} of {sockets.host} is free"
    return CheckResult("Port", "ok", shown)
