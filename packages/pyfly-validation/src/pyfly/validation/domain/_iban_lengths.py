# SPDX-License-Identifier: Apache-2.0
"""Lengths of IBANs by country: the registry of ISO 13616 kept by SWIFT, release 101."""

from typing import Final

_COUNTRIES_BY_LENGTH: Final = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}

IBAN_LENGTHS: Final = {
    country: length for length, countries in _COUNTRIES_BY_LENGTH.items() for country in countries.split()
}
"""The characters of an IBAN, country code and check digits included, by country code."""
