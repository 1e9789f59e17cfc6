# SPDX-License-Identifier: Apache-2.0
"""Numbers of banks and of accounts."""

import re
from typing import Annotated, Final

from pyfly.validation.domain._iban_lengths import IBAN_LENGTHS
from pyfly.validation.domain._rule import Rule
from pyfly.validation.domain._text import BLANKS, BLANKS_AND_HYPHENS, accepted, compact, fits

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
_BIC: Final = re.compile(r"[A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?")
_SORT_CODE: Final = re.compile(r"[0-9]{6}")
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9]{6,34}")


def is_valid_iban(value: object) -> bool:
    """Tell whether a value is an international bank account number (ISO 13616).

    Blanks and lower case are allowed. The country must be in the registry, the length must be the country's,
    and the check digits must be right (ISO 7064, MOD 97-10).
    """
    text = compact(value, BLANKS)
    if text is None:
        return False

    iban = text.upper()
    if not fits(_IBAN, iban) or IBAN_LENGTHS.get(iban[:2]) != len(iban) or not 2 <= int(iban[2:4]) <= 98:
        return False

    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def valid_iban(value: str) -> str:
    """Return the value if it is an IBAN, else raise ``ValueError``."""
    return accepted(value, is_valid_iban(value), "invalid IBAN")


def is_valid_bic(value: object) -> bool:
    """Tell whether a value has the form of a business identifier code (ISO 9362) of 8 or 11 characters."""
    return fits(_BIC, value)


def valid_bic(value: str) -> str:
    """Return the value if it is a BIC, else raise ``ValueError``."""
    return accepted(value, is_valid_bic(value), "invalid BIC")


def is_valid_sort_code(value: object) -> bool:
    """Tell whether a value is a British or Irish sort code: six digits, with blanks or hyphens between."""
    return fits(_SORT_CODE, compact(value, BLANKS_AND_HYPHENS))


def valid_sort_code(value: str) -> str:
    """Return the value if it is a sort code, else raise ``ValueError``."""
    return accepted(value, is_valid_sort_code(value), "invalid sort code")


def is_valid_account_number(value: object) -> bool:
    """Tell whether a value has 6 to 34 letters and digits."""
    return fits(_ACCOUNT, value)


def valid_account_number(value: str) -> str:
    """Return the value if it is an account number, else raise ``ValueError``."""
    return accepted(value, is_valid_account_number(value), "invalid account number")


Iban = Annotated[
    str,
    Rule(
        is_valid_iban,
        "invalid_iban",
        "invalid IBAN",
        {
            "format": "iban",
            "description": "International bank account number (ISO 13616).",
            "examples": ["GB82 WEST 1234 5698 7654 32"],
            "minLength": min(IBAN_LENGTHS.values()),
        },
    ),
]
"""A text that is an IBAN."""

Bic = Annotated[
    str,
    Rule(
        is_valid_bic,
        "invalid_bic",
        "invalid BIC",
        {
            "format": "bic",
            "description": "Business identifier code (ISO 9362).",
            "examples": ["DEUTDEFF500"],
            "pattern": f"^{_BIC.pattern}$",
        },
    ),
]
"""A text that is a BIC."""

SortCode = Annotated[
    str,
    Rule(
        is_valid_sort_code,
        "invalid_sort_code",
        "invalid sort code",
        {
            "format": "sort-code",
            "description": "Sort code of a British or Irish bank.",
            "examples": ["20-00-00"],
            "pattern": "^[ -]*([0-9][ -]*){6}$",
        },
    ),
]
"""A text that is a sort code."""

AccountNumber = Annotated[
    str,
    Rule(
        is_valid_account_number,
        "invalid_account_number",
        "invalid account number",
        {
            "format": "account-number",
            "description": "Number of a bank account, in letters and digits.",
            "pattern": f"^{_ACCOUNT.pattern}$",
        },
    ),
]
"""A text that is an account number."""
