# SPDX-License-Identifier: Apache-2.0
"""Check digits of cards and bank accounts."""

_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
_LETTERS = {ord("A") + place: str(10 + place) for place in range(26)}

#: Length of an account number by country, of the registry of ISO 13616.
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",  # codespell:ignore fo
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH CR HR LI LV",
        22: "BG BH DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM YE",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}


def luhn_valid(value: str) -> bool:
    """Tell whether the check digit of a card number is right (Luhn's algorithm, ISO/IEC 7812-1).

    Args:
        value: Digits; blanks and hyphens between them do not matter.
    """
    digits = value.replace(" ", "").replace("-", "")
    return digits.isascii() and digits.isdigit() and check_digit_right(digits)


def check_digit_right(digits: str) -> bool:
    """Tell the same of digits alone."""
    backwards = digits.encode()[::-1]
    doubled = backwards[1::2].translate(_DOUBLED)
    return (sum(backwards[::2]) + sum(doubled) - 48 * len(backwards)) % 10 == 0


def iban_valid(value: str) -> bool:
    """Tell whether the check digits of a bank account number are right (ISO 13616, ISO/IEC 7064 mod 97-10).

    Args:
        value: The number; blanks in it do not matter.
    """
    number = value.replace(" ", "")
    if not (number.isascii() and number.isalnum() and number.isupper()):
        return False

    return int((number[4:] + number[:4]).translate(_LETTERS)) % 97 == 1


def iban_length(value: str) -> int | None:
    """Return how many characters an account number has that begins like this; None for no known country."""
    return _IBAN_LENGTHS.get(value[:2])
