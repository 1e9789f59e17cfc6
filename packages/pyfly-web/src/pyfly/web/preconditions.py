# SPDX-License-Identifier: Apache-2.0
"""Conditions of a request, judged in the order of RFC 9110, section 13.2.2."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal

_ENTITY_TAG: Final = re.compile(r'(?:W/)?"[!#-~\x80-\xff]*"')

Verdict = Literal[200, 206, 304, 412]
"""The status that conditions lead to: 206 where a range may be sent, if one is asked for."""


def judge(method: str, header: Callable[[bytes], str | None], etag: str, modified: int) -> Verdict:
    """Tell how a request for something that exists is answered.

    Args:
        method: ``GET``, ``HEAD``, or another one, whose ``If-None-Match`` fails with 412.
        header: Returns a header of the request by its lower-case name.
        etag: The entity tag of the content, with its quotes.
        modified: When the content was changed last, in whole seconds since 1970.
    """
    safe = method in ("GET", "HEAD")
    if_match = header(b"if-match")
    if if_match is not None:
        if not _matches(if_match, etag, weak=False):
            return 412
    elif _is_after(modified, header(b"if-unmodified-since")):
        return 412

    if_none_match = header(b"if-none-match")
    if if_none_match is not None:
        if _matches(if_none_match, etag, weak=True):
            return 304 if safe else 412
    elif safe and _is_after(modified, header(b"if-modified-since")) is False:
        return 304

    return 206 if method == "GET" and _range_holds(header(b"if-range"), etag, modified) else 200


def _matches(listed: str, etag: str, *, weak: bool) -> bool:
    if listed.strip() == "*":
        return True

    tags = _ENTITY_TAG.findall(listed)
    if weak:
        return etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in tags]

    return not etag.startswith("W/") and etag in tags


def _is_after(modified: int, header: str | None) -> bool | None:
    """Tell whether the content was changed after a date; ``None`` without a date."""
    moment = _seconds(header)
    return None if moment is None else modified > moment


def _range_holds(header: str | None, etag: str, modified: int) -> bool:
    if header is None:
        return True

    value = header.strip()
    if value.startswith(('"', "W/")):
        return not value.startswith("W/") and value == etag

    return _seconds(value) == modified


def _seconds(header: str | None) -> int | None:
    if header is None:
        return None

    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError, OverflowError):
        return None

    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return int((aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
