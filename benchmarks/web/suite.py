# SPDX-License-Identifier: Apache-2.0
"""The suite `web`: requests, routes, large bodies and servers, ours and the peers'."""

import sys
from collections.abc import Sequence
from functools import partial
from time import perf_counter

from benchmarks.pinned_run import interleaved, run_pinned
from benchmarks.report import Report, Table
from benchmarks.web.contenders import all_contenders
from benchmarks.web.load import MISSING, can_load, measure_load
from benchmarks.web.registration import measure_registration
from benchmarks.web.requests import SAMPLE_SECONDS, measure_requests, measure_user_filters
from benchmarks.web.routing import measure_routing
from benchmarks.web.standing import STANDING
from benchmarks.web.transfers import measure_served_transfers, measure_transfers

DISTRIBUTIONS = (
    "pyfly-core",
    "pyfly-web",
    "pyfly-web-starlette",
    "pyfly-web-fastapi",
    "starlette",
    "fastapi",
    "litestar",
    "blacksheep",
    "pydantic",
    "msgspec",
    "granian",
)
REPEATS = 60
REPEATS_PER_PROCESS = 12
NOTES = (
    "Requests: the application is called as a server calls it, in one event loop, with a new scope each "
    "time, and what it sends is dropped. The harness is what that costs with an application that does "
    "nothing; it is in every figure.",
    "Large bodies: in chunks of 64 KiB. Peak memory: what Python allocated at most during one request, the "
    "chunks included.",
    "A thousand routes: 100 resources with 10 routes and 3 models each, in a process of their own; handlers "
    "and models are there when the clock starts. Starlette and BlackSheep are not asked for a description.",
)
HOW_SERVED = (
    "Through Granian: one worker, and one thread of wrk, each pinned to a CPU of its own where there are "
    "two; all servers run, and are asked in turn, in shuffled order. A figure is the time of a run divided "
    "by its answers, so smaller is better; the summary compares the rates"
)


def run(*, machine: Sequence[str], repeats: int, seed: int) -> Report:
    """Measure requests, filters, routes and large bodies in the process, then processes and servers."""
    contenders = all_contenders()
    few = max(1, repeats // REPEATS_PER_PROCESS)
    report = Report("web: HTTP requests", summary=Table("Where we stand", STANDING))
    run_pinned(
        report,
        [
            partial(measure_requests, report, contenders, repeats=repeats, seed=seed),
            partial(measure_user_filters, report, contenders, repeats=repeats, seed=seed),
            partial(measure_routing, report, repeats=repeats, seed=seed),
            partial(measure_transfers, report, repeats=repeats, seed=seed),
            partial(measure_registration, report, repeats=few, seed=seed),
        ],
        contenders,
        machine=machine,
        how=interleaved(repeats, SAMPLE_SECONDS, seed),
        noise="Noise: how far the median of the contender beside lies above its minimum.",
    )
    started = perf_counter()
    if can_load():
        measure_load(report, repeats=few, seed=seed)
        measure_served_transfers(report, repeats=2 * few, seed=seed)
        rounds = f"{few} rounds, {2 * few} of large bodies"
        how = f"{HOW_SERVED}; {rounds}; {perf_counter() - started:.0f} s in all"
    else:
        how = MISSING
        print(MISSING, file=sys.stderr)

    report.notes += [*NOTES, how]
    return report
