# SPDX-License-Identifier: Apache-2.0
"""The suite `logging`: disabled calls and JSON lines beside the standard library and structlog."""

from collections.abc import Sequence
from functools import partial

from benchmarks.di.contender import Role
from benchmarks.figures import figure_table
from benchmarks.logging.contender import Contender, QuietSampler
from benchmarks.logging.contenders import all_contenders
from benchmarks.logging.jobs import JOBS, Job, check_outcome
from benchmarks.pinned_run import interleaved, run_pinned
from benchmarks.report import Report, Table
from benchmarks.rounds import interleave
from benchmarks.spread import Spread
from benchmarks.verdict import ahead, within

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

    samplers = {it.name: QuietSampler(it, job.key, sample_seconds=SAMPLE_SECONDS) for it in taking_part}
    samples = interleave(samplers, repeats=repeats, seed=seed)
    spreads = {name: Spread.of(taken) for name, taken in samples.items()}
    control = next(it.name for it in taking_part if job.key in it.controls)
    report.tables.append(figure_table(job.title, samples, control=control, unit="ns"))
    peers = {it.name: spreads[it.name].least for it in taking_part if it.role in (Role.PEER, Role.CONTROL)}
    peer = min(peers, key=peers.__getitem__)
    for it in taking_part:
        if it.role is Role.OURS and report.summary is not None:
            least = spreads[it.name].least
            ratio = least / spreads[control].least
            report.summary.rows.append(
                (
                    f"{job.title}: {it.name}",
                    f"{ratio:.2f} x",
                    control,
                    f"<= {job.goal} x" if job.goal is not None else "none",
                    within(ratio, job.goal),
                    f"{peers[peer] / spreads[control].least:.2f} x ({peer})",
                    ahead(least, peers.values()),
                    f"{spreads[control].noise:.1%}",
                )
            )
