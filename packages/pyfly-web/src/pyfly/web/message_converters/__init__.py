# SPDX-License-Identifier: Apache-2.0
"""Bodies in and out: one converter for each format, and the registry that chooses among them."""

from pyfly.web.message_converters.accept import parse_accept
from pyfly.web.message_converters.converter import MessageConverter
from pyfly.web.message_converters.defaults import default_message_converters
from pyfly.web.message_converters.json_converter import JsonMessageConverter
from pyfly.web.message_converters.registry import MessageConverterRegistry
from pyfly.web.message_converters.state import install_serialization_state
from pyfly.web.message_converters.xml_converter import XmlMessageConverter

__all__ = [
    "JsonMessageConverter",
    "MessageConverter",
    "MessageConverterRegistry",
    "XmlMessageConverter",
    "default_message_converters",
    "install_serialization_state",
    "parse_accept",
]
