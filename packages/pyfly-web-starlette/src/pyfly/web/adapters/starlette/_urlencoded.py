# SPDX-License-Identifier: Apache-2.0
"""Forms of type ``application/x-www-form-urlencoded``, collected while they arrive."""

from urllib.parse import unquote_to_bytes

from python_multipart import QuerystringParser

from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.web.adapters.starlette._form_parts import beyond, text_of
from pyfly.web.binding.form_data import FormData


class UrlEncodedForm:
    """Collects the fields of one form.

    Args:
        limits: What a form may hold.
    """

    def __init__(self, limits: MultipartProperties) -> None:
        self._limits = limits
        self._texts: dict[str, list[str]] = {}
        self._fields = 0
        self._begin()
        self._parser = QuerystringParser(
            {
                "on_field_start": self._begin,
                "on_field_name": self._add_to_name,
                "on_field_data": self._add_to_value,
                "on_field_end": self._end,
            }
        )

    async def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            PayloadTooLargeException: There is more in the form than allowed.
        """
        self._parser.write(chunk)

    async def finish(self) -> FormData:
        """Return the form.

        Raises:
            InvalidRequestException: A field is not UTF-8 text.
        """
        self._parser.finalize()
        return FormData(self._texts)

    def discard(self) -> None:
        """Give up everything that was received."""
        self._texts.clear()

    def _begin(self) -> None:
        self._name, self._value = bytearray(), bytearray()

    def _add_to_name(self, data: bytes, start: int, end: int) -> None:
        self._check_size(end - start)
        self._name.extend(data[start:end])

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._check_size(end - start)
        self._value.extend(data[start:end])

    def _check_size(self, added: int) -> None:
        if len(self._name) + len(self._value) + added > self._limits.max_field_size:
            raise beyond("one of its text fields has more than", self._limits.max_field_size, " bytes")

    def _end(self) -> None:
        self._fields += 1
        if self._fields > self._limits.max_fields:
            raise beyond("it has more text fields than", self._limits.max_fields)

        name, value = _decoded(self._name), _decoded(self._value)
        self._texts.setdefault(name, []).append(value)


def _decoded(raw: bytearray) -> str:
    return text_of(unquote_to_bytes(bytes(raw).replace(b"+", b" ")), "a text field")
