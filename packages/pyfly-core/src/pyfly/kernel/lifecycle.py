# SPDX-License-Identifier: Apache-2.0
"""The contract of everything that runs between the start and the stop of an application."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Lifecycle(Protocol):
    """Start and stop with the application.

    The context calls each method once. A failing ``start`` stops the application from starting; what was
    started before it is stopped again.
    """

    async def start(self) -> None:
        """Acquire what the component needs, and return when it is ready for use."""
        ...

    async def stop(self) -> None:
        """Release everything ``start`` acquired; safe to call when ``start`` has failed half-way."""
        ...
