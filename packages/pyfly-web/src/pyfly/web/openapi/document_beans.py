# SPDX-License-Identifier: Apache-2.0
"""The beans that shape the document of an application which does not start."""

from typing import Any, Final

from pyfly.context.application_context import ApplicationContext
from pyfly.context.settings_beans import is_made_from_settings
from pyfly.web.json import JsonSerializers, PyFlyJsonSerializer
from pyfly.web.message_converters import MessageConverter, MessageConverterRegistry
from pyfly.web.ports.openapi import OpenApiCustomizer

__all__ = ["make_document_beans"]

_SHAPING: Final[tuple[Any, ...]] = (
    OpenApiCustomizer,
    MessageConverter,
    MessageConverterRegistry,
    PyFlyJsonSerializer,
    JsonSerializers,
)


def make_document_beans(context: ApplicationContext) -> list[str]:
    """Make the beans that have a say in the document, of a context that is prepared and never starts.

    Only those are made that consist of settings alone; others may bring half the application to life.

    Args:
        context: The context.

    Returns:
        The labels of the beans that were left out.
    """
    container = context.container
    wanted = dict.fromkeys(it for kind in _SHAPING for it in container.registrations_of(kind))
    left_out: list[str] = []
    for definition in wanted:
        if definition.created:
            continue

        if is_made_from_settings(definition, container):
            container.obtain(definition)
        else:
            left_out.append(definition.label)

    return left_out
