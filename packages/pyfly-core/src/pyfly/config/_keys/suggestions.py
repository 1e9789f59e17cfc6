# SPDX-License-Identifier: Apache-2.0
"""Which key a misspelt key was meant to be."""

import re
from collections.abc import Iterable, Iterator, Sequence

from pyfly.config._keys.keys import ANY_NAME, ITEM, dotted
from pyfly.config._keys.known_keys import Candidate
from pyfly.config._keys.nearest import nearest
from pyfly.config._names import canonical

_SHOWN = 3
_INDEX = re.compile(r"\[\d+\]")


def suggested_keys(key: str, candidates: Iterable[Candidate], limit: int) -> tuple[str, ...]:
    """Return the keys that are the fewest edits away, those of the same section first.

    Args:
        key: The misspelt key, whole and dotted.
        candidates: The keys there are.
        limit: The most edits; case and the sign between words count for nothing.
    """
    indices = _INDEX.findall(key)
    plain = _INDEX.sub(ITEM, key)
    shown: dict[str, str] = {}
    for candidate in candidates:
        for path in _filled(candidate, plain):
            shown.setdefault(canonical(path), path)

    found = [shown[it] for it in nearest(canonical(plain), shown, limit)]
    section = canonical(plain.rpartition(".")[0])
    in_order = sorted(found, key=lambda it: (canonical(it.rpartition(".")[0]) != section, it))
    return tuple(_indexed(it, indices) for it in in_order[:_SHOWN])


def suggested_variables(name: str, names: Iterable[str], stems: Iterable[str], limit: int) -> tuple[str, ...]:
    """Return the names of variables that are the fewest edits away.

    Args:
        name: The misspelt name.
        names: The names there are.
        stems: What names of the user's choice start with.
        limit: The most edits.
    """
    words = name.split("_")
    candidates = [*names, *(it for stem in stems for it in _tails(stem.removesuffix("_"), words, "_"))]
    return tuple(sorted(nearest(name, candidates, limit))[:_SHOWN])


def _filled(candidate: Candidate, key: str) -> Iterator[str]:
    """Put the names of the user's choice that the misspelt key has into a candidate."""
    written = key.split(".")
    documented = dotted(candidate.path).split(".")
    # The first name takes along the dots that the documented path has no place for.
    surplus = max(0, len(written) - len(documented))
    start = 0
    steps: list[str] = []
    for step in documented:
        end = start + 1 + (surplus if step == ANY_NAME else 0)
        steps.append(".".join(written[start:end]) or step if step == ANY_NAME else step)
        surplus -= end - start - 1
        start = end

    if candidate.open:
        stem = ".".join(steps)
        yield from _tails(stem, written, ".")
        # The dot behind the stem may be what is missing.
        yield from (f"{stem}.{key[len(stem) + skipped :]}" for skipped in (0, 1) if len(key) > len(stem))
    else:
        yield ".".join(steps)


def _indexed(key: str, indices: Iterable[str]) -> str:
    for index in indices:
        key = key.replace(ITEM, index, 1)

    return key


def _tails(stem: str, words: Sequence[str], separator: str) -> Iterator[str]:
    count = stem.count(separator) + 1
    for cut in (count - 1, count, count + 1):
        if 0 < cut < len(words):
            yield separator.join((stem, *words[cut:]))
