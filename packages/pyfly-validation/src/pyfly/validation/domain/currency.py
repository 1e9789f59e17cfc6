# SPDX-License-Identifier: Apache-2.0
"""Currency codes: list one of ISO 4217, as published on 2026-01-01.

Without ``XTS`` (for tests) and ``XXX`` (no currency), which stand for no currency.
"""

from typing import Annotated, Final

from pyfly.validation.domain._rule import Rule
from pyfly.validation.domain._text import accepted

_LIST_ONE: Final = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD
XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG
"""

CURRENCY_CODES: Final = frozenset(_LIST_ONE.split())
"""The active codes."""


def is_valid_currency_code(value: object) -> bool:
    """Tell whether a value is an active currency code, in upper case."""
    return isinstance(value, str) and value in CURRENCY_CODES


def valid_currency_code(value: str) -> str:
    """Return the value if it is a currency code, else raise ``ValueError``."""
    return accepted(value, is_valid_currency_code(value), "invalid currency code")


CurrencyCode = Annotated[
    str,
    Rule(
        is_valid_currency_code,
        "invalid_currency_code",
        "invalid currency code",
        {
            "format": "currency-code",
            "description": "Currency code (ISO 4217).",
            "examples": ["EUR"],
            "pattern": "^[A-Z]{3}$",
        },
    ),
]
"""A text that is an active currency code."""
