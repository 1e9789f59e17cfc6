# SPDX-License-Identifier: Apache-2.0
"""Interleaved sampling: each repeat takes one sample of every contender, in an order of its own."""

import random
from collections.abc import Callable, Mapping


def interleave(
    samplers: Mapping[str, Callable[[], float]], *, repeats: int, seed: int
) -> dict[str, list[float]]:
    """Sample every contender once per repeat.

    What disturbs the machine for a while so disturbs all of them, and none always runs first.

    Args:
        samplers: What takes one sample, by contender.
        repeats: Samples of each contender.
        seed: Of the order inside the repeats.

    Returns:
        The samples of each contender, by repeat.
    """
    order = random.Random(seed)
    samples: dict[str, list[float]] = {name: [] for name in samplers}
    names = list(samplers)
    for _ in range(repeats):
        order.shuffle(names)
        for name in names:
            samples[name].append(samplers[name]())

    return samples
