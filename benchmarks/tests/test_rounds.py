# SPDX-License-Identifier: Apache-2.0
from itertools import count

from benchmarks.rounds import interleave

NAMES = ("ours", "theirs", "by hand")


def _journal(seed: int, repeats: int = 20) -> list[str]:
    journal: list[str] = []

    def sampler(name: str):
        def sample() -> float:
            journal.append(name)
            return 1.0

        return sample

    interleave({name: sampler(name) for name in NAMES}, repeats=repeats, seed=seed)
    return journal


def test_each_repeat_samples_every_contender_once():
    journal = _journal(seed=1)

    rounds = [journal[start : start + 3] for start in range(0, len(journal), 3)]
    assert len(rounds) == 20
    assert all(sorted(names) == sorted(NAMES) for names in rounds)


def test_the_order_changes_between_repeats():
    journal = _journal(seed=1)

    assert len({tuple(journal[start : start + 3]) for start in range(0, len(journal), 3)}) > 1


def test_a_seed_gives_the_same_order_again():
    assert _journal(seed=7) == _journal(seed=7)
    assert _journal(seed=7) != _journal(seed=8)


def test_samples_are_kept_in_order_of_the_repeats():
    numbers = count()

    samples = interleave({"ours": lambda: float(next(numbers))}, repeats=3, seed=1)

    assert samples == {"ours": [0.0, 1.0, 2.0]}
