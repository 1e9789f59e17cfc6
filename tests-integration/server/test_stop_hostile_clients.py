# SPDX-License-Identifier: Apache-2.0
"""A stop ends in time, with exit code 0, whatever clients and handlers do.

With ``PYFLY_LONG=1`` each client comes alone as well, and 10,000 connections are idle.
"""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

STOP_DEADLINE = 15
"""Seconds: what a stop may take on a busy machine. None of the handlers and clients ends in an hour."""

LONG = os.environ.get("PYFLY_LONG") == "1"
IDLE_CONNECTIONS = 10_000 if LONG else 2_000
BYTES_PER_IDLE_CONNECTION = 100_000
WORKERS = pytest.mark.parametrize("workers", [1, 2], ids=["one-worker", "two-workers"])

HANDSHAKE = (
    b"GET /socket HTTP/1.1\r\nHost: shop\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"


def get(name: str) -> bytes:
    return f"GET /{name} HTTP/1.1\r\nHost: shop\r\n\r\n".encode()


CLIENTS = {
    "nothing": b"",
    "half-a-line": b"GET /qu",
    "half-a-head": b"GET /quick HTTP/1.1\r\nHost: sh",
    "upload": b"POST /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\nhalf",
    "waiting": get("waiting"),
    "large": get("large"),
    "events": get("events"),
    "socket": HANDSHAKE,
}
"""What clients send that never end by themselves: they send no more, and read nothing."""

TRICKLES = {
    "slow-head": b"GET /quick HTTP/1.1\r\nHost: ",
    "slow-body": b"POST /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: 999999\r\n\r\n",
}
"""What clients send that go on byte by byte."""

CROWDS = {"all": [*CLIENTS, *TRICKLES], "websockets": ["socket"]}
if LONG:
    CROWDS |= {name: [name] for name in CROWDS["all"]}


@pytest.fixture
def stall(serve: Any, server: str) -> Any:
    """Run the application that stalls: ``stall(workers=2)``."""

    def start(**settings: object) -> Any:
        return serve("stall", type=server, **settings)

    return start


@pytest.fixture
def connect() -> Iterator[Any]:
    """Open connections, ``connect(served, b"GET / HTTP/1.1...")``, and close them in the end."""
    with ExitStack() as connections:

        def open_one(served: Any, sent: bytes = b"") -> socket.socket:
            connection = socket.create_connection(("127.0.0.1", served.port), timeout=60)
            connections.enter_context(closing(connection))
            connection.sendall(sent)
            return connection

        yield open_one


def read_to_end(connection: socket.socket) -> bytes:
    received = bytearray()
    while piece := connection.recv(65536):
        received += piece

    return bytes(received)


def see_a_good_end(served: Any, workers: int = 1) -> None:
    """Stop the service: each application is stopped too, and nothing is said that scares."""
    assert served.process.stop(deadline=STOP_DEADLINE) == 0
    assert len(list(served.folder.glob("stopped-*"))) == workers
    assert "Traceback" not in served.process.output


@contextmanager
def trickling(connections: list[socket.socket]) -> Iterator[None]:
    """Send a byte on each connection now and then, while the block runs."""
    ended = threading.Event()

    def trickle() -> None:
        while not ended.wait(0.02):
            for connection in connections:
                with suppress(OSError):
                    connection.sendall(b"x")

    client = threading.Thread(target=trickle)
    client.start()
    try:
        yield
    finally:
        ended.set()
        client.join()


def memory_of(pid: int) -> int:
    """Return the bytes of memory that a process and its children have."""
    status = Path(f"/proc/{pid}/status").read_text()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    return own + sum(memory_of(int(child)) for child in children)


@WORKERS
def test_a_slow_answer_is_given_whole(stall: Any, connect: Any, until: Any, workers: int) -> None:
    served = stall(workers=workers)
    connection = connect(served, get("slow"))
    until(served.path("slow-began").exists, what="the request to arrive")

    served.process.send_signal(signal.SIGTERM)
    head, _, body = read_to_end(connection).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200")
    assert len(body) == 2 * 65536
    assert served.process.wait() == 0
    assert len(list(served.folder.glob("stopped-*"))) == workers


@WORKERS
@pytest.mark.parametrize("names", CROWDS.values(), ids=CROWDS)
def test_clients_that_do_not_go_are_cut_off_before_the_application_stops(
    stall: Any, connect: Any, until: Any, names: list[str], workers: int
) -> None:
    served = stall(workers=workers, **{"graceful-timeout": 4})
    for name in sorted(CLIENTS.keys() & set(names)):
        for _ in range(5):
            connect(served, CLIENTS[name])

    for name in {"waiting", "large", "events", "socket", "upload"} & set(names):
        until(served.path(f"{name}-began").exists, what=f"the request {name} to arrive")

    with trickling([connect(served, TRICKLES[name]) for name in TRICKLES.keys() & set(names)]):
        see_a_good_end(served, workers)


def test_clients_that_have_asked_nothing_do_not_hold_up_the_stop(stall: Any, connect: Any) -> None:
    served = stall(**{"graceful-timeout": 60, "keep-alive-timeout": 60})
    for sent in (b"", CLIENTS["half-a-line"], CLIENTS["half-a-head"], HTTP_2):
        connect(served, sent)

    assert connect(served, get("quick")).recv(12) == b"HTTP/1.1 200"

    see_a_good_end(served)


@pytest.mark.parametrize(
    ("handler", "workers"), [("threaded", 1), ("stubborn", 1), ("blocking", 1), ("blocking", 2)]
)
def test_a_handler_that_cannot_be_cancelled_is_given_up(
    stall: Any, connect: Any, until: Any, handler: str, workers: int
) -> None:
    served = stall(workers=workers, **{"graceful-timeout": 1})
    connect(served, get(handler))
    until(served.path(f"{handler}-began").exists, what="the request to arrive")

    assert served.process.stop(deadline=STOP_DEADLINE) == 0


def test_streams_of_the_framework_end_long_before_the_time_out(serve: Any, connect: Any, server: str) -> None:
    served = serve("bazaar", type=server, **{"graceful-timeout": 60})
    events = connect(served, get("prices"))
    messages = connect(served, HANDSHAKE.replace(b"/socket", b"/haggle"))
    assert events.recv(12) == b"HTTP/1.1 200"
    assert messages.recv(12) == b"HTTP/1.1 101"

    served.process.send_signal(signal.SIGTERM)

    assert b"data: nine\n\n" in read_to_end(events)
    assert b"\x88" in read_to_end(messages)  # a close frame
    assert served.process.wait(deadline=30) == 0


def test_idle_connections_cost_little_and_do_not_hold_up_the_stop(
    stall: Any, connect: Any, many_files: int
) -> None:
    if many_files < IDLE_CONNECTIONS + 200:
        pytest.skip(f"this machine allows {many_files} open files, {IDLE_CONNECTIONS + 200} are needed")

    served = stall(**{"keep-alive-timeout": 600})
    assert connect(served, get("quick")).recv(12) == b"HTTP/1.1 200"
    before = memory_of(served.process.pid)

    for sent, _ in zip(cycle([b"", get("quick")]), range(IDLE_CONNECTIONS)):
        connection = connect(served, sent)
        assert not sent or connection.recv(12) == b"HTTP/1.1 200"

    grown = memory_of(served.process.pid) - before
    assert grown / IDLE_CONNECTIONS < BYTES_PER_IDLE_CONNECTION
    see_a_good_end(served)
