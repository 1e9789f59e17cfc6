# SPDX-License-Identifier: Apache-2.0
"""The suite `di`: resolving beans beside hand-written code and the peers' containers."""

from collections.abc import Sequence
from functools import partial

from benchmarks.contender import Contender, Role, names_by_role
from benchmarks.di.contenders import all_contenders
from benchmarks.di.jobs import JOBS, Job, check_outcome
from benchmarks.job_figures import measure_job
from benchmarks.pinned_run import interleaved, run_pinned
from benchmarks.report import Report, Table
from benchmarks.statements import Sampler
from benchmarks.verdict import STANDING

DISTRIBUTIONS = ("pyfly-core", "dishka", "wireup", "dependency-injector")
REPEATS = 100
SAMPLE_SECONDS = 0.008


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

    names = names_by_role(taking_part)
    figures = measure_job(
        report,
        job.title,
        {it.name: Sampler(it.jobs[job.key], sample_seconds=SAMPLE_SECONDS) for it in taking_part},
        control=names[Role.CONTROL][0],
        repeats=repeats,
        seed=seed,
    )
    if report.summary is not None:
        standing = figures.standing(figures.best(names[Role.OURS]), names[Role.PEER], job.goal)
        report.summary.rows.append((job.title, *standing, f"{figures.spreads['empty call'].noise:.1%}"))
