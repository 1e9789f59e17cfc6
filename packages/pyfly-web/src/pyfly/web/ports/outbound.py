# SPDX-License-Identifier: Apache-2.0
"""The port of web adapters."""

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class WebServerPort(Protocol):
    """Build the application object that a server runs."""

    def create_app(self, **kwargs: Any) -> Any:
        """Build an ASGI application.

        Args:
            kwargs: What the adapter's own ``create_app`` takes.
        """
        ...
