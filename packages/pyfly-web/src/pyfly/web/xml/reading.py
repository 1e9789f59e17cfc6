# SPDX-License-Identifier: Apache-2.0
"""An XML document as plain data.

Documents come from anyone: type definitions, entities and external references are refused, and so are deep
nesting and more elements than any honest document has.
"""

from typing import Any


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
    from pyfly.web.xml._document_builder import parse

    if isinstance(xml_string, str):
        return parse(_undeclared(xml_string).encode("utf-8", "replace"))

    return parse(xml_string)


def _undeclared(text: str) -> str:
    # The declaration of a text tells how it was once encoded, not how it is now.
    return text[text.index("?>") + 2 :] if text.startswith("<?xml ") and "?>" in text else text
