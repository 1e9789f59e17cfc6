# SPDX-License-Identifier: Apache-2.0
"""The memory of a server, and what each idle connection adds to it."""

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.report import Report, Table
from benchmarks.server.launches import OURS, SERVERS, bare_launches
from benchmarks.web.servers import servers
from benchmarks.web.standing import add_line

CONNECTIONS = 500
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
                with idle_connections(it.port, 10):
                    before = it.memory_kibibytes()

                with idle_connections(it.port, CONNECTIONS):
                    after = it.memory_kibibytes()

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


class ConnectionClosedError(Exception):
    """A connection was closed that had to be kept."""


@contextmanager
def idle_connections(port: int, number: int) -> Iterator[None]:
    """Keep connections open inside the block that have asked once.

    Raises:
        ConnectionClosedError: The server has closed one of them meanwhile.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(_asked_once(port)) for _ in range(number)]
        yield
        ends, _, _ = select.select(opened, [], [], 0)
        if ends:
            raise ConnectionClosedError(f"{len(ends)} of {number} connections were closed")


def _asked_once(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), _SECONDS)
    connection.sendall(_REQUEST)
    answer = b""
    while not answer.endswith(_ANSWER_END):
        received = connection.recv(4096)
        if not received:
            raise ConnectionClosedError(f"closed inside the answer, after {answer!r}")

        answer += received

    return connection
