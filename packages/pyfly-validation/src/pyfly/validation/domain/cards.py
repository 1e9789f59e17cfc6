# SPDX-License-Identifier: Apache-2.0
"""Numbers of payment cards and their security codes."""

import re
from typing import Annotated, Final

from pyfly.validation.domain._card_schemes import CARD_RANGES
from pyfly.validation.domain._rule import Rule
from pyfly.validation.domain._text import BLANKS_AND_HYPHENS, accepted, compact, fits

_CARD: Final = re.compile(r"[0-9]{12,19}")
_CVV: Final = re.compile(r"[0-9]{3,4}")
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # digit sums of 0, 2, 4, ... 18


def is_valid_credit_card(value: object) -> bool:
    """Tell whether a value is the number of a payment card (ISO/IEC 7812).

    Blanks and hyphens are allowed. The number must be of a known scheme, of a length that the scheme issues,
    and pass the Luhn check.
    """
    number = compact(value, BLANKS_AND_HYPHENS)
    return number is not None and fits(_CARD, number) and _is_issued(number) and _passes_luhn(number)


def valid_credit_card(value: str) -> str:
    """Return the value if it is a card number, else raise ``ValueError``."""
    return accepted(value, is_valid_credit_card(value), "invalid credit card number")


def is_valid_cvv(value: object) -> bool:
    """Tell whether a value has the three or four digits of a card's security code."""
    return fits(_CVV, value)


def valid_cvv(value: str) -> str:
    """Return the value if it is a security code, else raise ``ValueError``."""
    return accepted(value, is_valid_cvv(value), "invalid CVV")


def _is_issued(number: str) -> bool:
    issuer = int(number[:6])
    return any(first <= issuer <= last and len(number) in lengths for first, last, lengths in CARD_RANGES)


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0


CreditCardNumber = Annotated[
    str,
    Rule(
        is_valid_credit_card,
        "invalid_credit_card",
        "invalid credit card number",
        {
            "format": "credit-card",
            "description": "Number of a payment card (ISO/IEC 7812).",
            "examples": ["4111 1111 1111 1111"],
            "pattern": "^[ -]*([0-9][ -]*){12,19}$",
        },
    ),
]
"""A text that is the number of a payment card."""

Cvv = Annotated[
    str,
    Rule(
        is_valid_cvv,
        "invalid_cvv",
        "invalid CVV",
        {
            "format": "cvv",
            "description": "Security code of a payment card.",
            "pattern": f"^{_CVV.pattern}$",
        },
    ),
]
"""A text that is the security code of a card."""
