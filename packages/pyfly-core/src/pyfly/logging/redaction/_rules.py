# SPDX-License-Identifier: Apache-2.0
"""Rules: functions that put masks in place of one kind of secret."""

import re
from collections.abc import Callable

from pyfly.logging.redaction._masks import MASK, Mask, placeholder

Rule = Callable[[str], str]

_LONGEST_FOR_EXTRA = 10_000


def substitution(
    pattern: re.Pattern[str], entity: str, mask: Mask, valid: Callable[[str], bool] | None
) -> Rule:
    """Make a rule of an expression.

    Args:
        pattern: The expression.
        entity: Kind of secret that it finds.
        mask: What is written instead.
        valid: What has the last word about a match.
    """
    if valid is None and mask is placeholder:
        written = mask(entity, "").replace("\\", r"\\")
        return lambda text: pattern.sub(written, text)

    def replace(found: re.Match[str]) -> str:
        secret = found[0]
        return mask(entity, secret) if valid is None or valid(secret) else secret

    return lambda text: pattern.sub(replace, text)


def extra_rule(entity: str, pattern: re.Pattern[str], mask: Mask) -> Rule:
    """Make the rule for an expression of the settings.

    Nothing is known of the time it takes, so it sees 10,000 characters at once, and no masks of other rules.

    Args:
        entity: Its name.
        pattern: The expression; a match of nothing is none.
        mask: What is written instead.
    """
    rule = substitution(pattern, entity, mask, bool)

    def apply(text: str) -> str:
        if len(text) <= _LONGEST_FOR_EXTRA:
            return rule(text)

        return "".join(map(rule, _pieces(text, _LONGEST_FOR_EXTRA)))

    return between_masks(apply)


def between_masks(rule: Rule) -> Rule:
    """Keep a rule from what other rules have put in."""

    def apply(text: str) -> str:
        if "<" not in text:
            return rule(text)

        pieces: list[str] = []
        done = 0
        for found in MASK.finditer(text):
            pieces += (rule(text[done : found.start()]), found[0])
            done = found.end()

        pieces.append(rule(text[done:]))
        return "".join(pieces)

    return apply


def _pieces(text: str, most: int) -> list[str]:
    pieces = []
    begin = 0
    while len(text) - begin > most:
        # Not within a word, unless there is no other place.
        end = text.rfind(" ", begin + most // 2, begin + most) + 1 or begin + most
        pieces.append(text[begin:end])
        begin = end

    pieces.append(text[begin:])
    return pieces
