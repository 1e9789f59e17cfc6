# SPDX-License-Identifier: Apache-2.0
"""Numbers and secrets that belong to a person or a company."""

import re
from typing import Annotated, Final

from pyfly.validation.domain._rule import Rule
from pyfly.validation.domain._text import BLANKS_AND_HYPHENS, accepted, compact, fits

_PHONE: Final = re.compile(r"\+?[1-9][0-9]{6,14}")
_TAX_ID: Final = re.compile(r"[A-Za-z0-9]{3,20}")
_NATIONAL_ID: Final = re.compile(r"[A-Za-z0-9]{5,20}")


def is_valid_phone_number(value: object) -> bool:
    """Tell whether a value is a phone number of 7 to 15 digits (ITU-T E.164), with or without ``+``.

    Blanks and hyphens are allowed; the first digit is not zero.
    """
    return fits(_PHONE, compact(value, BLANKS_AND_HYPHENS))


def valid_phone_number(value: str) -> str:
    """Return the value if it is a phone number, else raise ``ValueError``."""
    return accepted(value, is_valid_phone_number(value), "invalid phone number")


def is_valid_tax_id(value: object) -> bool:
    """Tell whether a value has 3 to 20 letters and digits."""
    return fits(_TAX_ID, value)


def valid_tax_id(value: str) -> str:
    """Return the value if it is a tax id, else raise ``ValueError``."""
    return accepted(value, is_valid_tax_id(value), "invalid tax id")


def is_valid_national_id(value: object) -> bool:
    """Tell whether a value has 5 to 20 letters and digits, with blanks or hyphens between."""
    return fits(_NATIONAL_ID, compact(value, BLANKS_AND_HYPHENS))


def valid_national_id(value: str) -> str:
    """Return the value if it is a national id, else raise ``ValueError``."""
    return accepted(value, is_valid_national_id(value), "invalid national id")


PhoneNumber = Annotated[
    str,
    Rule(
        is_valid_phone_number,
        "invalid_phone_number",
        "invalid phone number",
        {
            "format": "phone",
            "description": "Phone number with its country code (ITU-T E.164).",
            "examples": ["+44 20 7946 0000"],
            "pattern": r"^[ -]*(\+[ -]*)?[1-9][ -]*([0-9][ -]*){6,14}$",
        },
    ),
]
"""A text that is a phone number."""

TaxId = Annotated[
    str,
    Rule(
        is_valid_tax_id,
        "invalid_tax_id",
        "invalid tax id",
        {
            "format": "tax-id",
            "description": "Tax number, in letters and digits.",
            "pattern": f"^{_TAX_ID.pattern}$",
        },
    ),
]
"""A text that is a tax id."""

NationalId = Annotated[
    str,
    Rule(
        is_valid_national_id,
        "invalid_national_id",
        "invalid national id",
        {
            "format": "national-id",
            "description": "Number of an identity document, in letters and digits.",
            "pattern": "^[ -]*([A-Za-z0-9][ -]*){5,20}$",
        },
    ),
]
"""A text that is a national id."""
