# SPDX-License-Identifier: Apache-2.0
"""The ports behind which an event loop implementation is chosen."""

import asyncio
from collections.abc import Callable
from typing import Protocol, runtime_checkable


@runtime_checkable
class EventLoopPort(Protocol):
    """Name an event loop implementation and make it the default one."""

    @property
    def name(self) -> str:
        """Return the name, as ``pyfly.server.event-loop`` takes it."""
        ...

    def install(self) -> None:
        """Set the process-wide event loop policy, where Python still has policies."""
        ...


@runtime_checkable
class EventLoopFactoryPort(EventLoopPort, Protocol):
    """Make event loops: ``asyncio.Runner(loop_factory=adapter.loop_factory())``.

    What entry-point group ``pyfly.event_loops`` names has this port, and a constructor without arguments.
    """

    def is_available(self) -> bool:
        """Tell whether the loop's library is installed."""
        ...

    def loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """Return a function that makes a new loop."""
        ...

    def configure(self) -> None:
        """Do what `install` does."""
        ...
