# SPDX-License-Identifier: Apache-2.0
"""Rules for what has an ``@`` in it: addresses of e-mail, and passwords in URLs."""

import re

from pyfly.logging.redaction._log_patterns import ESCAPED_EMAIL
from pyfly.logging.redaction._masks import Mask, partial, placeholder
from pyfly.logging.redaction._rules import Rule, substitution
from pyfly.logging.redaction.patterns import BUILTIN_PATTERNS

_URL = BUILTIN_PATTERNS["URL_CREDENTIALS"]
_URL_AND_HOST = re.compile(_URL.pattern + r"(?P<host>[\w.-]*+)")


def email_rule(mask: Mask) -> Rule:
    """Make the rule for addresses of e-mail, also within URLs."""
    plain = substitution(BUILTIN_PATTERNS["EMAIL"], "EMAIL", mask, None)
    escaped = substitution(ESCAPED_EMAIL, "EMAIL", mask, None)

    def apply(text: str) -> str:
        text = plain(text) if "@" in text else text
        return escaped(text) if "%40" in text else text

    return apply


def url_rule(mask: Mask) -> Rule:
    """Make the rule for passwords in URLs, which keeps the scheme, the user and the host."""
    if mask is placeholder:
        written = rf"\g<before>{mask('URL_CREDENTIALS', '')}@"
        return lambda text: _URL.sub(written, text) if "@" in text else text

    def replace(found: re.Match[str]) -> str:
        return f"{found['before']}{mask('URL_CREDENTIALS', found['secret'])}@"

    return lambda text: _URL.sub(replace, text) if "@" in text else text


def address_rule(mask: Mask) -> Rule:
    """Make the rule for both: no host is taken for a part of an address."""
    urls, emails = url_rule(mask), email_rule(mask)
    if mask is not partial:
        return lambda text: emails(urls(text))

    # The end of a password that shows, and the host, would look like an address.
    def apply(text: str) -> str:
        if "://" not in text or "@" not in text:
            return emails(text)

        pieces: list[str] = []
        done = 0
        for found in _URL_AND_HOST.finditer(text):
            secret = mask("URL_CREDENTIALS", found["secret"])
            # The user may be an address as well.
            pieces += (
                emails(text[done : found.start()]),
                emails(found["before"]),
                secret,
                "@",
                found["host"],
            )
            done = found.end()

        return "".join((*pieces, emails(text[done:])))

    return apply
