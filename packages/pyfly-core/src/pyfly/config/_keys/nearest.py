# SPDX-License-Identifier: Apache-2.0
"""What a misspelt word was meant to be."""

from collections.abc import Iterable


def distance(one: str, other: str, limit: int) -> int:
    """Return how many edits lead from one text to another, or ``limit + 1`` when there are more than that.

    An edit inserts, deletes or replaces a character, or swaps two neighbours (optimal string alignment).
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1

    one, other = _differing_parts(one, other)
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, character in enumerate(one, 1):
        current = [row]
        for column, counterpart in enumerate(other, 1):
            cost = min(
                above[column] + 1, current[column - 1] + 1, above[column - 1] + (character != counterpart)
            )
            swapped = row > 1 and column > 1 and character == other[column - 2]
            if swapped and one[row - 2] == counterpart:
                cost = min(cost, before[column - 2] + 1)

            current.append(cost)

        # A swap reaches back two rows.
        if min(current) > limit and min(above) >= limit:
            return limit + 1

        before, above = above, current

    return min(above[-1], limit + 1)


def nearest(word: str, candidates: Iterable[str], limit: int) -> tuple[str, ...]:
    """Return the candidates that are the fewest edits away from a word, all of them when several are.

    Args:
        word: The word.
        candidates: What it may have been meant to be.
        limit: The most edits.
    """
    found: list[str] = []
    for candidate in dict.fromkeys(candidates):
        edits = distance(word, candidate, limit)
        if edits < limit:
            found, limit = [candidate], edits
        elif edits == limit:
            found.append(candidate)

    return tuple(found)


def _differing_parts(one: str, other: str) -> tuple[str, str]:
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1

    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1

    return one[start : len(one) - end], other[start : len(other) - end]
