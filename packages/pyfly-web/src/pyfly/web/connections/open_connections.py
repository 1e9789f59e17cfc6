# SPDX-License-Identifier: Apache-2.0
"""What is open for long: event streams and WebSockets."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableSequence
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

from pyfly.context.application_context import ApplicationContext
from pyfly.context.events import ContextClosedEvent, app_event_listener
from pyfly.web.connections.stop_signals import forget_stop_signals, notice_stop_signals

__all__ = ["BEFORE_STOP", "OpenConnection", "OpenConnections", "open_connections_of"]

BEFORE_STOP: Final = "pyfly.server.before_stop"
"""Where the state of an ASGI scope may have a list of what its server awaits before it stops."""

BeforeStop: TypeAlias = MutableSequence[Callable[[], Awaitable[None]]]

_AFTER_SIGNAL: Final = 30.0
_BEFORE_STOP: Final = 2.0


class OpenConnection(Protocol):
    """One connection."""

    def end(self) -> None:
        """Begin to end; called in the event loop of the connection, and more than once maybe."""
        ...


class OpenConnections:
    """The connections of an application that stay open until somebody ends them.

    They end when the process is signalled to stop, when the context closes, and when `end_all` is called.
    """

    def __init__(self) -> None:
        self._open: dict[OpenConnection, tuple[asyncio.AbstractEventLoop, str]] = {}
        self._counts: Counter[str] = Counter()
        self._waiters: set[asyncio.Future[None]] = set()
        self._stopping_until = 0.0

    def __len__(self) -> int:
        return len(self._open)

    def count(self, kind: str) -> int:
        """Return how many connections of a kind are open."""
        return self._counts[kind]

    @property
    def stopping(self) -> bool:
        """Whether a new connection should end at once: the server is about to stop."""
        return time.monotonic() < self._stopping_until

    def add(
        self, connection: OpenConnection, kind: str, scope: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """Take in a connection of the running event loop.

        Args:
            connection: The connection; told at once when the server is about to stop.
            kind: What it counts as.
            scope: Its ASGI scope, where some servers let themselves be asked to wait before they stop.
        """
        self._open[connection] = (asyncio.get_running_loop(), kind)
        self._counts[kind] += 1
        notice_stop_signals(self._signalled)
        before_stop: BeforeStop | None = scope.get("state", {}).get(BEFORE_STOP)
        if before_stop is not None and self._end_before_stop not in before_stop:
            before_stop.append(self._end_before_stop)

        if self.stopping:
            connection.end()

    def discard(self, connection: OpenConnection) -> None:
        """Forget a connection that has ended."""
        found = self._open.pop(connection, None)
        if found is None:
            return

        self._counts[found[1]] -= 1
        if not self._open:
            forget_stop_signals(self._signalled)
            for waiter in tuple(self._waiters):
                _schedule(waiter.get_loop(), _settle, waiter)

    def end_all(self) -> None:
        """Begin to end all connections, and those to come; from any thread."""
        self._end_for(float("inf"))

    async def wait_until_none(self) -> None:
        """Wait until no connection is open; the caller sets the limit."""
        if not self._open:
            return

        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    @app_event_listener
    async def on_context_closed(self, event: ContextClosedEvent) -> None:
        """End all connections while every bean still works."""
        self.end_all()
        await self.wait_until_none()

    async def _end_before_stop(self) -> None:
        self._end_for(time.monotonic() + _AFTER_SIGNAL)
        try:
            async with asyncio.timeout(_BEFORE_STOP):
                await self.wait_until_none()
        except TimeoutError:
            # Handlers may take their time; what they were connected to is closed.
            return

    def _signalled(self) -> None:
        # A program may survive a signal; then its connections do so again after a while.
        self._end_for(time.monotonic() + _AFTER_SIGNAL)

    def _end_for(self, until: float) -> None:
        self._stopping_until = max(self._stopping_until, until)
        for connection, (loop, _) in tuple(self._open.items()):
            _schedule(loop, connection.end)


def open_connections_of(context: ApplicationContext | None) -> OpenConnections:
    """Return the bean of a context, or new ones if there is none yet."""
    found = [] if context is None else context.container.instances_of(OpenConnections)
    return found[0] if found else OpenConnections()


def _schedule(loop: asyncio.AbstractEventLoop, action: Callable[..., object], *arguments: object) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(action, *arguments)


def _settle(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)
