# SPDX-License-Identifier: Apache-2.0
"""Any text as the name of an element, by the rules of SQL/XML (ISO/IEC 9075-14).

A character that no name can have becomes ``_xHHHH_`` or ``_xHHHHHHHH_``: its code point in hexadecimal.
"""

import re
from typing import Final

# Letters beyond ASCII that every edition of XML 1.0 takes: parsers differ about many others.
_LETTERS: Final = (
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x131),
    (0x14A, 0x17E),
    (0x386, 0x386),
    (0x388, 0x38A),
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x401, 0x40C),
    (0x40E, 0x44F),
    (0x451, 0x45C),
    (0x45E, 0x481),
    (0x5D0, 0x5EA),
    (0x621, 0x63A),
    (0x641, 0x64A),
    (0x905, 0x939),
    (0xE01, 0xE2E),
    (0x10D0, 0x10F6),
    (0x1EA0, 0x1EF9),
    (0x3041, 0x3094),
    (0x30A1, 0x30FA),
    (0x4E00, 0x9FA5),
    (0xAC00, 0xD7A3),
)

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*", re.ASCII)
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x(?:[0-9A-F]{4}|[0-9A-F]{8})?_)")
_ESCAPE: Final = re.compile(r"_x([0-9A-F]{8}|[0-9A-F]{4})_")
_UNDERSCORE: Final = "_x005F_"
_EMPTY: Final = "_x_"


def element_name(text: str) -> str:
    """Return a name of an element for any text; different texts have different names."""
    if not text:
        return _EMPTY

    if _PLAIN.fullmatch(text) and "_x" not in text:
        return text

    # The marks of escapes are escaped first, so that they can be told from the text's own.
    guarded = _LOOKS_ESCAPED.sub(_UNDERSCORE, text)
    first, rest = guarded[0], guarded[1:]
    start = first if _is_letter(first) else _escaped(first)
    return start + "".join(it if _is_inside(it) else _escaped(it) for it in rest)


def original_name(name: str) -> str:
    """Return the text behind the name of an element."""
    if "_x" not in name:
        return name

    return "" if name == _EMPTY else _ESCAPE.sub(_unescaped, name)


def _is_letter(character: str) -> bool:
    if character.isascii():
        return character.isalpha() or character == "_"

    point = ord(character)
    return any(first <= point <= last for first, last in _LETTERS)


def _is_inside(character: str) -> bool:
    return _is_letter(character) or character in "-.0123456789"


def _escaped(character: str) -> str:
    point = ord(character)
    return f"_x{point:04X}_" if point <= 0xFFFF else f"_x{point:08X}_"


def _unescaped(match: re.Match[str]) -> str:
    point = int(match.group(1), 16)
    return chr(point) if point <= 0x10FFFF else match.group()
