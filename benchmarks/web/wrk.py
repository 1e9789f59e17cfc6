# SPDX-License-Identifier: Apache-2.0
"""The load generator wrk: its script, its run and its report."""

import re
import subprocess
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import on_cpu
from benchmarks.web.client import Request

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^\s+(\d+)%\s+([\d.]+)(us|ms|s|m)$", re.MULTILINE)
_FAULT = re.compile(r"^\s+(Non-2xx or 3xx responses|Socket errors): .*$", re.MULTILINE)


class LoadFailedError(Exception):
    """The load generator could not do its work, or requests failed."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk found.

    Args:
        rate: Answers per second.
        latencies: Milliseconds until the answer was there, by per cent of the requests.
    """

    rate: float
    latencies: dict[int, float]


@dataclass(frozen=True, slots=True)
class Wrk:
    """Sends one request again and again, over a number of connections.

    Args:
        request: The request.
        connections: How many are open at a time.
        seconds: For how long.
        cpu: The processor that it stays on, if it is to be pinned.
    """

    request: Request
    connections: int
    seconds: int
    cpu: int | None = None

    def run(self, port: int) -> Load:
        """Send requests to a port of this machine.

        Raises:
            LoadFailedError: wrk fails, or an answer has a wrong status or does not come.
        """
        query = f"?{self.request.query}" if self.request.query else ""
        with tempfile.TemporaryDirectory(prefix="wrk-") as folder:
            script, body = Path(folder, "request.lua"), Path(folder, "body")
            body.write_bytes(self.request.body)
            script.write_text(lua_script(self.request, body), "utf-8")
            command = [
                *("wrk", "--latency", "--threads", "1", "--connections", str(self.connections)),
                *("--duration", f"{self.seconds}s", "--script", str(script)),
                f"http://127.0.0.1:{port}{self.request.path}{query}",
            ]
            with nullcontext() if self.cpu is None else on_cpu(self.cpu):
                done = subprocess.run(
                    command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=self.seconds + 30
                )

        told = done.stdout.decode(errors="replace")
        if done.returncode:
            raise LoadFailedError(f"wrk ended with {done.returncode}: {told}")

        return read_report(told)


def lua_script(request: Request, body: Path) -> str:
    """Write what wrk has to send; headers that it writes itself are left out."""
    lines = [f'wrk.method = "{request.method}"']
    for name, value in request.headers():
        if name not in (b"host", b"content-length"):
            lines.append(f'wrk.headers["{name.decode()}"] = "{value.decode()}"')

    if request.content_type:
        lines.append(f'wrk.body = io.open("{body}", "rb"):read("*a")')

    return "\n".join(lines) + "\n"


def read_report(text: str) -> Load:
    """Read the report of wrk.

    Raises:
        LoadFailedError: Requests failed, or the report lacks the rate or the latencies.
    """
    fault = _FAULT.search(text)
    if fault is not None:
        raise LoadFailedError(fault.group(0).strip())

    rate = _RATE.search(text)
    latencies = {int(share): float(value) * _UNITS[unit] for share, value, unit in _LATENCY.findall(text)}
    if rate is None or not latencies:
        raise LoadFailedError(f"This is no report of wrk: {text!r}")

    return Load(float(rate.group(1)), latencies)
