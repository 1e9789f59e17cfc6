# SPDX-License-Identifier: Apache-2.0
"""The port of applications that can be looked at without being started."""

from typing import Any, Protocol, runtime_checkable

from pyfly.web.served_routes import ServedRoute


@runtime_checkable
class DescribedApplication(Protocol):
    """What ``create_app`` of every web adapter returns, for whoever looks at it from the outside.

    ``state.pyfly_context`` is the context of the application, or None. ``state.pyfly_install_dynamic_wiring``
    takes a context that was prepared into account.
    """

    @property
    def state(self) -> Any:
        """The attributes of the application."""
        ...

    def served_routes(self) -> list[ServedRoute]:
        """Return all routes as they are now: those of controllers, then the others."""
        ...

    def make_document_beans(self) -> list[str]:
        """Make what has a say in the OpenAPI document of a context that is prepared and never starts.

        Returns:
            The labels of the beans that are left out, since they need more than settings.
        """
        ...

    def build_document(self) -> bytes:
        """Return the OpenAPI document as it would be served now, as JSON."""
        ...
