# SPDX-License-Identifier: Apache-2.0
"""The suite `boot`: imports, a large context, and a service's first response."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from time import perf_counter

from benchmarks.boot.context_start import CONTENDERS
from benchmarks.boot.graph import BEANS, DEPENDENCIES
from benchmarks.boot.imports import ImportProbe
from benchmarks.boot.services import PATH, Service
from benchmarks.figures import RATIOS, figure_table
from benchmarks.machine import one_cpu, plain_environment
from benchmarks.processes import ROOT
from benchmarks.report import Report, Table
from benchmarks.rounds import interleave
from benchmarks.spread import Spread
from benchmarks.verdict import STANDING, ahead, within

DISTRIBUTIONS = (
    "pyfly-core",
    "starlette",
    "fastapi",
    "granian",
    "uvicorn",
    "pydantic",
    "dishka",
    "wireup",
    "dependency-injector",
)
ORDERS = ROOT / "benchmarks" / "boot" / "orders_service"
REPEATS = 10
MILLISECOND = 1e6
MOST_IMPORT_MS = 100
MOST_MODULES = 200
MOST_START_MS = 1000

Samples = Mapping[str, Sequence[float]]


def run(*, machine: Sequence[str], repeats: int, seed: int) -> Report:
    """Measure imports, the large context and the services."""
    report = Report("boot: from nothing to a first response", summary=Table("Where we stand", STANDING))
    started = perf_counter()
    with one_cpu() as pinned:
        _measure_imports(report, repeats, seed)
        _measure_context(report, repeats, seed)

    _measure_services(report, repeats, seed)
    report.notes += [
        *machine,
        f"imports and contexts {pinned}, services on all CPUs; every sample in a fresh process, its garbage "
        f"collector on; {repeats} repeats, contenders interleaved in shuffled order (seed {seed}); "
        f"{perf_counter() - started:.0f} s in all",
        RATIOS,
        "Noise of the floor: how far the median of the cheapest control lies above its minimum.",
        "Imports: the time inside the process around the statement; modules and peak memory of the whole "
        "process. `import starlette` alone loads little more than its version; `starlette.applications` is "
        "what a service imports.",
        "Contexts: after a first small start in the same process, so without imports. Ours registers, "
        "checks, creates and starts; the others build a container and get each object.",
        f"Services: from the start of the process to the last byte of the answer to GET {PATH}; polled every "
        "0.2 ms. Afterwards an order is placed and read again. Ours is `pyfly run` in "
        "`benchmarks/boot/orders_service`; the same service in bare FastAPI is "
        "`benchmarks/peers/orders_fastapi.py`.",
    ]
    return report


def _measure_imports(report: Report, repeats: int, seed: int) -> None:
    probes = {
        "import pyfly.core": ImportProbe("import pyfly.core"),
        "import starlette.applications": ImportProbe("import starlette.applications"),
        "import starlette": ImportProbe("import starlette"),
        "import fastapi": ImportProbe("import fastapi"),
        "pass": ImportProbe("pass"),
    }
    samples = _sampled(probes, repeats, seed)
    report.tables.append(
        figure_table(
            "Imports",
            samples,
            control="import starlette.applications",
            unit="ms",
            per_unit=MILLISECOND,
            more={
                "modules": {name: str(max(probe.modules)) for name, probe in probes.items()},
                "peak MiB": {name: f"{median(probe.peaks) / 1024:.1f}" for name, probe in probes.items()},
            },
        )
    )
    # What `pass` takes is the clock itself; a floor with work in it is the least import.
    noise = Spread.of(samples["import starlette"]).noise
    ours = probes["import pyfly.core"]
    peers = ("import starlette.applications", "import fastapi")
    _stand(report, "import pyfly.core", samples, "import pyfly.core", peers, MOST_IMPORT_MS, noise)
    _stand_value(
        report,
        "modules after import pyfly.core",
        max(ours.modules),
        {name: max(probes[name].modules) for name in peers},
        MOST_MODULES,
    )
    _stand_value(
        report,
        "peak MiB after import pyfly.core",
        round(median(ours.peaks) / 1024, 1),
        {name: round(median(probes[name].peaks) / 1024, 1) for name in peers},
        None,
    )


def _measure_context(report: Report, repeats: int, seed: int) -> None:
    title = f"Start of {BEANS} beans with {DEPENDENCIES} dependencies"
    samplers = {name: _context_sampler(name) for name in CONTENDERS}
    samples = _sampled(samplers, repeats, seed)
    floor = "inspect.signature and a call"
    report.tables.append(figure_table(title, samples, control=floor, unit="ms", per_unit=MILLISECOND))
    peers = ("dishka", "wireup", "dependency-injector")
    noise = Spread.of(samples[floor]).noise
    for ours in ("pyfly ApplicationContext", "pyfly container alone"):
        _stand(report, f"{title}: {ours}", samples, ours, peers, MOST_START_MS, noise)


def _measure_services(report: Report, repeats: int, seed: int) -> None:
    fastapi, empty = "benchmarks.peers.orders_fastapi:app", "benchmarks.peers.empty_asgi:app"
    granian = ("granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}")
    ours, control, floor = "pyfly on Granian", "FastAPI on Granian", "a socket in bare Python"
    samples = _sampled(
        {
            ours: Service(
                ("pyfly", "run", "--port", "{port}", "-D", "logging.adapter=stdlib"),
                ORDERS,
            ),
            "the same with structlog": Service(
                ("pyfly", "run", "--port", "{port}", "-D", "logging.adapter=structlog"),
                ORDERS,
            ),
            control: Service((*granian, fastapi)),
            "FastAPI on uvicorn": Service(("uvicorn", "--port", "{port}", fastapi)),
            "an empty ASGI function on Granian": Service((*granian, empty), takes_orders=False),
            floor: Service(
                ("python", str(ROOT / "benchmarks" / "peers" / "bare_socket.py"), "{port}"),
                takes_orders=False,
            ),
        },
        repeats,
        seed,
    )
    title = "First response of the orders service"
    report.tables.append(figure_table(title, samples, control=control, unit="ms", per_unit=MILLISECOND))
    peers = (control, "FastAPI on uvicorn")
    _stand(report, title, samples, ours, peers, None, Spread.of(samples[floor]).noise)


def _sampled(samplers: Mapping[str, Callable[[], float]], repeats: int, seed: int) -> Samples:
    # Without a first round, whoever comes first pays for cold files and missing byte code.
    interleave(samplers, repeats=1, seed=seed)
    for sampler in samplers.values():
        if isinstance(sampler, ImportProbe):
            sampler.forget()

    return interleave(samplers, repeats=repeats, seed=seed)


def _context_sampler(name: str) -> Callable[[], float]:
    command = [sys.executable, "-m", "benchmarks.boot.context_start", name]

    def sample() -> float:
        told = subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=60, env=plain_environment()
        ).stdout
        return float(told)

    return sample


def _stand(
    report: Report,
    job: str,
    samples: Samples,
    ours: str,
    peers: Iterable[str],
    most_ms: float | None,
    noise: float,
) -> None:
    bests = {name: min(samples[name]) / MILLISECOND for name in (ours, *peers)}
    mine = bests.pop(ours)
    best = min(bests, key=bests.__getitem__)
    _add(
        report,
        (
            job,
            f"{mine:.1f} ms",
            "none" if most_ms is None else f"< {most_ms} ms",
            within(mine, most_ms),
            f"{bests[best]:.1f} ms ({best})",
            ahead(mine, bests.values()),
            f"{noise:.1%}",
        ),
    )


def _stand_value(
    report: Report, job: str, mine: float, peers: Mapping[str, float], most: float | None
) -> None:
    best = min(peers, key=peers.__getitem__)
    goal = "none" if most is None else f"< {most}"
    _add(
        report,
        (
            job,
            str(mine),
            goal,
            within(mine, most),
            f"{peers[best]} ({best})",
            ahead(mine, peers.values()),
            "-",
        ),
    )


def _add(report: Report, row: Sequence[str]) -> None:
    if report.summary is not None:
        report.summary.rows.append(row)
