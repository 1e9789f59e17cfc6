# SPDX-License-Identifier: Apache-2.0
"""The kinds of secrets that texts are searched for, each as a regular expression.

No expression reads a text more than a few times over, so that the time is linear in its length. Each begins
with the first character of a match and looks back from there: that is how ``re`` finds a beginning fastest.
"""

import re
from collections.abc import Callable

from pyfly.logging.redaction._account_numbers import iban_valid, luhn_valid

__all__ = ["BUILTIN_PATTERNS", "VALIDATORS", "iban_valid", "ipv6_valid", "luhn_valid"]

# All that may stand before an `@`. What cannot be is listed, so that it is quick to pass over.
_LOCAL = r"[^\x00-\x20\"'(),:;<>@\[\\\]/=?&#{}|*!$^`~]"
_DOMAIN = r"(?:[\w-]++\.)+[^\W\d_]{2,}"

# A password ends at the last `@` before the path; one with a slash in it is told from a port and a path.
_URL_CREDENTIALS = (
    r"(?P<before>://[^\s/:?#\"'<>]*+:)"
    r"(?P<secret>[^\s/?#\"'<>]+(?=@)|(?!\d{1,5}[/?#])[^\s\"'<>@:]++(?=@))@"
)

# At the beginning of a word, or after what escapes a blank.
_JWT = (
    r"eyJ(?:(?<![\w-]eyJ)|(?<=\\[nrt]eyJ)|(?<=%[0-9A-Fa-f]{2}eyJ))"
    r"[\w-]++\.[\w-]*+\.[\w-]*+(?:\.[\w-]++){0,2}"
)

# In groups of four, or in one piece.
_IBAN = (
    r"[A-Z](?<!\w[A-Z])[A-Z][0-9]{2}"
    r"(?:(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?+|[A-Z0-9]{10,30}+)(?!\w)"
)

# Any seven to ten digits with or without a country's code, and the long form with a plus.
_PHONE = (
    r"[+(0-9](?:"
    r"(?<=\+)(?<![0-9]\+)[0-9](?:[ .\-()]{0,2}[0-9]){6,14}"
    r"|(?<=\()[0-9]{3}\)[ .-]?[0-9]{3}[ .-]?[0-9]{4}"
    r"|(?<=[0-9])(?<![0-9][0-9])(?:[0-9]{0,2}[ .-]?(?:(?:\([0-9]{3}\)|[0-9]{3})[ .-]?)?[0-9]{3}[ .-]?"
    r"|[0-9]{2}[ .-]?)[0-9]{4}"
    r")(?![0-9])"
)

_IPV4 = (
    r"[0-9](?<![0-9.][0-9])(?:(?<=2)5[0-5]|(?<=2)[0-4][0-9]|(?<=1)[0-9][0-9]|[0-9])?"
    r"(?:\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}(?![0-9]|\.[0-9])"
)
_IPV6 = (
    r"[0-9A-Fa-f:](?<![\w:.][0-9A-Fa-f:])(?:(?<=:):|(?<!:)[0-9A-Fa-f]{0,3}:[0-9A-Fa-f]{0,4}:)"
    r"[0-9A-Fa-f:]{0,36}+(?:(?:\.[0-9]{1,3}){3})?+(?![\w:])"
)

#: ``{kind of secret: expression}``. For some kinds `VALIDATORS` has the last word.
BUILTIN_PATTERNS: dict[str, re.Pattern[str]] = {
    "EMAIL": re.compile(rf"{_LOCAL}(?<!{_LOCAL}{{2}}){_LOCAL}*+@{_DOMAIN}"),
    "CREDIT_CARD": re.compile(r"[0-9](?<![0-9][0-9])(?:[ -]?[0-9]){12,18}(?![0-9])"),
    "IBAN": re.compile(_IBAN),
    "US_SSN": re.compile(r"[0-9](?<![0-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{4}(?![0-9])"),
    "JWT": re.compile(_JWT),
    "BEARER_TOKEN": re.compile(r"[bB](?i:earer)(?<!\w[a-zA-Z]{6})\s++[\w\-.~+/|:%]++=*+"),
    "URL_CREDENTIALS": re.compile(_URL_CREDENTIALS),
    "PHONE": re.compile(_PHONE),
    "IPV4": re.compile(_IPV4),
    "IPV6": re.compile(_IPV6),
}


def ipv6_valid(value: str) -> bool:
    """Tell whether a text is an address of the Internet Protocol, version 6."""
    # Imported here because few applications look for addresses in their log.
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(value)
    except AddressValueError:
        return False

    return True


#: ``{kind of secret: check}``: what tells a real one from a text that only looks like one.
VALIDATORS: dict[str, Callable[[str], bool]] = {
    "CREDIT_CARD": luhn_valid,
    "IBAN": iban_valid,
    "IPV6": ipv6_valid,
}
