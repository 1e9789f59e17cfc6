# SPDX-License-Identifier: Apache-2.0
"""Ranges of issuers of payment cards, as the schemes had published them by January 2026.

An issuer is known by the first six digits. Test numbers and cards still in circulation set the lengths, so
Diners Club keeps its 14 digits in every range, and JCB its old 15.
"""

from typing import Final

_TWELVE_TO_NINETEEN: Final = frozenset(range(12, 20))
_SIXTEEN_TO_NINETEEN: Final = frozenset(range(16, 20))
_FOURTEEN_TO_NINETEEN: Final = frozenset(range(14, 20))

CARD_RANGES: Final[tuple[tuple[int, int, frozenset[int]], ...]] = (
    # Visa
    (400000, 499999, frozenset({13, 16, 19})),
    # Mastercard
    (510000, 559999, frozenset({16})),
    (222100, 272099, frozenset({16})),
    # American Express
    (340000, 349999, frozenset({15})),
    (370000, 379999, frozenset({15})),
    # Discover
    (601100, 601199, _SIXTEEN_TO_NINETEEN),
    (644000, 659999, _SIXTEEN_TO_NINETEEN),
    # Diners Club
    (300000, 305999, _FOURTEEN_TO_NINETEEN),
    (309500, 309599, _FOURTEEN_TO_NINETEEN),
    (360000, 369999, _FOURTEEN_TO_NINETEEN),
    (380000, 399999, _FOURTEEN_TO_NINETEEN),
    # JCB
    (352800, 358999, _SIXTEEN_TO_NINETEEN),
    (213100, 213199, frozenset({15})),
    (180000, 180099, frozenset({15})),
    # UnionPay, and the cards it shares with Discover
    (620000, 629999, _SIXTEEN_TO_NINETEEN),
    (810000, 817199, _SIXTEEN_TO_NINETEEN),
    # Maestro
    (500000, 509999, _TWELVE_TO_NINETEEN),
    (560000, 589999, _TWELVE_TO_NINETEEN),
    (630400, 630499, _TWELVE_TO_NINETEEN),
    (639000, 639999, _TWELVE_TO_NINETEEN),
    (670000, 679999, _TWELVE_TO_NINETEEN),
)
"""First issuer, last issuer, and the numbers of digits that their cards may have."""
