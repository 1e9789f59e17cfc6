# SPDX-License-Identifier: Apache-2.0
"""What bodies and results have to do with the settings and beans of an application."""

from collections.abc import Iterator
from typing import Any, TypeGuard

from pyfly.config.properties.content_negotiation import ContentNegotiationProperties
from pyfly.context.application_context import ApplicationContext
from pyfly.web.conversion.body_reader import BodyReader
from pyfly.web.conversion.data_types import is_data
from pyfly.web.conversion.result_writer import OutputFormat, ResultWriter
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.json import PyFlyJsonSerializer
from pyfly.web.message_converters import JsonMessageConverter, MessageConverter, MessageConverterRegistry
from pyfly.web.message_converters.accept import JSON
from pyfly.web.message_converters.assembly import negotiation_properties_of, registry_of, serializer_of
from pyfly.web.message_converters.media_type import bare_name


class BodyConversion:
    """Compile readers of bodies and writers of results.

    There is one for each state of an application: it is made anew when routes are compiled.

    Attributes:
        serializer: Writes JSON wherever the application does.
        registry: The converters.
    """

    def __init__(
        self,
        serializer: PyFlyJsonSerializer | None = None,
        registry: MessageConverterRegistry | None = None,
        properties: ContentNegotiationProperties | None = None,
    ) -> None:
        self.serializer = serializer or PyFlyJsonSerializer()
        self.registry = registry if registry is not None else registry_of(None, self.serializer)
        self._properties = properties or ContentNegotiationProperties()
        self._converters = self.registry.converters
        self._offers = list(_offers(self._converters))
        if not self._offers:
            raise RouteDefinitionError(
                "none of its converters writes answers.",
                "Add a converter that writes, such as JsonMessageConverter.",
                controller="MessageConverterRegistry",
            )

    @classmethod
    def of(cls, context: ApplicationContext | None) -> "BodyConversion":
        """Make the conversion of an application from its settings and the beans that exist; none is created.

        Args:
            context: The application; defaults if not given.

        Raises:
            RouteDefinitionError: A registry of the application's own cannot write anything.
            BindingError: A setting has a wrong value.
        """
        serializer = serializer_of(context)
        return cls(serializer, registry_of(context, serializer), negotiation_properties_of(context))

    def reader(self, hint: Any) -> BodyReader:
        """Compile the reading of bodies that are values of a type.

        Args:
            hint: The type, with constraints.
        """
        return BodyReader(self._converters, hint, lenient=not self._properties.strict_content_type)

    def writer(self, return_hint: Any = Any, *, lenient: bool = False) -> ResultWriter:
        """Compile the writing of results.

        Args:
            return_hint: The type that the method announces; ``Any`` where it announces none.
            lenient: Whether a client that takes none of the formats gets the first one all the same, as the
                settings may say of all results.
        """
        varies = len(self._offers) > 1
        formats: list[OutputFormat] = []
        for media_type, converter in self._offers:
            if _writes_json(converter):
                encode = converter.serializer.encoder_for(return_hint)
                formats.append(OutputFormat.fixed(media_type, encode, varies=varies))
            else:
                formats.append(OutputFormat.of_converter(media_type, converter.write, varies=varies))

        return ResultWriter(
            formats,
            lenient=lenient or not self._properties.strict_accept,
            early=is_data(return_hint),
        )


def _offers(converters: list[MessageConverter]) -> Iterator[tuple[str, MessageConverter]]:
    """Yield each media type that can be written, JSON first, with the first converter that writes it."""
    writers = [converter for converter in converters if converter.can_write]
    json = next((converter for converter in writers if converter.supports(JSON)), None)
    seen: set[str] = set()
    if json is not None:
        seen.add(JSON)
        yield JSON, json

    for converter in writers:
        for media_type in converter.media_types:
            if bare_name(media_type) not in seen:
                seen.add(bare_name(media_type))
                yield media_type, converter


def _writes_json(converter: MessageConverter) -> TypeGuard[JsonMessageConverter]:
    # A subclass that writes in a way of its own is asked like any other converter.
    return isinstance(converter, JsonMessageConverter) and type(converter).write is JsonMessageConverter.write
