# SPDX-License-Identifier: Apache-2.0
"""From the start of a process to its first HTTP response."""

import http.client
import json
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns, sleep

from benchmarks.processes import ROOT, end, free_port, server_process

PATH = "/orders/statistics"
POLL_SECONDS = 0.0002
_START_SECONDS = 30
_REQUEST = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
_ORDER = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}


class ServiceFailedError(Exception):
    """A service did not answer, or not rightly."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is started, asked once, and stopped.

    Args:
        command: Of its process; ``{port}`` stands for the TCP port, a name without path for a console script.
        folder: The working directory.
        takes_orders: Whether it is the whole service, to be checked with an order.
    """

    command: Sequence[str]
    folder: Path = ROOT
    takes_orders: bool = True

    def __call__(self) -> float:
        """Return the nanoseconds from the start of the process to its first answer.

        Raises:
            ServiceFailedError: It ended, answered wrongly, or did not answer in time.
        """
        port = free_port()
        with server_process([part.format(port=port) for part in self.command], self.folder) as process:
            started = perf_counter_ns()
            answer = first_answer(process, port)
            taken = perf_counter_ns() - started
            self._check(answer, port)

        return float(taken)

    def _check(self, answer: bytes, port: int) -> None:
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise ServiceFailedError(f"{self.command}: {answer[:200]!r}")

        if not self.takes_orders:
            return

        status, order = _ask(port, "POST", "/orders", _ORDER)
        if status != 201 or order["items"] != _ORDER["items"]:
            raise ServiceFailedError(f"{self.command}: an order was answered with {status}")

        if _ask(port, "GET", f"/orders/{order['id']}") != (200, order):
            raise ServiceFailedError(f"{self.command}: the order is not found again")

        if _ask(port, "GET", PATH) != (200, {"orders": 1, "quantities": {"book": 2}}):
            raise ServiceFailedError(f"{self.command}: the statistics are wrong")


def first_answer(process: subprocess.Popen[bytes], port: int) -> bytes:
    """Ask a port until there is an answer, and return it.

    Raises:
        ServiceFailedError: The process ends before, or does not answer in time.
    """
    deadline = perf_counter_ns() + _START_SECONDS * 1_000_000_000
    while perf_counter_ns() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(_REQUEST)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
            if answer:
                return answer

        if process.poll() is not None:
            break

        sleep(POLL_SECONDS)

    end(process)
    told = process.stdout.read().decode(errors="replace") if process.stdout else ""
    raise ServiceFailedError(f"{process.args!r} did not answer:\n{told[-2000:]}")


def _ask(port: int, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()
