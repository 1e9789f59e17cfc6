# SPDX-License-Identifier: Apache-2.0
"""The event loop of the standard library."""

import asyncio
from collections.abc import Callable

from pyfly.server.ports.event_loop import EventLoopFactoryPort


class AsyncioEventLoopAdapter(EventLoopFactoryPort):
    """Run on the standard library's loop."""

    @property
    def name(self) -> str:
        """Return ``"asyncio"``."""
        return "asyncio"

    def is_available(self) -> bool:
        """Tell that this loop is always there."""
        return True

    def loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """Return ``asyncio.new_event_loop``."""
        return asyncio.new_event_loop

    def install(self) -> None:
        """Do nothing: this loop is the default."""

    def configure(self) -> None:
        """Do nothing: this loop is the default."""
