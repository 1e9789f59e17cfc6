# SPDX-License-Identifier: Apache-2.0
"""Rules for numbers: cards, bank accounts, telephones."""

import re
from collections.abc import Callable

from pyfly.logging.redaction._account_numbers import check_digit_right, iban_length, iban_valid, luhn_valid
from pyfly.logging.redaction._log_patterns import (
    CARD_LAYOUT,
    ISSUED,
    PHONE_LAYOUT,
    PHONE_NAMED,
    PHONE_UNDER_KEY,
)
from pyfly.logging.redaction._masks import Mask
from pyfly.logging.redaction._port import TextKind
from pyfly.logging.redaction._rules import Rule, substitution
from pyfly.logging.redaction.patterns import BUILTIN_PATTERNS

_HEX_WORD = re.compile(r"[0-9a-fA-F]{24,}+(?![0-9A-Za-z])")
_SHORTEST_CARD = 13
_CARD_LENGTHS = (14, 15, 16)

# In a text with more groups of digits than this they are a table.
_MOST_RETRIES = 50


def phone_rule(mask: Mask, kind: TextKind) -> Rule | None:
    """Make the rule for telephone numbers in a log; None where a number is an id."""
    match kind:
        case TextKind.ID:
            return None
        case TextKind.PHONE:
            return substitution(PHONE_UNDER_KEY, "PHONE", mask, None)
        case TextKind.FREE:
            by_layout = substitution(PHONE_LAYOUT, "PHONE", mask, None)

    def replace(found: re.Match[str]) -> str:
        return found["before"] + mask("PHONE", found["number"])

    return lambda text: PHONE_NAMED.sub(replace, by_layout(text))


def card_rule(mask: Mask) -> Rule:
    """Make the rule for cards of any issuer, in any grouping."""
    printed = _card_rule(check_digit_right, mask)
    grouped = substitution(BUILTIN_PATTERNS["CREDIT_CARD"], "CREDIT_CARD", mask, luhn_valid)
    return lambda text: grouped(printed(text))


def logged_card_rule(mask: Mask, kind: TextKind) -> Rule:
    """Make the rule for cards in a log: of a known issuer, as they are printed or in one piece."""
    return _card_rule(_is_card_id if kind is TextKind.ID else _is_card, mask)


def iban_rule(mask: Mask, any_country: bool) -> Rule:
    """Make the rule for bank accounts, of any country or of those that have such numbers."""
    pattern = BUILTIN_PATTERNS["IBAN"]

    def apply(text: str) -> str:
        pieces: list[str] = []
        done = position = 0
        while found := pattern.search(text, position):
            start, position = found.span()
            number = found[0]
            length = iban_length(number)
            if length is not None:
                number = _first(number, length)
                position = start + len(number)

            if (length or any_country) and iban_valid(number):
                pieces += (text[done:start], mask("IBAN", number))
                done = position

        return "".join((*pieces, text[done:])) if done else text

    return apply


def _card_rule(valid: Callable[[str], bool], mask: Mask) -> Rule:
    def apply(text: str) -> str:
        pieces: list[str] = []
        done = position = 0
        again = _MOST_RETRIES
        while found := CARD_LAYOUT.search(text, position):
            start, position = found.span()
            gap = found["gap"] or found["wide"]
            card = _card_in(found[0], gap, valid)
            if card and not _within_hex(text, start, position):
                pieces += (text[done:start], mask("CREDIT_CARD", card))
                done = position = start + len(card)
            elif gap and again:
                # A card may begin at the next group: "2026 4111 1111 1111 1111".
                again -= 1
                position = start + 4

        return "".join((*pieces, text[done:])) if done else text

    return apply


def _card_in(number: str, gap: str | None, valid: Callable[[str], bool]) -> str | None:
    if gap is None:
        return number if valid(number) else None

    if valid(number.replace(gap, "")):
        return number

    # The last digits may be something else: "4111 1111 1111 1111 123".
    shorter, _, last = number.rpartition(gap)
    digits = shorter.replace(gap, "")
    return shorter if len(last) < 4 and len(digits) >= _SHORTEST_CARD and valid(digits) else None


def _first(number: str, length: int) -> str:
    """Cut a number in groups of four after so many characters, the blanks not counted."""
    blanks = (length - 1) // 4 if " " in number else 0
    cut = number[: length + blanks]
    whole = len(number) == len(cut) or (blanks and number[len(cut)] == " ")
    return cut if whole else number


def _is_card(digits: str) -> bool:
    return ISSUED.fullmatch(digits) is not None and check_digit_right(digits)


def _is_card_id(digits: str) -> bool:
    # Ids of 13 and of 17 to 19 digits are made from the time.
    return len(digits) in _CARD_LENGTHS and _is_card(digits)


def _within_hex(text: str, start: int, end: int) -> bool:
    """Tell whether digits are a part of a checksum or the like."""
    before = text[max(0, start - 128) : start]
    word = start - len(before) + len(before.rstrip("0123456789abcdefABCDEF"))
    if word == start and text[end : end + 1] not in "abcdefABCDEF":
        return False

    return _HEX_WORD.match(text, word) is not None
