# SPDX-License-Identifier: Apache-2.0
"""Smallest, middle and largest of repeated samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """What repeated samples of one thing came to."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> "Spread":
        """Sum up samples, of which there is at least one."""
        return cls(min(samples), median(samples), max(samples))

    @classmethod
    def of_ratios(cls, samples: Sequence[float], control: Sequence[float]) -> "Spread":
        """Sum up the ratios of samples to those of a control, paired by the repeat they belong to.

        Raises:
            ValueError: The numbers of samples differ.
        """
        return cls.of([sample / base for sample, base in zip(samples, control, strict=True)])

    @property
    def noise(self) -> float:
        """How far the middle lies above the best, as a share of the best."""
        return self.middle / self.least - 1

    def scaled(self, factor: float) -> "Spread":
        return Spread(self.least * factor, self.middle * factor, self.most * factor)
