# SPDX-License-Identifier: Apache-2.0
"""The suite `config`: reading and binding settings beside hand-written code and peers."""

from collections.abc import Sequence
from functools import partial

from benchmarks.config.contenders import all_contenders
from benchmarks.config.jobs import JOBS, Job, check_outcome
from benchmarks.contender import Contender, Role, names_by_role
from benchmarks.job_figures import measure_job
from benchmarks.pinned_run import interleaved, run_pinned
from benchmarks.report import Report, Table
from benchmarks.statements import Sampler
from benchmarks.verdict import ahead, within

DISTRIBUTIONS = ("pyfly-core", "pydantic-settings", "dynaconf")
REPEATS = 60
SAMPLE_SECONDS = 0.008
STANDING = (
    "job",
    "ours",
    "x hand-written",
    "goal",
    "within goal",
    "best peer",
    "ahead of every peer",
    "noise",
)


def run(*, machine: Sequence[str], repeats: int, seed: int) -> Report:
    """Measure every job of every contender."""
    contenders = all_contenders()
    report = Report("config: settings", summary=Table("Where we stand", STANDING))
    return run_pinned(
        report,
        [partial(_measure, job, contenders, report, repeats=repeats, seed=seed) for job in JOBS],
        contenders,
        machine=machine,
        how=interleaved(repeats, SAMPLE_SECONDS, seed),
        noise="Noise: how far the median of the control lies above its minimum.",
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
    ours, peers = names[Role.OURS][0], names[Role.PEER]
    taken, ratio = figures.least(ours), figures.ratio(ours)
    peer = figures.best(peers)
    goal = f"<= {job.most} ns" if job.most is not None else f"<= {job.goal} x" if job.goal else "none"
    reached = within(taken, job.most) if job.most is not None else within(ratio, job.goal)
    if report.summary is not None:
        report.summary.rows.append(
            (
                job.title,
                f"{taken:.0f} ns",
                f"{ratio:.2f} x",
                goal,
                reached,
                f"{figures.least(peer):.0f} ns ({peer})",
                ahead(taken, map(figures.least, peers)),
                f"{figures.spreads[figures.control].noise:.1%}",
            )
        )
