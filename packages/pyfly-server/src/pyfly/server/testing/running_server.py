# SPDX-License-Identifier: Apache-2.0
"""A server for the time of a block."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, Protocol

from pyfly.config.properties.server import ServerProperties
from pyfly.server.types import ServerInfo

__all__ = ["free_port", "running_server"]

_START: Final = 30.0
_STOP: Final = 35.0


class _Serving(Protocol):
    async def serve_async(self, app: str | Any, config: Any) -> None: ...

    def shutdown(self) -> None: ...

    @property
    def server_info(self) -> ServerInfo: ...


def free_port() -> int:
    """Return a TCP port of the loopback interface that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running_server(
    app: Any, adapter: _Serving, config: ServerProperties | None = None
) -> AsyncIterator[ServerInfo]:
    """Serve an application inside the block, in the running event loop.

    Args:
        app: The ASGI application.
        adapter: The server.
        config: The settings; a free port of the loopback interface when omitted.

    Yields:
        Where it is served, once it accepts connections.

    Raises:
        ServerStartError: It does not start.
        TimeoutError: It does not start or stop in time.
    """
    settings = ServerProperties(host="127.0.0.1", port=0) if config is None else config
    serving = asyncio.ensure_future(adapter.serve_async(app, settings))
    try:
        async with asyncio.timeout(_START):
            # The port tells no event when others can connect.
            while not (serving.done() or await _accepts(adapter.server_info)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

        if serving.done():
            serving.result()

        yield adapter.server_info
    finally:
        adapter.shutdown()
        done, _ = await asyncio.wait({serving}, timeout=_STOP)
        if not done:
            serving.cancel()
            raise TimeoutError(f"{adapter.server_info.name} did not stop within {_STOP:g} seconds")

    if not serving.cancelled():
        serving.result()


async def _accepts(info: ServerInfo) -> bool:
    if info.workers == 0:
        return False

    try:
        if info.port == 0:
            _, writer = await asyncio.open_unix_connection(info.host)
        else:
            _, writer = await asyncio.open_connection(info.host, info.port)
    except OSError:
        return False

    writer.close()
    with suppress(OSError):
        await writer.wait_closed()

    return True
