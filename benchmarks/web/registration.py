# SPDX-License-Identifier: Apache-2.0
"""A thousand routes: how long until they answer, and until they are described."""

import json
import subprocess
import sys
from collections.abc import Mapping

from benchmarks.figures import figure_table
from benchmarks.job_figures import JobFigures
from benchmarks.machine import plain_environment
from benchmarks.processes import ROOT
from benchmarks.report import Report
from benchmarks.rounds import interleave
from benchmarks.verdict import within
from benchmarks.web.names import FASTAPI, PYFLY
from benchmarks.web.ready import CONTENDERS
from benchmarks.web.resources import MANY
from benchmarks.web.standing import add_line

MILLISECOND = 1e6
MOST_READY_MS = 1000
MOST_DESCRIBED_MS = 2000


class ReadyProbe:
    """Starts a process that registers the routes, again and again.

    Args:
        name: The contender.

    Attributes:
        taken: What each process told, after the first.
    """

    def __init__(self, name: str) -> None:
        self._command = [sys.executable, "-m", "benchmarks.web.ready", name]
        self.taken: list[Mapping[str, int]] = []

    def __call__(self) -> float:
        told = subprocess.run(
            self._command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=120, env=plain_environment()
        ).stdout
        self.taken.append(json.loads(told))
        return float(self.taken[-1]["ready"])


def measure_registration(report: Report, *, repeats: int, seed: int) -> None:
    """Measure how long each contender takes from its handlers to the first answer, and to the description."""
    probes = {name: ReadyProbe(name) for name in CONTENDERS}
    ready = interleave(probes, repeats=repeats, seed=seed)
    describing = [name for name, it in CONTENDERS.items() if it.description]
    first, again = (
        {name: [float(told[turn]) for told in probes[name].taken] for name in describing}
        for turn in ("first", "again")
    )
    for title, samples, most in (
        (f"{MANY} routes registered and the first of them answered", ready, MOST_READY_MS),
        (f"Description of {MANY} routes in OpenAPI, asked for the first time", first, MOST_DESCRIBED_MS),
        ("The same description, asked for again", again, None),
    ):
        report.tables.append(figure_table(title, samples, control=FASTAPI, unit="ms", per_unit=MILLISECOND))
        figures = JobFigures.of(samples, FASTAPI)
        mine = figures.least(PYFLY) / MILLISECOND
        add_line(
            report,
            title,
            f"{mine:.1f} ms",
            FASTAPI,
            f"{figures.ratio(PYFLY):.2f} x",
            "none" if most is None else f"< {most} ms",
            within(mine, most),
            f"{figures.spreads[FASTAPI].noise:.1%}",
        )
