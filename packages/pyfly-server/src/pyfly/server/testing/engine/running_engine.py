# SPDX-License-Identifier: Apache-2.0
"""An engine that runs, on a port of its own, for a test."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from pyfly.server.asgi import Application
from pyfly.server.engine import ServerEngine
from pyfly.server.listeners import BoundSockets, bind_sockets
from pyfly.server.testing.engine.http_connection import HttpConnection
from pyfly.server.testing.engine.probe_application import ProbeApplication

__all__ = ["RunningEngine", "running_engine", "until"]

_LIMIT: Final = 20.0


@dataclass(frozen=True, slots=True)
class RunningEngine:
    """Hold an engine that runs.

    Attributes:
        engine: The engine.
        application: What it serves, unless the test brings something else.
        sockets: Where it accepts.
    """

    engine: ServerEngine
    application: ProbeApplication
    sockets: BoundSockets

    @property
    def address(self) -> tuple[str, int] | str:
        """Host and port, or the path of a Unix socket."""
        return (self.sockets.host, self.sockets.port) if self.sockets.port else self.sockets.host

    def connection(self, *, tls: ssl.SSLContext | None = None) -> AbstractAsyncContextManager[HttpConnection]:
        """Connect to it."""
        return HttpConnection.to(self.address, tls=tls)

    async def finish_soon(self, timeout: float = _LIMIT) -> "asyncio.Task[None]":
        """Begin to finish, and go on when the listening sockets are closed."""
        finishing = asyncio.create_task(self.engine.finish(timeout))
        await until(lambda: self.sockets.stream.fileno() < 0)
        return finishing


@asynccontextmanager
async def running_engine(
    engine: ServerEngine,
    *,
    application: Application | None = None,
    uds: str | None = None,
    quic: bool = False,
    state: dict[str, Any] | None = None,
) -> AsyncIterator[RunningEngine]:
    """Run an engine, and cut what is left of it in the end.

    Args:
        engine: The engine.
        application: What it serves in place of a `ProbeApplication`.
        uds: The path of a Unix socket to use in place of a port.
        quic: Whether it gets a UDP socket too.
        state: What a lifespan would have left.
    """
    probe = ProbeApplication()
    sockets = bind_sockets("127.0.0.1", 0, uds=uds, quic=quic)
    try:
        sockets.listen(64)
        await engine.start(application or probe, state or {}, sockets.sockets)
        try:
            yield RunningEngine(engine, probe, sockets)
        finally:
            probe.release.set()
            async with asyncio.timeout(_LIMIT):
                await engine.finish(0)
    finally:
        sockets.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: It has not come true.
    """
    async with asyncio.timeout(_LIMIT):
        while not condition():  # noqa: ASYNC110  # not every condition has an event
            await asyncio.sleep(0.005)
