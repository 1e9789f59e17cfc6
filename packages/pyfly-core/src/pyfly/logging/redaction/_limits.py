# SPDX-License-Identifier: Apache-2.0
"""How much of a text is looked through; the rest is left out."""

MOST_CHARACTERS = 100_000

_LONGEST_WORD = 4_096


def within_limit(text: str) -> str:
    """Cut a text that is too long to be looked through, before the word at the cut, and say so at its end.

    Args:
        text: A text; one within the limit comes back as it is.
    """
    if len(text) <= MOST_CHARACTERS:
        return text

    head = text[:MOST_CHARACTERS]
    # Half a secret would not be recognised as one.
    end = MOST_CHARACTERS - _LONGEST_WORD
    for blank in " \n\t":
        end = max(end, head.rfind(blank, end) + 1)

    return f"{head[:end]}<CUT {len(text) - end} characters>"
