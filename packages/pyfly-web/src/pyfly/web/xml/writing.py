# SPDX-License-Identifier: Apache-2.0
"""Plain data as an XML document."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pyfly.web.xml.names import element_name

_DECLARATION: Final = "<?xml version='1.0' encoding='utf-8'?>"
_ITEM: Final = "item"
# A line feed is kept by parsers, a carriage return only as a reference.
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
# Compiled, and kept by ``re``, at its first use: that takes milliseconds.
_FORBIDDEN: Final = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def dict_to_xml(data: Any, root_tag: str = "response") -> str:
    """Write plain data as an XML document.

    The entries of a dict become elements. A list repeats the element of its key; a list in a list, or at
    the top, repeats ``item``. None is an empty element; booleans are ``true`` and ``false``. A key that is
    no name is escaped as in SQL/XML, and a character that XML cannot have becomes U+FFFD.

    Args:
        data: Dicts, lists, texts, numbers, booleans and None.
        root_tag: Name of the outermost element.

    Returns:
        The document with its declaration.
    """
    parts = [_DECLARATION]
    _element(parts, root_tag, data)
    return "".join(parts)


def _element(parts: list[str], name: str, value: Any) -> None:
    tag = element_name(name)
    start = len(parts)
    parts.append(f"<{tag}>")
    if isinstance(value, Mapping):
        for key, item in value.items():
            _entry(parts, str(key), item)
    elif isinstance(value, list | tuple):
        for item in value:
            _element(parts, _ITEM, item)
    elif value is not None:
        parts.append(_text(value))

    if len(parts) == start + 1:
        parts[start] = f"<{tag} />"
    else:
        parts.append(f"</{tag}>")


def _entry(parts: list[str], key: str, value: Any) -> None:
    if isinstance(value, list | tuple):
        for item in value:
            _element(parts, key, item)
    else:
        _element(parts, key, value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"

    return re.sub(_FORBIDDEN, "\ufffd", str(value)).translate(_ESCAPES)
