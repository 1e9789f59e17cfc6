# SPDX-License-Identifier: Apache-2.0
"""Rules for what has an ``@`` in it: addresses of e-mail, and passwords in URLs."""

import re

from pyfly.logging.redaction._log_patterns import ESCAPED_EMAIL
from pyfly.logging.redaction._masks import Mask
from pyfly.logging.redaction._rules import Rule, substitution
from pyfly.logging.redaction.patterns import BUILTIN_PATTERNS

_URL = re.compile(BUILTIN_PATTERNS["URL_CREDENTIALS"].pattern + r"(?P<host>[\w.-]*+)")


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

    def replace(found: re.Match[str]) -> str:
        return found["before"] + _end(found, mask)

    return lambda text: _URL.sub(replace, text) if "@" in text else text


def address_rule(mask: Mask) -> Rule:
    """Make the rule for both, in one pass: no host is taken for a part of an address."""
    emails = email_rule(mask)

    def apply(text: str) -> str:
        if "://" not in text or "@" not in text:
            return emails(text)

        pieces: list[str] = []
        done = 0
        for found in _URL.finditer(text):
            # The user may be an address as well.
            between, before = text[done : found.start()], found["before"]
            pieces += (
                emails(between) if between else "",
                emails(before) if "@" in before else before,
                _end(found, mask),
            )
            done = found.end()

        return "".join((*pieces, emails(text[done:])))

    return apply


def _end(found: re.Match[str], mask: Mask) -> str:
    return f"{mask('URL_CREDENTIALS', found['secret'])}@{found['host']}"
