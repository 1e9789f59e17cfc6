# SPDX-License-Identifier: Apache-2.0
"""Amounts of money and rates of interest, read as decimal numbers and never through binary fractions."""

import re
from decimal import Decimal
from typing import Annotated, Final, TypeVar

from pyfly.validation.domain._amount_pattern import amount_pattern
from pyfly.validation.domain._number_rule import NumberRule
from pyfly.validation.domain._text import accepted

N = TypeVar("N", bound=int | float | Decimal | str)

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")


def is_valid_amount(value: object, *, allow_zero: bool = False, max_digits: int = 18) -> bool:
    """Tell whether a value is an amount that can be paid.

    Args:
        value: An ``int``, ``float`` or ``Decimal``, or a text with a decimal number. A boolean is none.
        allow_zero: Whether zero is an amount.
        max_digits: The most digits before the decimal point.
    """
    number = _decimal(value)
    if number is None:
        return False

    if number.is_zero():
        return allow_zero

    return number > 0 and number.adjusted() < max_digits


def valid_amount(value: N, *, allow_zero: bool = False, max_digits: int = 18) -> N:
    """Return the value if it is an amount, else raise ``ValueError``."""
    verdict = is_valid_amount(value, allow_zero=allow_zero, max_digits=max_digits)
    return accepted(value, verdict, "invalid amount")


def is_valid_interest_rate(
    value: object, *, min_pct: float | Decimal = 0.0, max_pct: float | Decimal = 100.0
) -> bool:
    """Tell whether a value is a rate within a band, its ends included.

    Args:
        value: As for `is_valid_amount`, in per cent.
        min_pct: The lower end, in per cent.
        max_pct: The upper end, in per cent.
    """
    number = _decimal(value)
    return number is not None and Decimal(str(min_pct)) <= number <= Decimal(str(max_pct))


def valid_interest_rate(value: N, *, min_pct: float | Decimal = 0.0, max_pct: float | Decimal = 100.0) -> N:
    """Return the value if it is a rate within the band, else raise ``ValueError``."""
    verdict = is_valid_interest_rate(value, min_pct=min_pct, max_pct=max_pct)
    return accepted(value, verdict, "interest rate out of range")


def amount(*, allow_zero: bool = False, max_digits: int = 18) -> NumberRule:
    """Make the rule of an amount.

    It goes into ``Annotated[Decimal, amount(allow_zero=True)]``.

    Args:
        allow_zero: Whether zero is an amount.
        max_digits: The most digits before the decimal point.
    """
    return NumberRule(
        lambda value: is_valid_amount(value, allow_zero=allow_zero, max_digits=max_digits),
        "invalid_amount",
        "invalid amount",
        {
            "format": "decimal",
            "description": "Amount of money.",
            "minimum" if allow_zero else "exclusiveMinimum": 0,
            "exclusiveMaximum": 10**max_digits,
            "pattern": amount_pattern(allow_zero=allow_zero, max_digits=max_digits),
        },
    )


def interest_rate(*, min_pct: float | Decimal = 0.0, max_pct: float | Decimal = 100.0) -> NumberRule:
    """Make the rule of a rate.

    It goes into ``Annotated[Decimal, interest_rate(max_pct=15)]``.

    Args:
        min_pct: The lower end, in per cent.
        max_pct: The upper end, in per cent.
    """
    return NumberRule(
        lambda value: is_valid_interest_rate(value, min_pct=min_pct, max_pct=max_pct),
        "invalid_interest_rate",
        "interest rate out of range",
        {
            "format": "decimal",
            "description": "Rate of interest in per cent.",
            "minimum": float(min_pct),
            "maximum": float(max_pct),
            "pattern": f"^{_NUMBER.pattern}$",
        },
    )


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None

    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None

    if isinstance(value, float):
        return _finite(Decimal(repr(float(value))))

    if isinstance(value, int):
        return Decimal(value)

    return _finite(value) if isinstance(value, Decimal) else None


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


Amount = Annotated[Decimal, amount()]
"""An amount of money above zero, as a ``Decimal``."""

InterestRate = Annotated[Decimal, interest_rate()]
"""A rate of interest from 0 to 100 per cent, as a ``Decimal``."""
