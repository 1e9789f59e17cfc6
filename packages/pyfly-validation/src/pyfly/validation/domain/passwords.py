# SPDX-License-Identifier: Apache-2.0
"""Secrets that a person chooses."""

import re
from typing import Annotated, Final

from pyfly.validation.domain._rule import Rule
from pyfly.validation.domain._text import accepted, fits

_DIGITS: Final = re.compile(r"[0-9]+")


def is_valid_pin(value: object, *, length: int = 4) -> bool:
    """Tell whether a value has exactly so many digits."""
    return isinstance(value, str) and len(value) == length and fits(_DIGITS, value)


def valid_pin(value: str, *, length: int = 4) -> str:
    """Return the value if it is a PIN, else raise ``ValueError``."""
    return accepted(value, is_valid_pin(value, length=length), "invalid pin")


def is_strong_password(value: object, *, min_length: int = 8) -> bool:
    """Tell whether a password is long and mixed enough.

    It needs a lower case letter, an upper case letter, a digit, and a character that is neither letter nor
    digit. Letters of any script count; digits are 0 to 9.
    """
    return (
        isinstance(value, str)
        and len(value) >= min_length
        and any(character.islower() for character in value)
        and any(character.isupper() for character in value)
        and any("0" <= character <= "9" for character in value)
        and not value.isalnum()
    )


def valid_strong_password(value: str, *, min_length: int = 8) -> str:
    """Return the value if it is a strong password, else raise ``ValueError``."""
    verdict = is_strong_password(value, min_length=min_length)
    return accepted(value, verdict, "password is not strong enough")


def pin(*, length: int = 4) -> Rule:
    """Make the rule of a PIN.

    It goes into ``Annotated[str, pin(length=6)]`` or ``Annotated[SecretStr, pin()]``.

    Args:
        length: Its digits, at least one.
    """
    if length < 1:
        raise ValueError(f"pin(length={length}): a PIN has at least one digit")

    return Rule(
        lambda value: is_valid_pin(value, length=length),
        "invalid_pin",
        "invalid pin",
        {
            "format": "pin",
            "description": f"PIN of {length} digits.",
            "pattern": f"^[0-9]{{{length}}}$",
            "writeOnly": True,
        },
    )


def strong_password(*, min_length: int = 8) -> Rule:
    """Make the rule of a password.

    It goes into ``Annotated[SecretStr, strong_password(min_length=12)]``.

    Args:
        min_length: Its fewest characters.
    """
    return Rule(
        lambda value: is_strong_password(value, min_length=min_length),
        "weak_password",
        "password is not strong enough",
        {
            "format": "password",
            "description": "Lower and upper case letters, digits and other characters, at least one of each.",
            "minLength": min_length,
            "writeOnly": True,
        },
    )


Pin = Annotated[str, pin()]
"""A text that is a PIN of four digits."""

StrongPassword = Annotated[str, strong_password()]
"""A text that is a strong password of at least eight characters."""
