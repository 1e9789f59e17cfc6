# SPDX-License-Identifier: Apache-2.0
"""The built-in converters."""

from pyfly.web.json import PyFlyJsonSerializer
from pyfly.web.message_converters.converter import MessageConverter
from pyfly.web.message_converters.json_converter import JsonMessageConverter
from pyfly.web.message_converters.xml_converter import XmlMessageConverter


def default_message_converters(
    serializer: PyFlyJsonSerializer | None = None,
    *,
    fail_on_unknown: bool = False,
    read_xml: bool = True,
    write_xml: bool = True,
) -> list[MessageConverter]:
    """Return the converters for JSON and XML, in this order, with one serializer for both.

    Args:
        serializer: Writes the answers; one with default settings if not given.
        fail_on_unknown: Whether a field that a type does not have is a fault.
        read_xml: Whether bodies may be XML.
        write_xml: Whether answers may be XML.
    """
    shared = serializer or PyFlyJsonSerializer()
    return [
        JsonMessageConverter(shared, fail_on_unknown=fail_on_unknown),
        XmlMessageConverter(shared, fail_on_unknown=fail_on_unknown, can_read=read_xml, can_write=write_xml),
    ]
