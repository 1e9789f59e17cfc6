# SPDX-License-Identifier: Apache-2.0
"""Dates and times as text."""

import re
from datetime import datetime
from typing import Annotated, Any, Final

from pyfly.validation.domain._rule import Rule
from pyfly.validation.domain._text import accepted, fits

_ISO_DATE: Final = "%Y-%m-%d"
_DIRECTIVE: Final = re.compile("%(.)")
_DATE_TIME: Final = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})[T ]"
    r"(?:[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?|[0-9]{4}(?:[0-9]{2}(?:[.,][0-9]{1,9})?)?)"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


def is_valid_date(value: object, *, fmt: str = _ISO_DATE) -> bool:
    """Tell whether a value is a date that exists, written exactly as the format writes it.

    Each field has all its digits: ``2020-1-5`` is not in the format ``%Y-%m-%d``. Case does not matter.

    Args:
        value: The value.
        fmt: A format of `datetime.datetime.strptime`.
    """
    if not isinstance(value, str):
        return False

    try:
        date = datetime.strptime(value, fmt)
        return date.strftime(_with_long_year(fmt, date)).casefold() == value.casefold()
    except (ValueError, re.error):
        return False


def valid_date(value: str, *, fmt: str = _ISO_DATE) -> str:
    """Return the value if it is a date, else raise ``ValueError``."""
    return accepted(value, is_valid_date(value, fmt=fmt), "invalid date")


def is_valid_datetime(value: object) -> bool:
    """Tell whether a value is a date and a time that exist, in ISO 8601, with or without an offset."""
    if not fits(_DATE_TIME, value):
        return False

    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False

    return True


def valid_datetime(value: str) -> str:
    """Return the value if it is a date with a time, else raise ``ValueError``."""
    return accepted(value, is_valid_datetime(value), "invalid datetime")


def date_text(*, fmt: str = _ISO_DATE) -> Rule:
    """Make the rule of a date.

    It goes into ``Annotated[str, date_text(fmt="%d.%m.%Y")]``.

    Args:
        fmt: A format of `datetime.datetime.strptime`.

    Raises:
        ValueError: No date can be read in this format.
    """
    example = datetime(2020, 1, 31)
    if not is_valid_date(example.strftime(fmt), fmt=fmt):
        raise ValueError(f"date_text(fmt={fmt!r}): no date can be read in this format")

    schema: dict[str, Any] = {"description": "Date.", "examples": [example.strftime(fmt)]}
    return Rule(
        lambda value: is_valid_date(value, fmt=fmt),
        "invalid_date",
        "invalid date",
        {"format": "date", **schema} if fmt == _ISO_DATE else schema,
    )


def _with_long_year(fmt: str, date: datetime) -> str:
    """Write the year into the format: for a year before 1000, platforms differ on its zeros."""
    year = f"{date.year:04d}"
    return _DIRECTIVE.sub(lambda found: year if found[1] == "Y" else found[0], fmt)


DateText = Annotated[str, date_text()]
"""A text that is a date: ``2020-01-31``."""

DateTimeText = Annotated[
    str,
    Rule(
        is_valid_datetime,
        "invalid_datetime",
        "invalid datetime",
        {
            "format": "date-time",
            "description": "Date and time (ISO 8601).",
            "examples": ["2020-01-31T12:30:00Z"],
        },
    ),
]
"""A text that is a date with a time: ``2020-01-31T12:30:00Z``."""
