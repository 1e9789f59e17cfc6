# SPDX-License-Identifier: Apache-2.0
"""The settings of content negotiation, ``pyfly.web.content-negotiation.*``."""

from dataclasses import dataclass, field

from pyfly.config.binding import config_properties


@dataclass
class XmlProperties:
    """Switch XML, ``pyfly.web.content-negotiation.xml.*``.

    Attributes:
        read: Whether bodies may be XML.
        write: Whether answers may be XML.
    """

    read: bool = True
    write: bool = True


@config_properties(prefix="pyfly.web.content-negotiation")
@dataclass
class ContentNegotiationProperties:
    """Say what happens where client and server have no format in common.

    Attributes:
        strict_accept: Whether a request that accepts nothing which can be produced is answered with 406; else
            it gets JSON.
        strict_content_type: Whether a body of an unknown media type, or without one, is answered with 415;
            else it is read as JSON.
        xml: Whether XML is spoken.
    """

    strict_accept: bool = True
    strict_content_type: bool = True
    xml: XmlProperties = field(default_factory=XmlProperties)
