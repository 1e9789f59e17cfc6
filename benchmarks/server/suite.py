# SPDX-License-Identifier: Apache-2.0
"""The suite `server`: `pyfly run` on each server beside the server's own command."""

import sys
from collections.abc import Sequence
from time import perf_counter

from benchmarks.figures import RATIOS
from benchmarks.report import Report, Table
from benchmarks.server.lives import measure_lives
from benchmarks.server.memory import CONNECTIONS, measure_memory
from benchmarks.server.rates import measure_bare, measure_orders
from benchmarks.web.load import MISSING, can_load
from benchmarks.web.standing import STANDING

DISTRIBUTIONS = (
    "pyfly-core",
    "pyfly-cli",
    "pyfly-server",
    "pyfly-server-granian",
    "pyfly-server-uvicorn",
    "pyfly-server-hypercorn",
    "granian",
    "uvicorn",
    "httptools",
    "hypercorn",
    "uvloop",
)
REPEATS = 20
REPEATS_PER_PROCESS = 2
NOTES = (
    "One worker, uvloop, a backlog of 1024 and no access log; all else is the default of each. The "
    "application that does nothing is `benchmarks/peers/empty_asgi.py`; the example is `examples/orders`, "
    "without the log line for each request.",
    "Rates: one thread of wrk, runs of one second, server and client each pinned to a CPU of its own where "
    "there are two; both contenders run, and are asked in turn, in shuffled order. A figure is the time of a "
    "run divided by its answers, so smaller is better; the summary compares the rates.",
    "Starts and stops: on all CPUs, from the start of the process to the last byte of its first answer, then "
    "from SIGTERM to its end, without an open connection.",
    f"Memory: all processes of the server together, what they share counted once; {CONNECTIONS} connections "
    "that have asked once and are kept alive. What the system keeps for a socket is not in it.",
)


def run(*, machine: Sequence[str], repeats: int, seed: int) -> Report:
    """Measure rates, starts and stops, and memory."""
    report = Report("server: the servers", summary=Table("Where we stand", STANDING))
    started = perf_counter()
    if can_load():
        measure_bare(report, repeats=repeats, seed=seed)
        measure_orders(report, repeats=repeats, seed=seed)
    else:
        report.notes.append(MISSING)
        print(MISSING, file=sys.stderr)

    few = max(1, repeats // REPEATS_PER_PROCESS)
    measure_lives(report, repeats=few, seed=seed)
    measure_memory(report)
    report.notes += [
        *machine,
        f"{repeats} rounds, {few} of starts and stops, contenders in shuffled order (seed {seed}); "
        f"{perf_counter() - started:.0f} s in all",
        RATIOS,
        "Noise: how far the median of the contender beside lies above its minimum.",
        *NOTES,
    ]
    return report
