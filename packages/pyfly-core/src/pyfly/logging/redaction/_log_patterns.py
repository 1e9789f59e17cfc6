# SPDX-License-Identifier: Apache-2.0
"""Kinds of secrets as they are told from ids in a log, where the broad expressions would hit too much."""

import re

from pyfly.logging.redaction._rough_look import SIX_MORE_DIGITS

_DIGITS = r"[0-9](?:[ .\-()]{0,2}[0-9]){6,14}(?![0-9])"

#: A telephone number that shows itself as one, by a plus or a usual layout.
PHONE_LAYOUT = re.compile(
    r"[+(0-9](?<![\w.:/+\-][0-9])(?:"
    rf"(?<=\+)(?<![\w+]\+){_DIGITS}"
    r"|(?<=\()(?<![\w)\]]\()[0-9]{3}\)[ .-]?[0-9]{3}[ .-]?[0-9]{4}(?![\w-])"
    r"|(?<=[0-9])(?:[0-9]{2}(?P<gap>[.-])[0-9]{3}(?P=gap)[0-9]{4}"
    r"|(?<=1)[ .-]\(?[0-9]{3}\)?(?P<space>[ .-])[0-9]{3}(?P=space)[0-9]{4})(?!\w|[.:/\-][0-9])"
    r")"
)

#: A word that says that a number can be called, and the number.
PHONE_NAMED = re.compile(
    r"(?P<before>[cdfmpstwCDFMPSTW](?i:(?<=p)hone|(?<=m)obile|(?<=m)sisdn|(?<=w)hatsapp"
    r"|(?<![a-z][a-z])(?:(?<=t)el|(?<=c)ell|(?<=f)ax|(?<=s)ms|(?<=c)all(?:ed|ing)?|(?<=d)ial(?:ed|led|ing)?"
    r"|(?<=t)ext(?:ed|ing)?))(?i:[ _-]?(?:number|num|no|nr|at|to|on|from|is)\b)?"
    r"[\"'\]]{0,2}[ :=.]{0,3}[\"']?)"
    rf"(?![0-9]{{4}}-[0-9][0-9]-[0-9][0-9])(?P<number>[+(]?{_DIGITS})"
)

#: An address of e-mail within a URL.
ESCAPED_EMAIL = re.compile(r"[\w.+-](?<![\w.+-]{2})[\w.+-]*+%40(?:[\w-]++\.)+[^\W\d_]{2,}")

#: Seven digits that do not begin with a date.
ENOUGH_DIGITS = re.compile(rf"[0-9](?!(?<=[12])[0-9]{{3}}-[01][0-9]-[0-3][0-9](?![0-9])){SIX_MORE_DIGITS}")

#: What stands under a key that promises a telephone number, in any country's layout.
PHONE_UNDER_KEY = re.compile(r"[+(0-9](?<![0-9][0-9])(?:[ .\-()/]{0,2}[0-9]){5,15}")

#: A card as it is printed or in one piece.
CARD_LAYOUT = re.compile(
    r"[0-9](?<![0-9][0-9])(?:[0-9]{12,18}"
    r"|[0-9]{3}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{1,4}(?:(?P=gap)[0-9]{1,3})?"
    r"|[0-9]{3}(?P<wide>[ -])[0-9]{6}(?P=wide)[0-9]{4,5})(?![0-9])"
)

#: ``US_SSN`` where it is no part of a longer number.
SSN_IN_LOG = re.compile(r"[0-9](?<![\w.\-][0-9])[0-9]{2}-[0-9]{2}-[0-9]{4}(?!\w|[.\-][0-9])")

#: Words that follow "bearer" in a sentence.
WORDS_AFTER_BEARER = frozenset(
    ["and", "auth", "authentication", "authorization", "is", "of", "or", "scheme", "token", "tokens", "was"]
)

#: Digits with the beginning and the length of a card.
ISSUED = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"
    r"|(?:5[1-5][0-9][0-9]|222[1-9]|22[3-9][0-9]|2[3-6][0-9][0-9]|27[01][0-9]|2720)[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}(?:[0-9][0-9])?|35(?:2[89]|[3-8][0-9])[0-9]{12,15}"
    r"|6(?:011|[245][0-9][0-9])[0-9]{12,15}|(?:50[123][0-9]|5893|6304|6759|676[123])[0-9]{9,15}"
)
