# SPDX-License-Identifier: Apache-2.0
"""Bodies of one type, in the formats that the application reads."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from pyfly.kernel.exceptions import UnsupportedMediaTypeException
from pyfly.web.message_converters import MessageConverter
from pyfly.web.message_converters.accept import JSON
from pyfly.web.message_converters.media_type import bare_name

Read = Callable[[bytes], Any]

_MOST_REMEMBERED: Final = 64
_LONGEST_REMEMBERED: Final = 200
_SHOWN_LENGTH: Final = 100


class BodyReader:
    """Choose how a body is read by its ``Content-Type``.

    Attributes:
        known: How bodies of the content types seen so far are read; ``None`` stands for no header.
    """

    __slots__ = ("_default", "_readers", "known")

    def __init__(self, converters: Sequence[MessageConverter], hint: Any, *, lenient: bool) -> None:
        self._readers = [
            (converter, converter.reader(hint)) for converter in converters if converter.can_read
        ]
        self.known: dict[bytes | None, Read] = {}
        json = self._reader_of(JSON)
        if json is not None:
            self.known[JSON.encode()] = json

        # A page of any origin can send a body without a content type, and no browser asks first.
        self._default = (json or (self._readers[0][1] if self._readers else None)) if lenient else None

    def choose(self, content_type: bytes | None) -> Read:
        """Return the reading of a body with this ``Content-Type`` header.

        It raises pydantic's ``ValidationError`` for a body that is no value of the type, and for one that is
        no JSON at all; `InvalidRequestException` for one that is broken otherwise.

        Raises:
            UnsupportedMediaTypeException: No converter reads the media type.
        """
        read = self.known.get(content_type)
        if read is not None:
            return read

        text = "" if content_type is None else str(content_type, "latin-1")
        name = bare_name(text)
        read = (None if "*" in name else self._reader_of(name)) or self._default
        if read is None:
            raise self._refusal(content_type)

        if len(text) <= _LONGEST_REMEMBERED:
            if len(self.known) >= _MOST_REMEMBERED:
                self.known.clear()

            self.known[content_type] = read

        return read

    def _reader_of(self, name: str) -> Read | None:
        return next((read for converter, read in self._readers if converter.supports(name)), None)

    def _refusal(self, content_type: bytes | None) -> UnsupportedMediaTypeException:
        readable = list(
            dict.fromkeys(name for converter, _ in self._readers for name in converter.media_types)
        )
        told = ", ".join(readable) or "none"
        given = "without a Content-Type"
        if content_type is not None:
            given = f"of type '{str(content_type[:_SHOWN_LENGTH], 'latin-1')}'"

        return UnsupportedMediaTypeException(
            f"Cannot read a body {given}; send {told}",
            code="UNSUPPORTED_MEDIA_TYPE",
            context={"readable": readable},
        )
