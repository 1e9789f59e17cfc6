# SPDX-License-Identifier: Apache-2.0
"""The suite `logging`: disabled calls and JSON lines beside the standard library and structlog."""

from collections.abc import Sequence
from functools import partial

from benchmarks.contender import Role, names_by_role
from benchmarks.job_figures import measure_job
from benchmarks.logging.contender import Contender, QuietSampler
from benchmarks.logging.contenders import all_contenders
from benchmarks.logging.jobs import JOBS, Job, check_outcome
from benchmarks.pinned_run import interleaved, run_pinned
from benchmarks.report import Report, Table

DISTRIBUTIONS = ("pyfly-core", "pyfly-logging-structlog", "structlog")
REPEATS = 100
SAMPLE_SECONDS = 0.008
STANDING = ("job", "ours", "beside", "goal", "within goal", "best peer", "ahead of every peer", "noise")


def run(*, machine: Sequence[str], repeats: int, seed: int) -> Report:
    """Measure every job of every contender."""
    contenders = all_contenders()
    report = Report("logging: disabled calls and JSON lines", summary=Table("Where we stand", STANDING))
    return run_pinned(
        report,
        [partial(_measure, job, contenders, report, repeats=repeats, seed=seed) for job in JOBS],
        contenders,
        machine=machine,
        how=interleaved(repeats, SAMPLE_SECONDS, seed),
        noise="Lines go to the null device, each flushed. "
        "Noise: how far the median of the control lies above its minimum.",
    )


def _measure(job: Job, contenders: Sequence[Contender], report: Report, *, repeats: int, seed: int) -> None:
    taking_part = [it for it in contenders if job.key in it.jobs]
    for it in taking_part:
        if it.role is not Role.FLOOR:
            check_outcome(it.name, job, lambda it=it: it.written_by(job.key))  # type: ignore[misc]  # a default

    names = names_by_role(taking_part)
    figures = measure_job(
        report,
        job.title,
        {it.name: QuietSampler(it, job.key, sample_seconds=SAMPLE_SECONDS) for it in taking_part},
        control=next(it.name for it in taking_part if job.key in it.controls),
        repeats=repeats,
        seed=seed,
    )
    peers = [*names[Role.PEER], *names[Role.CONTROL]]
    for ours in names[Role.OURS]:
        if report.summary is not None:
            ratio, *others = figures.standing(ours, peers, job.goal)
            noise = f"{figures.spreads[figures.control].noise:.1%}"
            report.summary.rows.append((f"{job.title}: {ours}", ratio, figures.control, *others, noise))
