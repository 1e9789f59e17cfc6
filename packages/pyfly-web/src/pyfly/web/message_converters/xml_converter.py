# SPDX-License-Identifier: Apache-2.0
"""Bodies and answers in XML."""

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from pydantic import TypeAdapter

from pyfly.web.json import PyFlyJsonSerializer
from pyfly.web.message_converters.converter import MessageConverter
from pyfly.web.xml.reading import xml_to_dict
from pyfly.web.xml.shape import shape_of
from pyfly.web.xml.writing import dict_to_xml


class XmlMessageConverter(MessageConverter):
    """Read and write ``application/xml`` and ``text/xml``; types with ``+xml`` are read too.

    The name of the outermost element does not matter in a body, and is ``response`` in an answer.

    Args:
        serializer: Turns values into plain data, as for JSON; one with default settings if not given.
        fail_on_unknown: Whether a field that the type does not have is a fault, at any depth.
        can_read: Whether bodies may be XML.
        can_write: Whether answers may be XML.
    """

    media_types: ClassVar[tuple[str, ...]] = ("application/xml", "text/xml")
    suffix: ClassVar[str] = "xml"

    def __init__(
        self,
        serializer: PyFlyJsonSerializer | None = None,
        *,
        fail_on_unknown: bool = False,
        can_read: bool = True,
        can_write: bool = True,
    ) -> None:
        self._serializer = serializer or PyFlyJsonSerializer()
        self._extra: Literal["forbid"] | None = "forbid" if fail_on_unknown else None
        self._can_read = can_read
        self._can_write = can_write

    @property
    def can_read(self) -> bool:
        return self._can_read

    @property
    def can_write(self) -> bool:
        return self._can_write

    def read(self, body: bytes, target_type: Any) -> Any:
        return self.reader(target_type)(body)

    def reader(self, target_type: Any) -> Callable[[bytes], Any]:
        shape = shape_of(target_type)
        validate = TypeAdapter(target_type).validator.validate_python
        extra = self._extra

        def read(body: bytes) -> Any:
            (content,) = xml_to_dict(body).values()
            # All content of XML is text: even a strict model has to read its numbers from it.
            return validate(shape(content), extra=extra, strict=False)

        return read

    def write(self, value: Any) -> tuple[bytes, str]:
        return dict_to_xml(self._serializer.to_response_data(value)).encode("utf-8"), self.media_types[0]
