# SPDX-License-Identifier: Apache-2.0
"""One run of a suite whose jobs are statements: on one CPU, with the garbage collector at rest."""

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import Protocol

from benchmarks.figures import RATIOS
from benchmarks.machine import one_cpu, steady_heap
from benchmarks.report import Report


class Noted(Protocol):
    """A contender that says how its product is used."""

    @property
    def name(self) -> str: ...

    @property
    def note(self) -> str: ...


def run_pinned(
    report: Report,
    measures: Iterable[Callable[[], None]],
    contenders: Iterable[Noted],
    *,
    machine: Sequence[str],
    how: str,
    noise: str,
) -> Report:
    """Take the measurements, and note how they were taken.

    Args:
        report: What the measurements fill.
        measures: One for each job.
        contenders: Whose notes belong to the report.
        machine: What it runs on.
        how: How samples are taken.
        noise: What the figures of noise mean.
    """
    started = perf_counter()
    with one_cpu() as pinned, steady_heap():
        for measure in measures:
            measure()

    report.notes += [
        *machine,
        f"{pinned}; garbage collector off during samples; {how}; {perf_counter() - started:.0f} s in all",
        RATIOS,
        noise,
        *(f"{it.name}: {it.note}" for it in contenders if it.note),
    ]
    return report


def interleaved(repeats: int, sample_seconds: float, seed: int) -> str:
    """Tell how the samples of a suite are taken."""
    order = f"contenders interleaved in shuffled order (seed {seed})"
    return f"{repeats} repeats of {sample_seconds * 1000:g} ms, {order}"
