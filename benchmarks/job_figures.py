# SPDX-License-Identifier: Apache-2.0
"""One job, done by several contenders in turn: its table, and where ours stands in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import figure_table
from benchmarks.report import Report
from benchmarks.rounds import interleave
from benchmarks.spread import Spread
from benchmarks.verdict import ahead, within


@dataclass(frozen=True, slots=True)
class JobFigures:
    """What the samples of one job came to.

    Args:
        spreads: By contender.
        control: The contender that ratios are to.
    """

    spreads: Mapping[str, Spread]
    control: str

    @classmethod
    def of(cls, samples: Mapping[str, Sequence[float]], control: str) -> "JobFigures":
        """Sum up the samples of each contender."""
        return cls({name: Spread.of(taken) for name, taken in samples.items()}, control)

    def least(self, name: str) -> float:
        """Return the smallest sample of a contender."""
        return self.spreads[name].least

    def ratio(self, name: str, beside: str = "") -> float:
        """Divide the smallest sample of a contender by that of another, which is else the control."""
        return self.least(name) / self.least(beside or self.control)

    def best(self, names: Iterable[str]) -> str:
        """Return the one with the smallest sample, of one name or more."""
        return min(names, key=self.least)

    def standing(self, ours: str, peers: Iterable[str], goal: float | None) -> tuple[str, ...]:
        """Tell our ratio, the goal, whether it is reached, the best peer, and whether ours is ahead."""
        others = list(peers)
        best = self.best(others)
        return (
            f"{self.ratio(ours):.2f} x",
            f"<= {goal} x" if goal is not None else "none",
            within(self.ratio(ours), goal),
            f"{self.ratio(best):.2f} x ({best})",
            ahead(self.least(ours), map(self.least, others)),
        )


def measure_job(
    report: Report,
    title: str,
    samplers: Mapping[str, Callable[[], float]],
    *,
    control: str,
    repeats: int,
    seed: int,
    unit: str = "ns",
    per_unit: float = 1,
) -> JobFigures:
    """Sample every contender of a job in turn, and put the table of figures into the report.

    Args:
        report: Gets the table.
        title: Heading of the table.
        samplers: What takes one sample, by contender.
        control: The contender that ratios are to.
        repeats: Samples of each contender.
        seed: Of the order inside the repeats.
        unit: In which the figures are shown.
        per_unit: How much of what is sampled makes one unit.
    """
    samples = interleave(samplers, repeats=repeats, seed=seed)
    report.tables.append(figure_table(title, samples, control=control, unit=unit, per_unit=per_unit))
    return JobFigures.of(samples, control)
