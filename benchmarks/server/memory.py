# SPDX-License-Identifier: Apache-2.0
"""The memory of a server, and what each idle connection adds to it."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.report import Report, Table
from benchmarks.server.launches import OURS, SERVERS, bare_launches
from benchmarks.web.servers import servers
from benchmarks.web.standing import add_line

CONNECTIONS = 1000
_REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
_ANSWER_END = b"\r\n\r\n{}"
_SECONDS = 30


def measure_memory(report: Report) -> None:
    """Measure the memory of each server, without and with idle connections."""
    table = Table(
        f"Memory, {CONNECTIONS} idle connections",
        ("contender", "MiB after the first answer", "MiB with the connections", "KiB for each connection"),
    )
    for server in SERVERS:
        grown: dict[str, float] = {}
        with servers(bare_launches(server), None) as running:
            for name, it in running.items():
                with _idle_connections(it.port, 10):
                    before = it.resident_kibibytes()

                with _idle_connections(it.port, CONNECTIONS):
                    after = it.resident_kibibytes()

                grown[name] = (after - before) / CONNECTIONS
                called = f"{OURS} --server {server}" if name == OURS else f"{server}'s own command"
                table.rows.append(
                    (called, f"{before / 1024:.1f}", f"{after / 1024:.1f}", f"{grown[name]:.1f}")
                )

        add_line(
            report,
            f"{server}: an idle connection: {OURS}",
            f"{grown[OURS]:.1f} KiB",
            server,
            f"{grown[OURS] / grown[server]:.2f} x",
            "none",
            "-",
            "-",
        )

    report.tables.append(table)


@contextmanager
def _idle_connections(port: int, number: int) -> Iterator[None]:
    """Open connections that have asked once and are kept alive."""
    with ExitStack() as stack:
        for _ in range(number):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), _SECONDS))
            connection.sendall(_REQUEST)
            answer = b""
            while not answer.endswith(_ANSWER_END):
                answer += connection.recv(4096)

        yield
