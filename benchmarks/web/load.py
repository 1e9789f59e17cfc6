# SPDX-License-Identifier: Apache-2.0
"""Requests through a server: wrk against Granian, one contender after the other."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from shutil import which
from statistics import median

from benchmarks.figures import figure_table
from benchmarks.job_figures import JobFigures
from benchmarks.machine import two_cpus
from benchmarks.report import Report
from benchmarks.rounds import interleave
from benchmarks.web.jobs import JOBS, check_outcome
from benchmarks.web.names import PYFLY, STARLETTE
from benchmarks.web.requests import MICROSECOND
from benchmarks.web.servers import APPLICATIONS, Server, on_granian, servers
from benchmarks.web.standing import stand_by_rate
from benchmarks.web.wrk import Load, Wrk

CONNECTIONS = 64
SECONDS = 2
WARM_UP_SECONDS = 1
LEAST_RATE = 0.95
MISSING = "wrk is not installed (Debian: apt-get install wrk), so nothing was measured through a server."
_KEYS = ("get", "post")
_SHARES = (50, 99)


def can_load() -> bool:
    """Tell whether the load generator is there."""
    return which("wrk") is not None


def measure_load(report: Report, *, repeats: int, seed: int) -> None:
    """Measure requests per second and latencies of each contender."""
    server_cpu, client_cpu = two_cpus() or (None, None)
    launches = {name: on_granian(application) for name, application in APPLICATIONS.items()}
    with servers(launches, server_cpu) as running:
        for job in (job for job in JOBS if job.key in _KEYS):
            for name, server in running.items():
                check_outcome(name, job, server.ask(job.request))

            measure_rates(
                report,
                f"Through Granian, {CONNECTIONS} connections: {job.title}",
                Wrk(job.request, CONNECTIONS, SECONDS, client_cpu),
                running,
                ours=PYFLY,
                beside=STARLETTE,
                least=LEAST_RATE,
                repeats=repeats,
                seed=seed,
            )


def measure_rates(
    report: Report,
    title: str,
    wrk: Wrk,
    running: Mapping[str, Server],
    *,
    ours: str,
    beside: str,
    least: float,
    repeats: int,
    seed: int,
) -> None:
    """Send the same request to several servers in turn, and compare how many answers each gives.

    Args:
        report: Gets a table, and a line in its summary.
        title: Heading of the table.
        wrk: What sends the requests.
        running: The servers, by contender.
        ours: The one of ours.
        beside: The one that ours is compared with.
        least: Smallest ratio of the rates that we want.
        repeats: Runs for each contender.
        seed: Of the order inside the repeats.
    """
    for server in running.values():
        replace(wrk, seconds=WARM_UP_SECONDS).run(server.port)

    loads: dict[str, list[Load]] = {name: [] for name in running}
    costs: dict[str, list[float]] = {name: [] for name in running}
    samples = interleave(
        {
            name: cost_sampler(load_sampler(wrk, server, loads[name]), server, costs[name], wrk.seconds)
            for name, server in running.items()
        },
        repeats=repeats,
        seed=seed,
    )
    columns = {
        f"{share} % within, ms": {
            name: f"{median(load.latencies[share] for load in taken):.2f}" for name, taken in loads.items()
        }
        for share in _SHARES
    }
    columns["CPU, µs each: min"] = {name: f"{min(taken):.1f}" for name, taken in costs.items() if any(taken)}
    report.tables.append(
        figure_table(title, samples, control=beside, unit="µs each", per_unit=MICROSECOND, more=columns)
    )
    figures = JobFigures.of(samples, beside)
    stand_by_rate(report, title, figures, ours=ours, beside=beside, least=least, shown=per_second)


def load_sampler(wrk: Wrk, server: Server, loads: list[Load]) -> Callable[[], float]:
    """Return what runs wrk once, keeps what it found, and gives nanoseconds per request."""

    def sample() -> float:
        loads.append(wrk.run(server.port))
        return 1e9 / loads[-1].rate

    return sample


def cost_sampler(
    sampler: Callable[[], float], server: Server, costs: list[float], seconds: float
) -> Callable[[], float]:
    """Return what takes a sample, and keeps what its requests cost: microseconds of processor time each.

    Args:
        sampler: Gives nanoseconds per request.
        server: What is asked.
        costs: Gets the costs.
        seconds: How long a sample takes.
    """

    def sample() -> float:
        before = server.cpu_nanoseconds()
        taken = sampler()
        costs.append((server.cpu_nanoseconds() - before) * taken / seconds / 1e12)
        return taken

    return sample


def per_second(nanoseconds: float) -> str:
    return f"{1e9 / nanoseconds:.0f} per s"
