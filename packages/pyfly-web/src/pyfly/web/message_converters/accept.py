# SPDX-License-Identifier: Apache-2.0
"""The ``Accept`` header (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyfly.web.message_converters.media_type import MediaType, parameters, split_outside_quotes, unquoted

JSON: Final = "application/json"

_DEFAULT: Final = (JSON,)
_PAGES: Final = ("text/html", "application/xhtml+xml")
_XML: Final = ("application/xml", "text/xml")
_UTF8: Final = frozenset({("charset", "utf-8")})


@dataclass(frozen=True, slots=True)
class Acceptable:
    """One range of a header: what it covers, and how welcome that is, from 0 (refused) to 1."""

    range: MediaType
    quality: float


def acceptables(accept: str) -> list[Acceptable]:
    """Read the ranges of a header in their order; an unreadable quality counts as 1."""
    found: list[Acceptable] = []
    for entry in split_outside_quotes(accept, ","):
        name, *rest = split_outside_quotes(entry, ";")
        if not name.strip():
            continue

        quality = 1.0
        kept: list[str] = []
        for part in rest:
            key, _, value = part.partition("=")
            if key.strip().lower() == "q":
                quality = _quality(unquoted(value.strip()))
                break  # what follows are extensions, which RFC 9110 has dropped

            kept.append(part)

        range_ = MediaType.parse(name)
        found.append(Acceptable(MediaType(range_.type, range_.subtype, frozenset(parameters(kept))), quality))

    return found


def parse_accept(accept: str | None) -> list[str]:
    """Return the media types of an ``Accept`` header, without parameters, the most welcome first.

    Args:
        accept: The header; nothing stands for JSON.

    Returns:
        Names in lower case, in the order of the header where they are equally welcome. What is refused with
        ``q=0`` is left out.
    """
    if not accept or not accept.strip():
        return list(_DEFAULT)

    welcome = [entry for entry in acceptables(accept) if entry.quality > 0]
    welcome.sort(key=lambda entry: -entry.quality)
    return [entry.range.name for entry in welcome]


def preferred(accept: str, offered: Sequence[MediaType]) -> int | None:
    """Choose among the offered media types.

    The most specific range that covers a type decides how welcome it is. Among equally welcome types the
    first one wins. XML loses against JSON when pages are more welcome still: that is a browser, and people
    read JSON more easily.

    Args:
        accept: The header.
        offered: The types, in the order of the server's preference.

    Returns:
        The index of the chosen type, or ``None`` if none is acceptable.
    """
    ranges = acceptables(accept)
    if not ranges:
        return 0 if offered else None

    qualities = [_quality_of(media_type, ranges) for media_type in offered]
    best = max(qualities, default=0.0)
    if best <= 0:
        return None

    chosen = qualities.index(best)
    if offered[chosen].name in _XML and any(
        entry.range.name in _PAGES and entry.quality > best for entry in ranges
    ):
        json = next((i for i, it in enumerate(offered) if it.name == JSON and qualities[i] > 0), None)
        return chosen if json is None else json

    return chosen


def _quality_of(offered: MediaType, ranges: Sequence[Acceptable]) -> float:
    quality, best = 0.0, (0, 0)
    for entry in ranges:
        specificity = _specificity(offered, entry.range)
        if specificity > best:
            quality, best = entry.quality, specificity

    return quality


def _specificity(offered: MediaType, range_: MediaType) -> tuple[int, int]:
    if not range_.parameters <= (offered.parameters | _UTF8):
        return 0, 0

    if (range_.type, range_.subtype) == (offered.type, offered.subtype):
        return 4, len(range_.parameters)

    if range_.type == offered.type and range_.suffix == offered.subtype and range_.name not in _PAGES:
        return 3, len(range_.parameters)

    if range_.subtype != "*":
        return 0, 0

    if range_.type == offered.type:
        return 2, len(range_.parameters)

    return (1, len(range_.parameters)) if range_.type == "*" else (0, 0)


def _quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 1.0

    return quality if 0 <= quality <= 1 else 1.0
