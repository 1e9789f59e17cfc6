# SPDX-License-Identifier: Apache-2.0
"""The ``Range`` header for bytes (RFC 9110, section 14)."""

import re
from collections.abc import Sequence
from typing import Final

MAX_RANGES: Final = 100
"""The most ranges of one request that are answered; more of them are refused, as section 14.2 allows."""

_MAX_LENGTH: Final = 4096
_RANGE: Final = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)


def parse_byte_ranges(header: str, size: int) -> list[tuple[int, int]] | None:
    """Read a ``Range`` header.

    Args:
        header: Its value.
        size: Length of the whole content in bytes.

    Returns:
        The ranges that can be satisfied as ``(first, last)``, both included: in ascending order, with those
        that touch each other joined. An empty list when none can be satisfied, or when there are more than
        `MAX_RANGES` of them. ``None`` when the header is to be ignored: another unit, or a fault in its
        syntax.
    """
    unit, equals, listed = header.partition("=")
    if not equals or unit.strip().lower() != "bytes":
        return None

    if len(listed) > _MAX_LENGTH:
        return []

    parts = [part.strip() for part in listed.split(",")]
    wanted = [part for part in parts if part]
    if not wanted:
        return None

    if len(wanted) > MAX_RANGES:
        return []

    found: list[tuple[int, int]] = []
    for part in wanted:
        match = _RANGE.fullmatch(part)
        if match is None or part == "-":
            return None

        first, last = match.groups()
        if first and last and int(last) < int(first):
            return None

        start, end = _within(first, last, size)
        if start <= end:
            found.append((start, end))

    return _joined(found)


def format_byte_ranges(ranges: Sequence[tuple[int, int]]) -> str:
    """Write a ``Range`` header for ranges of `parse_byte_ranges`."""
    return "bytes=" + ",".join(f"{first}-{last}" for first, last in ranges)


def _within(first: str, last: str, size: int) -> tuple[int, int]:
    """Return first and last byte; the first comes after the last where there is no such byte."""
    if not first:
        length = min(int(last), size)
        return size - length, size - 1

    return int(first), min(int(last), size - 1) if last else size - 1


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))

    return joined
