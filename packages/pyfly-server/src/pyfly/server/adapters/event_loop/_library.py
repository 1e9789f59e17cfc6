# SPDX-License-Identifier: Apache-2.0
"""What the adapters of event loop libraries have in common."""

import asyncio
import logging
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.ports.event_loop import EventLoopFactoryPort


class LibraryEventLoopAdapter(EventLoopFactoryPort):
    """Offer the loop of a library that has ``new_event_loop`` and perhaps ``EventLoopPolicy``."""

    library: str

    @property
    def name(self) -> str:
        """Return the library's name."""
        return self.library

    def is_available(self) -> bool:
        """Tell whether the library is installed."""
        return find_spec(self.library) is not None

    def loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """Return the library's ``new_event_loop``."""
        factory: Callable[[], asyncio.AbstractEventLoop] = import_module(self.library).new_event_loop
        return factory

    def install(self) -> None:
        """Set the library's event loop policy; log a warning and do nothing where policies are gone."""
        library = import_module(self.library)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            policy = getattr(library, "EventLoopPolicy", None)
            set_policy = getattr(asyncio, "set_event_loop_policy", None)
            if policy is not None and set_policy is not None:
                set_policy(policy())
                return

        StructuredLogger(logging.getLogger("pyfly.server")).warning(
            "event_loop_policy_unavailable", event_loop=self.name, use="loop_factory"
        )

    def configure(self) -> None:
        """Do what `install` does."""
        self.install()
