# SPDX-License-Identifier: Apache-2.0
"""In which line a document sets each of its keys."""

from typing import NamedTuple

from pyfly.config._names import canonical

Place = tuple[str, ...]


class _Claim(NamedTuple):
    line: int
    whole: bool


class KeyLines:
    """The lines of a document's keys.

    A place is the path of a key as the configuration sees it: a dot in a key of the outermost level separates
    segments, deeper keys are one segment each, and the items of a list are ``key[0]``.

    Attributes:
        lines: Line of each key, by canonical dotted key.
    """

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self._claims: dict[Place, _Claim] = {}

    def enter(self, place: Place, line: int, whole: bool = False) -> int | None:
        """Take down that ``place``, and so what is around it, is set in ``line``.

        Args:
            place: Where the key is in the tree.
            line: Where it is in the file, counted from 1.
            whole: Whether the value is no mapping, to which another key could add.

        Returns:
            The line that has set the place already, None when nothing is set twice.
        """
        for length in range(1, len(place)):
            earlier = self._enter(place[:length], line, False)
            if earlier is not None:
                return earlier

        return self._enter(place, line, whole)

    def _enter(self, place: Place, line: int, whole: bool) -> int | None:
        self.lines.setdefault(canonical(".".join(place)), line)
        claim = _Claim(line, whole)
        earlier = self._claims.setdefault(place, claim)
        return earlier.line if earlier is not claim and (whole or earlier.whole) else None


def place_of(around: Place, key: str) -> Place:
    """Return the place of a key that is written within ``around``."""
    return (*around, key) if around else tuple(key.split("."))


def item_of(around: Place, index: int) -> Place:
    """Return the place of an item of the list at ``around``."""
    return (*around[:-1], f"{around[-1]}[{index}]")
