# SPDX-License-Identifier: Apache-2.0
"""Any text as the name of an element, by the rules of SQL/XML (ISO/IEC 9075-14).

A character that no name can have becomes ``_xHHHH_`` or ``_xHHHHHHHH_``: its code point in hexadecimal.
"""

import re
from typing import Final

# Name characters of XML 1.0, fifth edition, beyond ASCII.
_LETTERS: Final = (
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x2FF),
    (0x370, 0x37D),
    (0x37F, 0x1FFF),
    (0x200C, 0x200D),
    (0x2070, 0x218F),
    (0x2C00, 0x2FEF),
    (0x3001, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD),
    (0x10000, 0xEFFFF),
)
_NOT_AT_START: Final = ((0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))

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
    start = first if _is_start(first) else _escaped(first)
    return start + "".join(it if _is_start(it) or _is_inside(it) else _escaped(it) for it in rest)


def original_name(name: str) -> str:
    """Return the text behind the name of an element."""
    if "_x" not in name:
        return name

    return "" if name == _EMPTY else _ESCAPE.sub(_unescaped, name)


def _is_start(character: str) -> bool:
    if character.isascii():
        return character.isalpha() or character == "_"

    return _is_within(ord(character), _LETTERS)


def _is_inside(character: str) -> bool:
    if character.isascii():
        return character.isdigit() or character in "-."

    return _is_within(ord(character), _NOT_AT_START)


def _is_within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)


def _escaped(character: str) -> str:
    point = ord(character)
    return f"_x{point:04X}_" if point <= 0xFFFF else f"_x{point:08X}_"


def _unescaped(match: re.Match[str]) -> str:
    point = int(match.group(1), 16)
    return chr(point) if point <= 0x10FFFF else match.group()
