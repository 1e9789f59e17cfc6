# SPDX-License-Identifier: Apache-2.0
"""The parser of XML documents. Loading it takes a while, and most applications never read any."""

from typing import Any, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.web.xml.names import original_name

MOST_LEVELS: Final = 200
MOST_ELEMENTS: Final = 250_000


def parse(content: bytes) -> dict[str, Any]:
    """Read a document; see `pyfly.web.xml.xml_to_dict`."""
    builder = _Builder()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(builder)
    try:
        # Given at once: what is fed piece by piece is scanned again and again until a token is whole.
        parser.feed(content)
        parser.close()
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
