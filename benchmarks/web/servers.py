# SPDX-License-Identifier: Apache-2.0
"""Services on servers, in processes of their own."""

import http.client
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import on_cpu
from benchmarks.processes import ROOT, end, free_port, server_process
from benchmarks.web.client import Answered, Request
from benchmarks.web.names import FASTAPI, PYFLY, RAW, STARLETTE

APPLICATIONS = {
    PYFLY: "benchmarks.web.apps.pyfly_app:app",
    STARLETTE: "benchmarks.web.apps.starlette_app:app",
    FASTAPI: "benchmarks.web.apps.fastapi_app:app",
    RAW: "benchmarks.web.apps.raw:app",
}
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Launch:
    """How a service is started.

    Args:
        command: A console script and its arguments; ``{port}`` stands for the TCP port.
        ready: The path that is asked until there is an answer.
        folder: The working directory.
        variables: What the environment of the process has besides.
    """

    command: Sequence[str]
    ready: str = "/"
    folder: Path = ROOT
    variables: Mapping[str, str] = field(default_factory=dict)


class Server:
    """A running server.

    Attributes:
        port: Its TCP port.
    """

    def __init__(self, pid: int, port: int) -> None:
        self.port = port
        self._pid = pid

    def ask(self, request: Request) -> Answered:
        """Send one request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            target = f"{request.path}?{request.query}" if request.query else request.path
            headers = {"Content-Type": request.content_type} if request.content_type else {}
            connection.request(request.method, target, request.body or None, headers)
            response = connection.getresponse()
            given = {name.lower(): value for name, value in response.getheaders()}
            return Answered(response.status, given, response.read())
        finally:
            connection.close()

    def forget_peak(self) -> None:
        """Let the count of peak memory begin anew, where the system has one."""
        for process in self._processes():
            with suppress(OSError):
                Path(process, "clear_refs").write_text("5")

    def peak_mebibytes(self) -> float | None:
        """Return the peak memory of its largest process since then, or None where the system has no count."""
        peaks = [_figure(process, "status", "VmHWM:") for process in self._processes()]
        return max(peaks) / 1024 if peaks else None

    def memory_kibibytes(self) -> int:
        """Return the memory of all its processes, what they share counted once; 0 where none is told."""
        return sum(_figure(process, "smaps_rollup", "Pss:") for process in self._processes())

    def cpu_nanoseconds(self) -> int:
        """Return the time that its threads have been on a processor; 0 where the system does not tell."""
        return sum(
            int(file.read_text().split()[0])
            for process in self._processes()
            for file in process.glob("task/*/schedstat")
        )

    def _processes(self) -> list[Path]:
        found, waiting = [], [self._pid]
        while waiting:
            process = Path(f"/proc/{waiting.pop()}")
            with suppress(OSError):
                waiting += map(int, Path(process, f"task/{process.name}/children").read_text().split())
                found.append(process)

        return found


def on_granian(application: str) -> Launch:
    """Return the start of an application on Granian, with one worker."""
    options = ("--interface", "asgi", "--workers", "1", "--no-ws", "--log-level", "warning")
    return Launch(("granian", *options, "--port", "{port}", application), ready="/items")


@contextmanager
def servers(launches: Mapping[str, Launch], cpu: int | None) -> Iterator[dict[str, Server]]:
    """Run services inside the block, by name; they wait while others are asked.

    Args:
        launches: How each is started.
        cpu: The processor that all of them stay on, if they are to be pinned.

    Raises:
        TimeoutError: One of them does not listen in time.
    """
    with ExitStack() as stack:
        started: dict[str, Server] = {}
        for name, launch in launches.items():
            port = free_port()
            command = [part.format(port=port) for part in launch.command]
            with nullcontext() if cpu is None else on_cpu(cpu):
                process = stack.enter_context(server_process(command, launch.folder, launch.variables))

            started[name] = Server(process.pid, port)
            _wait_for(started[name], launch, process)

        yield started


def _wait_for(server: Server, launch: Launch, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(ConnectionRefusedError):
            server.ask(Request("GET", launch.ready))
            return

        time.sleep(0.05)

    end(process)
    told = process.stdout.read().decode(errors="replace") if process.stdout else ""
    raise TimeoutError(f"{' '.join(launch.command)} does not listen:\n{told[-2000:]}")


def _figure(process: Path, file: str, key: str) -> int:
    with suppress(OSError):
        for line in Path(process, file).read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1])

    return 0
