# SPDX-License-Identifier: Apache-2.0
"""Any text as the name of an element, by the rules of SQL/XML (ISO/IEC 9075-14).

A character that no name can have becomes ``_xHHHH_`` or ``_xHHHHHHHH_``: its code point in hexadecimal.
"""

import re
from typing import Final

# Name characters of XML 1.0, fifth edition, without the colon, which separates namespaces.
_START: Final = (
    "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F"
    "\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\U00010000-\\U000EFFFF"
)
_PLAIN: Final = re.compile(rf"[{_START}][{_START}\-.0-9\u00B7\u0300-\u036F\u203F-\u2040]*")
_NOT_AT_START: Final = re.compile(rf"^[^{_START}]")
_NOWHERE: Final = re.compile(rf"[^{_START}\-.0-9\u00B7\u0300-\u036F\u203F-\u2040]")
_ESCAPE: Final = re.compile("_x([0-9A-F]{4}|[0-9A-F]{8})_")
_LOOKS_ESCAPED: Final = re.compile("_(?=x[0-9A-F]{4}_|x[0-9A-F]{8}_)")
_EMPTY: Final = "_x_"


def element_name(text: str) -> str:
    """Return a name of an element for any text; different texts have different names."""
    if _PLAIN.fullmatch(text) and "_x" not in text:
        return text

    if not text or text == _EMPTY:
        return _EMPTY if not text else "_x005F_x_"

    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _NOT_AT_START.sub(_escaped, text)
    return _NOWHERE.sub(_escaped, text)


def original_name(name: str) -> str:
    """Return the text behind the name of an element."""
    if "_x" not in name:
        return name

    return "" if name == _EMPTY else _ESCAPE.sub(_unescaped, name)


def _escaped(match: "re.Match[str]") -> str:
    point = ord(match.group())
    return f"_x{point:04X}_" if point <= 0xFFFF else f"_x{point:08X}_"


def _unescaped(match: "re.Match[str]") -> str:
    point = int(match.group(1), 16)
    return chr(point) if point <= 0x10FFFF else match.group()
