# SPDX-License-Identifier: Apache-2.0
"""Lines of figures: samples, and their ratios to a control."""

from collections.abc import Mapping, Sequence

from benchmarks.report import Table
from benchmarks.spread import Spread

RATIOS = (
    "best/best: ratio of the smallest samples, which the summary uses. Paired: ratios inside each repeat. "
    "Nothing is subtracted from any figure; the floor is shown beside."
)


def figure_table(
    title: str,
    samples: Mapping[str, Sequence[float]],
    *,
    control: str,
    unit: str,
    per_unit: float = 1,
    more: Mapping[str, Mapping[str, str]] | None = None,
) -> Table:
    """Lay out samples and their ratios to a control, one line per contender.

    Args:
        title: Heading of the table.
        samples: By contender and repeat.
        control: The contender that the ratios are to.
        unit: In which the figures are shown.
        per_unit: How much of what was sampled makes one unit.
        more: Further columns, each by contender.
    """
    extra = more or {}
    ratio = f"x {control}: best/best"
    table = Table(
        title,
        ("contender", f"{unit}: min", "median", "max", ratio, "paired min", "median", "max", *extra),
    )
    best = min(samples[control])
    for name, taken in samples.items():
        spread, paired = Spread.of(taken), Spread.of_ratios(taken, samples[control])
        table.rows.append(
            (
                name,
                *(f"{value / per_unit:.1f}" for value in (spread.least, spread.middle, spread.most)),
                f"{spread.least / best:.2f}",
                *(f"{value:.2f}" for value in (paired.least, paired.middle, paired.most)),
                *(cells.get(name, "") for cells in extra.values()),
            )
        )

    return table
