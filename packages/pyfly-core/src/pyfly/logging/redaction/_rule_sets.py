# SPDX-License-Identifier: Apache-2.0
"""The rules for the kinds of secrets that an application wants to be found."""

from collections.abc import Iterable, Sequence

from pyfly.logging.redaction._address_rules import address_rule, email_rule, url_rule
from pyfly.logging.redaction._log_patterns import ENOUGH_DIGITS, SSN_IN_LOG, WORDS_AFTER_BEARER
from pyfly.logging.redaction._masks import Mask, hashed
from pyfly.logging.redaction._number_rules import card_rule, iban_rule, logged_card_rule, phone_rule
from pyfly.logging.redaction._port import TextKind
from pyfly.logging.redaction._rough_look import SEVEN_DIGITS
from pyfly.logging.redaction._rules import Rule, between_masks, substitution
from pyfly.logging.redaction.patterns import BUILTIN_PATTERNS, VALIDATORS

_NUMBERS = frozenset({"CREDIT_CARD", "PHONE", "US_SSN"})


def broad_rule(entities: Sequence[str], mask: Mask) -> Rule:
    """Make one rule of those that are as broad as the expressions, in the order of the kinds.

    Args:
        entities: Names of `BUILTIN_PATTERNS`.
        mask: What is written instead of secrets.
    """
    names = list(_joined(entities))
    all_rules = _careful((_broad(name, mask) for name in names), mask)
    without_numbers = [rule for name, rule in zip(names, all_rules, strict=True) if name not in _NUMBERS]

    def apply(text: str) -> str:
        for rule in all_rules if SEVEN_DIGITS.search(text) else without_numbers:
            text = rule(text)

        return text

    return apply


def logged_rules(entities: Sequence[str], mask: Mask, kind: TextKind) -> list[Rule]:
    """Make rules that know ids; numbers that are made of digits alone are looked for together.

    Args:
        entities: Names of `BUILTIN_PATTERNS`.
        mask: What is written instead of secrets.
        kind: What is known about the texts.
    """
    numbers = [rule for entity in entities if (rule := _number(entity, mask, kind))]
    others = [rule for entity in _joined(entities) if (rule := _logged(entity, mask))]
    first = (
        [_with_enough_digits(_careful(numbers, mask))] if numbers and kind is not TextKind.PHONE else numbers
    )
    return [*first, *_careful(others, mask)]


def _joined(entities: Sequence[str]) -> Iterable[str]:
    """Give the kinds to look for one by one; e-mail takes passwords in URLs along."""
    both = "EMAIL" in entities and "URL_CREDENTIALS" in entities
    for entity in entities:
        if not both or entity not in ("EMAIL", "URL_CREDENTIALS"):
            yield entity
        elif entity == "EMAIL":
            yield "ADDRESSES"


def _broad(entity: str, mask: Mask) -> Rule:
    match entity:
        case "CREDIT_CARD":
            return card_rule(mask)
        case "IBAN":
            return iban_rule(mask, any_country=True)
        case _:
            return _address(entity, mask) or substitution(
                BUILTIN_PATTERNS[entity], entity, mask, VALIDATORS.get(entity)
            )


def _address(entity: str, mask: Mask) -> Rule | None:
    match entity:
        case "ADDRESSES":
            return address_rule(mask)
        case "EMAIL":
            return email_rule(mask)
        case "URL_CREDENTIALS":
            return url_rule(mask)
        case _:
            return None


def _number(entity: str, mask: Mask, kind: TextKind) -> Rule | None:
    match entity:
        case "CREDIT_CARD":
            return logged_card_rule(mask, kind)
        case "US_SSN":
            return substitution(SSN_IN_LOG, entity, mask, None)
        case "PHONE":
            return phone_rule(mask, kind)
        case _:
            return None


def _logged(entity: str, mask: Mask) -> Rule | None:
    match entity:
        case "CREDIT_CARD" | "US_SSN" | "PHONE":
            return None
        case "IBAN":
            return iban_rule(mask, any_country=False)
        case "BEARER_TOKEN":
            return substitution(BUILTIN_PATTERNS[entity], entity, mask, _is_bearer)
        case _:
            return _broad(entity, mask)


def _with_enough_digits(rules: Sequence[Rule]) -> Rule:
    def apply(text: str) -> str:
        if ENOUGH_DIGITS.search(text):
            for rule in rules:
                text = rule(text)

        return text

    return apply


def _careful(rules: Iterable[Rule], mask: Mask) -> list[Rule]:
    # The digits of a hash are no telephone number.
    return [between_masks(rule) if mask is hashed else rule for rule in rules]


def _is_bearer(found: str) -> bool:
    return found.split()[1].lower() not in WORDS_AFTER_BEARER
