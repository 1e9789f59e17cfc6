# SPDX-License-Identifier: Apache-2.0
"""What a JSON schema can tell about amounts that are written as texts."""

from typing import Final

_ANY_EXPONENT: Final = "([eE][+-]?[0-9]{1,6})?"
_SMALLER: Final = "([eE]-[0-9]{1,6})?"


def amount_pattern(*, allow_zero: bool, max_digits: int) -> str:
    """Return a regular expression for amounts, in the forms that `decimal.Decimal` writes and others.

    All that it matches is an amount. Of the amounts, it leaves out some with a positive exponent.

    Args:
        allow_zero: Whether zero is an amount.
        max_digits: The most digits before the decimal point.
    """
    exponents = "|".join(map(str, range(max_digits)))
    forms = [
        rf"\+?0*[1-9][0-9]{{0,{max_digits - 1}}}(\.[0-9]*)?{_SMALLER}",
        rf"\+?0*\.0*[1-9][0-9]*{_SMALLER}",
        rf"\+?[1-9](\.[0-9]*)?[eE]\+?({exponents})",
    ]
    if allow_zero:
        forms.append(rf"[+-]?(0+(\.0*)?|\.0+){_ANY_EXPONENT}")

    return f"^({'|'.join(forms)})$"
