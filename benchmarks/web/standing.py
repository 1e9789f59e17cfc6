# SPDX-License-Identifier: Apache-2.0
"""The summary of this suite: one line per goal, each beside the contender it is measured by."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.job_figures import JobFigures
from benchmarks.report import Report
from benchmarks.verdict import at_least, within

STANDING = ("job", "ours", "beside", "ratio", "goal", "within goal", "noise")


@dataclass(frozen=True, slots=True)
class Goal:
    """What one of ours may cost beside another contender.

    Args:
        ours: The one of ours.
        beside: The other.
        most: Largest ratio that we want; None when the ratio is only shown.
        strictly: Whether it has to be below that ratio, so that equal is not enough.
    """

    ours: str
    beside: str
    most: float | None
    strictly: bool = False

    @property
    def shown(self) -> str:
        if self.most is None:
            return "none"

        return f"{'<' if self.strictly else '<='} {self.most:g} x"

    def verdict(self, ratio: float) -> str:
        """Tell whether a ratio is within the goal, if there is one."""
        return "NO" if self.strictly and ratio == self.most else within(ratio, self.most)


def stand(
    report: Report, title: str, figures: JobFigures, goals: Iterable[Goal], shown: Callable[[float], str]
) -> None:
    """Add a line to the summary for each goal whose contenders took part.

    Args:
        report: Whose summary gets the lines.
        title: What was done.
        figures: What it came to.
        goals: The goals.
        shown: Writes a sample with its unit.
    """
    for goal in goals:
        if goal.ours in figures.spreads and goal.beside in figures.spreads:
            ratio = figures.ratio(goal.ours, goal.beside)
            add_line(
                report,
                f"{title}: {goal.ours}",
                shown(figures.least(goal.ours)),
                goal.beside,
                f"{ratio:.2f} x",
                goal.shown,
                goal.verdict(ratio),
                f"{figures.spreads[goal.beside].noise:.1%}",
            )


def stand_by_rate(
    report: Report,
    title: str,
    figures: JobFigures,
    *,
    ours: str,
    beside: str,
    least: float,
    shown: Callable[[float], str],
) -> None:
    """Add a line to the summary that compares how often something was done in the same time.

    Args:
        report: Whose summary gets the line.
        title: What was done.
        figures: How long it took each time.
        ours: The one of ours.
        beside: The other.
        least: Smallest ratio of the rates that we want.
        shown: Writes a sample as a rate with its unit.
    """
    ratio = figures.ratio(beside, ours)
    add_line(
        report,
        f"{title}: {ours}",
        shown(figures.least(ours)),
        beside,
        f"{ratio:.2f} x",
        f">= {least:g} x",
        at_least(ratio, least),
        f"{figures.spreads[beside].noise:.1%}",
    )


def add_line(report: Report, *cells: str) -> None:
    """Add a line to the summary."""
    if report.summary is not None:
        report.summary.rows.append(cells)


def microseconds(nanoseconds: float) -> str:
    return f"{nanoseconds / 1000:.1f} µs"
