# SPDX-License-Identifier: Apache-2.0
"""The suite `di`: resolving beans beside hand-written code and the peers' containers."""

from collections.abc import Sequence
from functools import partial

from benchmarks.di.contender import Contender, Role
from benchmarks.di.contenders import all_contenders
from benchmarks.di.jobs import JOBS, Job, check_outcome
from benchmarks.figures import figure_table
from benchmarks.pinned_run import interleaved, run_pinned
from benchmarks.report import Report, Table
from benchmarks.rounds import interleave
from benchmarks.spread import Spread
from benchmarks.statements import Sampler
from benchmarks.verdict import STANDING, ahead, within

DISTRIBUTIONS = ("pyfly-core", "dishka", "wireup", "dependency-injector")
REPEATS = 100
SAMPLE_SECONDS = 0.008
COLUMNS = (
    "contender",
    "ns: min",
    "median",
    "max",
    "x hand-written: best/best",
    "paired min",
    "median",
    "max",
)


def run(*, machine: Sequence[str], repeats: int, seed: int) -> Report:
    """Measure every job of every contender."""
    contenders = all_contenders()
    report = Report("di: beans on request", summary=Table("Where we stand", STANDING))
    return run_pinned(
        report,
        [partial(_measure, job, contenders, report, repeats=repeats, seed=seed) for job in JOBS],
        contenders,
        machine=machine,
        how=interleaved(repeats, SAMPLE_SECONDS, seed),
        noise="Noise of the floor: how far the median of the empty call lies above its minimum.",
    )


def _measure(job: Job, contenders: Sequence[Contender], report: Report, *, repeats: int, seed: int) -> None:
    taking_part = [it for it in contenders if job.key in it.jobs]
    for it in taking_part:
        if it.role is not Role.FLOOR:
            check_outcome(it.name, job, it.jobs[job.key])

    samplers = {it.name: Sampler(it.jobs[job.key], sample_seconds=SAMPLE_SECONDS) for it in taking_part}
    samples = interleave(samplers, repeats=repeats, seed=seed)
    spreads = {name: Spread.of(taken) for name, taken in samples.items()}
    control = next(it.name for it in taking_part if it.role is Role.CONTROL)
    report.tables.append(figure_table(job.title, samples, control=control, unit="ns"))
    bests = {
        role: {it.name: spreads[it.name].least for it in taking_part if it.role is role} for role in Role
    }
    ours = min(bests[Role.OURS].values())
    ratio = ours / spreads[control].least
    peer = min(bests[Role.PEER], key=bests[Role.PEER].__getitem__)
    floor = spreads["empty call"]
    if report.summary is not None:
        report.summary.rows.append(
            (
                job.title,
                f"{ratio:.2f} x",
                f"<= {job.goal} x" if job.goal is not None else "none",
                within(ratio, job.goal),
                f"{bests[Role.PEER][peer] / spreads[control].least:.2f} x ({peer})",
                ahead(ours, bests[Role.PEER].values()),
                f"{floor.noise:.1%}",
            )
        )
