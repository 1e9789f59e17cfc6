# SPDX-License-Identifier: Apache-2.0
"""Times of records as ISO-8601 in UTC."""

from time import gmtime, strftime

# The last second that was written, with its text: most lines share their second with the one before.
_latest: tuple[int, str] = (-1, "")


def utc_timestamp(created: float) -> str:
    """Write a time as ``2026-03-01T12:00:00.123456Z``.

    Args:
        created: Seconds since 1970.
    """
    global _latest
    second = int(created)
    latest = _latest
    if latest[0] != second:
        # One assignment of both: another thread sees the old pair or the new one.
        latest = _latest = second, strftime("%Y-%m-%dT%H:%M:%S", gmtime(second))

    return f"{latest[1]}.{int((created - second) * 1_000_000):06d}Z"
