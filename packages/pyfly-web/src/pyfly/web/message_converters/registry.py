# SPDX-License-Identifier: Apache-2.0
"""The converters of one application."""

from collections.abc import Iterable

from pyfly.web.message_converters.accept import parse_accept
from pyfly.web.message_converters.converter import MessageConverter


class MessageConverterRegistry:
    """Hold converters in order; of several for one media type the first counts.

    A bean of this class takes the place of the built-in set. Nothing may be added once the application
    serves requests: what answers them is compiled from the converters before.
    """

    def __init__(self, converters: Iterable[MessageConverter] | None = None) -> None:
        self._converters = list(converters or ())

    @property
    def converters(self) -> list[MessageConverter]:
        """The converters, in order; the list is a copy."""
        return list(self._converters)

    def add(self, converter: MessageConverter) -> None:
        """Put a converter ahead of the others."""
        self._converters.insert(0, converter)

    def find_reader(self, content_type: str | None) -> MessageConverter | None:
        """Return the first converter that reads a media type, else the first; ``None`` if there is none."""
        readers = [converter for converter in self._converters if converter.can_read]
        return next((it for it in readers if it.supports(content_type)), readers[0] if readers else None)

    def find_writer(self, accept: str | None) -> MessageConverter | None:
        """Return the converter for the most welcome media type, else the first; ``None`` if there is none."""
        writers = [converter for converter in self._converters if converter.can_write]
        for media_type in parse_accept(accept):
            found = next((it for it in writers if it.supports(media_type)), None)
            if found is not None:
                return found

        return writers[0] if writers else None
