# SPDX-License-Identifier: Apache-2.0
"""The beans that have the last word on the document."""

from pyfly.container.ordering import get_order
from pyfly.context.application_context import ApplicationContext
from pyfly.web.ports.openapi import OpenApiCustomizer


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
