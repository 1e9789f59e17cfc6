# SPDX-License-Identifier: Apache-2.0
"""How long a server takes to start and to stop, with an application that does nothing."""

import signal
import subprocess
from dataclasses import dataclass, field
from time import perf_counter_ns

from benchmarks.boot.services import first_answer
from benchmarks.figures import figure_table
from benchmarks.job_figures import JobFigures
from benchmarks.processes import free_port, server_process
from benchmarks.report import Report
from benchmarks.rounds import interleave
from benchmarks.server.launches import OURS, SERVERS, bare_launches
from benchmarks.web.servers import Launch
from benchmarks.web.standing import Goal, stand

MILLISECOND = 1e6
_STOP_SECONDS = 30


@dataclass(slots=True)
class Life:
    """Starts a server, asks it once, and stops it.

    Args:
        launch: How it is started.
        stops: The nanoseconds of each stop, from SIGTERM to the end of the process; no connection is open.
        exit_codes: The exit code of each.
    """

    launch: Launch
    stops: list[float] = field(default_factory=list)
    exit_codes: set[int] = field(default_factory=set)

    def __call__(self) -> float:
        """Return the nanoseconds from the start of the process to its first answer.

        Raises:
            ServiceFailedError: It did not answer.
            subprocess.TimeoutExpired: It did not stop.
        """
        port = free_port()
        command = [part.format(port=port) for part in self.launch.command]
        begin = perf_counter_ns()
        with server_process(command, self.launch.folder, self.launch.variables) as process:
            first_answer(process, port)
            taken = perf_counter_ns() - begin
            self._stop(process)

        return float(taken)

    def forget(self) -> None:
        """Drop what was measured so far."""
        self.stops.clear()

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        begin = perf_counter_ns()
        process.send_signal(signal.SIGTERM)
        self.exit_codes.add(process.wait(_STOP_SECONDS))
        self.stops.append(float(perf_counter_ns() - begin))


def measure_lives(report: Report, *, repeats: int, seed: int) -> None:
    """Measure starts and stops of each server."""
    for server in SERVERS:
        lives = {name: Life(launch) for name, launch in bare_launches(server).items()}
        # Without a first round, whoever comes first pays for cold files and missing byte code.
        interleave(lives, repeats=1, seed=seed)
        for life in lives.values():
            life.forget()

        starts = interleave(lives, repeats=repeats, seed=seed)
        _add(report, f"{server}: from the start of the process to its first answer", starts, server, {})
        codes = {name: ", ".join(map(str, sorted(life.exit_codes))) for name, life in lives.items()}
        stops = {name: life.stops for name, life in lives.items()}
        _add(
            report, f"{server}: from SIGTERM to the end of the process", stops, server, {"exit codes": codes}
        )


def _add(
    report: Report,
    title: str,
    samples: dict[str, list[float]],
    server: str,
    more: dict[str, dict[str, str]],
) -> None:
    report.tables.append(
        figure_table(title, samples, control=server, unit="ms", per_unit=MILLISECOND, more=more)
    )
    stand(report, title, JobFigures.of(samples, server), [Goal(OURS, server, None)], milliseconds)


def milliseconds(nanoseconds: float) -> str:
    return f"{nanoseconds / MILLISECOND:.0f} ms"
