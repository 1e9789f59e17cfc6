# SPDX-License-Identifier: Apache-2.0
"""The serializer and the converters of one application, from its settings and beans."""

from typing import TypeVar

from pyfly.config.properties.content_negotiation import ContentNegotiationProperties
from pyfly.container.ordering import get_order
from pyfly.context.application_context import ApplicationContext
from pyfly.web.json import JsonProperties, JsonSerializers, PyFlyJsonSerializer, json_properties_from_config
from pyfly.web.message_converters.converter import MessageConverter
from pyfly.web.message_converters.defaults import default_message_converters
from pyfly.web.message_converters.registry import MessageConverterRegistry

T = TypeVar("T")


def negotiation_properties_of(context: ApplicationContext | None) -> ContentNegotiationProperties:
    """Return the settings of content negotiation; defaults without a context."""
    if context is None:
        return ContentNegotiationProperties()

    return context.config.bind(ContentNegotiationProperties)


def serializer_of(context: ApplicationContext | None) -> PyFlyJsonSerializer:
    """Return the serializer of an application: a bean, or one of its settings and `JsonSerializers`."""
    if context is None:
        return PyFlyJsonSerializer()

    own = _first(context, PyFlyJsonSerializer)
    if own is not None:
        return own

    return PyFlyJsonSerializer(json_properties_from_config(context.config), _first(context, JsonSerializers))


def registry_of(
    context: ApplicationContext | None, serializer: PyFlyJsonSerializer
) -> MessageConverterRegistry:
    """Return the registry of an application: a bean, or its converter beans and the built-in converters.

    Args:
        context: Where settings and beans come from; no bean is created.
        serializer: What the built-in converters write with.
    """
    own = None if context is None else _first(context, MessageConverterRegistry)
    if own is not None:
        return own

    properties = JsonProperties() if context is None else json_properties_from_config(context.config)
    xml = negotiation_properties_of(context).xml
    built_in = default_message_converters(
        serializer,
        fail_on_unknown=properties.fail_on_unknown_properties,
        read_xml=xml.read,
        write_xml=xml.write,
    )
    beans = [] if context is None else context.container.instances_of(MessageConverter)
    return MessageConverterRegistry([*sorted(beans, key=lambda bean: get_order(type(bean))), *built_in])


def _first(context: ApplicationContext, kind: type[T]) -> T | None:
    beans = context.container.instances_of(kind)
    return beans[0] if beans else None
