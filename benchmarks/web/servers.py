# SPDX-License-Identifier: Apache-2.0
"""The services on Granian, each in a process with one worker."""

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

from benchmarks.machine import on_cpu
from benchmarks.processes import free_port, server_process
from benchmarks.web.client import Answered, Request
from benchmarks.web.names import FASTAPI, PYFLY, RAW, STARLETTE

APPLICATIONS = {
    PYFLY: "benchmarks.web.apps.pyfly_app:app",
    STARLETTE: "benchmarks.web.apps.starlette_app:app",
    FASTAPI: "benchmarks.web.apps.fastapi_app:app",
    RAW: "benchmarks.web.apps.raw:app",
}
_START_SECONDS = 30


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
        peaks = [_peak(process) for process in self._processes()]
        return max(peaks) / 1024 if peaks else None

    def _processes(self) -> list[Path]:
        found, waiting = [], [self._pid]
        while waiting:
            process = Path(f"/proc/{waiting.pop()}")
            with suppress(OSError):
                waiting += map(int, Path(process, f"task/{process.name}/children").read_text().split())
                found.append(process)

        return found


@contextmanager
def servers(applications: Mapping[str, str], cpu: int | None) -> Iterator[dict[str, Server]]:
    """Run applications inside the block, by name; they wait while others are asked.

    Args:
        applications: Where each is imported from.
        cpu: The processor that all of them stay on, if they are to be pinned.

    Raises:
        TimeoutError: One of them does not listen in time.
    """
    with ExitStack() as stack:
        started: dict[str, Server] = {}
        for name, target in applications.items():
            port = free_port()
            command = (
                "granian",
                "--interface",
                "asgi",
                "--workers",
                "1",
                "--no-ws",
                "--log-level",
                "warning",
            )
            with nullcontext() if cpu is None else on_cpu(cpu):
                process = stack.enter_context(server_process((*command, "--port", str(port), target)))

            started[name] = Server(process.pid, port)
            _wait_for(started[name], target)

        yield started


def _wait_for(server: Server, target: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError):
            server.ask(Request("GET", "/items"))
            return

        time.sleep(0.05)

    raise TimeoutError(f"{target} does not listen")


def _peak(process: Path) -> int:
    with suppress(OSError):
        for line in Path(process, "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])

    return 0
