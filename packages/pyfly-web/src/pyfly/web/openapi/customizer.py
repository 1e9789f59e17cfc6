# SPDX-License-Identifier: Apache-2.0
"""The port of beans that have the last word on the document."""

from typing import Any, Protocol

from pyfly.container.ordering import get_order
from pyfly.context.application_context import ApplicationContext


class OpenApiCustomizer(Protocol):
    """Change the OpenAPI document before it is served.

    All beans that are declared as such, by their base class or by the return type of their ``@bean`` method,
    are called in their ``@order`` each time the document is built: at the first request for it, and again
    after routes have changed. The document is built in a worker thread.
    """

    def customize(self, document: dict[str, Any]) -> None:
        """Change the document in place.

        Args:
            document: The whole document (OpenAPI 3.1). Its values must stay JSON-ready.
        """
        ...


def customizers_of(context: ApplicationContext | None) -> list[OpenApiCustomizer]:
    """Return the customizers of an application in their order; before it has started, those that exist."""
    if context is None:
        return []

    container = context.container
    found: list[OpenApiCustomizer] = [
        container.obtain(registration)
        for registration in container.registrations_of(OpenApiCustomizer)
        if registration.instance is not None or context.is_running
    ]
    return sorted(found, key=get_order)
