# SPDX-License-Identifier: Apache-2.0
"""An XML document as plain data.

Documents come from anyone: type definitions, entities and external references are refused, and so are deep
nesting and more elements than any honest document has.
"""

from typing import Any, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.web.xml.names import original_name

MOST_LEVELS: Final = 200
MOST_ELEMENTS: Final = 250_000


def xml_to_dict(xml_string: str | bytes) -> dict[str, Any]:
    """Read an XML document.

    An element with elements in it becomes a dict, and any other one its text, or None if it is empty. Several
    elements of one name become a list. Attributes, comments and namespaces are left out.

    Args:
        xml_string: The document; bytes are decoded as their declaration says, by default as UTF-8.

    Returns:
        The outermost element by its name.

    Raises:
        InvalidRequestException: It is not well-formed, has a type definition or an entity of its own, is
            nested deeper than 200 levels, or has more than 250,000 elements. The code is ``INVALID_XML``.
    """
    builder = _Builder()
    try:
        content = _undeclared(xml_string).encode("utf-8") if isinstance(xml_string, str) else xml_string
        parseString(content, builder, forbid_dtd=True)
    except SAXParseException as error:
        raise _refusal(
            f"Invalid XML: {error.getMessage()}",
            {"line": error.getLineNumber(), "column": error.getColumnNumber()},
        ) from error
    except DefusedXmlException as error:
        raise _refusal("Invalid XML: document types and entities are not accepted") from error
    except (LookupError, ValueError) as error:
        raise _refusal("Invalid XML: its encoding is unknown or broken") from error

    return builder.document


def _refusal(message: str, context: dict[str, Any] | None = None) -> InvalidRequestException:
    return InvalidRequestException(message, code="INVALID_XML", context=context)


def _undeclared(text: str) -> str:
    # The declaration of a text tells how it was once encoded, not how it is now.
    return text[text.index("?>") + 2 :] if text.startswith("<?xml ") and "?>" in text else text


class _Builder(ContentHandler):
    """Put elements together as their parser meets them."""

    def __init__(self) -> None:
        super().__init__()
        self.document: dict[str, Any] = {}
        self._children: list[dict[str, Any] | None] = [self.document]
        self._texts: list[list[str] | None] = [None]
        self._elements = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise _refusal(f"Invalid XML: it has more than {MOST_ELEMENTS} elements")

        if len(self._children) > MOST_LEVELS:
            raise _refusal(f"Invalid XML: it is nested deeper than {MOST_LEVELS} levels")

        self._children.append(None)
        self._texts.append(None)

    def characters(self, content: str) -> None:
        texts = self._texts[-1]
        if texts is None:
            self._texts[-1] = [content]
        else:
            texts.append(content)

    def endElement(self, name: str) -> None:
        children, texts = self._children.pop(), self._texts.pop()
        value = children if children is not None else "".join(texts) if texts is not None else None
        siblings = self._children[-1]
        if siblings is None:
            siblings = self._children[-1] = {}

        key = original_name(name.rpartition(":")[2])
        if key not in siblings:
            siblings[key] = value
        elif type(siblings[key]) is list:  # no element has a list for its value, so this is one of repeats
            siblings[key].append(value)
        else:
            siblings[key] = [siblings[key], value]
