# SPDX-License-Identifier: Apache-2.0
"""A stop ends in time, with exit code 0, whatever clients and handlers do."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

GRACEFUL_TIMEOUT = 2
STOP_DEADLINE = 15
"""Seconds: what a stop may take on a busy machine. None of the handlers and clients ends in an hour."""

IDLE_CONNECTIONS = 10_000 if os.environ.get("PYFLY_LONG") == "1" else 2_000
BYTES_PER_IDLE_CONNECTION = 100_000
WORKERS = pytest.mark.parametrize("workers", [1, 2], ids=["one-worker", "two-workers"])

HANDSHAKE = (
    b"GET /socket HTTP/1.1\r\nHost: shop\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


HALVES = [
    b"",
    b"GET /qu",
    b"GET /quick HTTP/1.1\r\nHost: sh",
    b"POST /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\nhalf",
]
TRICKLES = [
    b"GET /quick HTTP/1.1\r\nHost: ",
    b"POST /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: 999999\r\n\r\n",
]


@pytest.fixture
def stall(serve: Any, server: str) -> Any:
    """Run the application that stalls: ``stall(workers=2)``."""

    def start(**settings: object) -> Any:
        return serve("stall", type=server, **{"graceful-timeout": GRACEFUL_TIMEOUT, **settings})

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


def get(name: str) -> bytes:
    return f"GET /{name} HTTP/1.1\r\nHost: shop\r\n\r\n".encode()


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


def memory_of(pid: int) -> int:
    """Return the bytes of memory that a process and its children have."""
    status = Path(f"/proc/{pid}/status").read_text()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    return own + sum(memory_of(int(child)) for child in children)


@WORKERS
def test_a_slow_answer_is_given_whole(stall: Any, connect: Any, until: Any, workers: int) -> None:
    served = stall(workers=workers, **{"graceful-timeout": 30})
    connection = connect(served, get("slow"))
    until(served.path("slow-began").exists, what="the request to arrive")

    served.process.send_signal(signal.SIGTERM)
    head, _, body = read_to_end(connection).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200")
    assert len(body) == 2 * 65536
    assert served.process.wait() == 0
    assert len(list(served.folder.glob("stopped-*"))) == workers


@pytest.mark.parametrize(("handler", "workers"), [("waiting", 1), ("waiting", 2), ("threaded", 1)])
def test_a_handler_that_never_answers_is_given_up(
    stall: Any, connect: Any, until: Any, handler: str, workers: int
) -> None:
    served = stall(workers=workers)
    connect(served, get(handler))
    until(served.path(f"{handler}-began").exists, what="the request to arrive")

    assert served.process.stop(deadline=STOP_DEADLINE) == 0
    assert len(list(served.folder.glob("stopped-*"))) == workers


@pytest.mark.parametrize(("handler", "workers"), [("blocking", 1), ("blocking", 2), ("stubborn", 1)])
def test_a_handler_that_cannot_be_cancelled_is_given_up(
    stall: Any, connect: Any, until: Any, handler: str, workers: int
) -> None:
    served = stall(workers=workers)
    connect(served, get(handler))
    until(served.path(f"{handler}-began").exists, what="the request to arrive")

    assert served.process.stop(deadline=STOP_DEADLINE) == 0


def test_a_client_that_does_not_read_is_given_up(stall: Any, connect: Any) -> None:
    served = stall()
    connection = connect(served, get("large"))
    assert connection.recv(12) == b"HTTP/1.1 200"

    see_a_good_end(served)


def test_an_answer_without_an_end_is_cut(stall: Any, connect: Any) -> None:
    served = stall()
    connection = connect(served, get("events"))
    assert connection.recv(12) == b"HTTP/1.1 200"

    see_a_good_end(served)
    assert read_to_end(connection).endswith((b"data: still here\n\n", b"\r\n"))


@WORKERS
def test_halves_of_requests_do_not_hold_up_the_stop(stall: Any, connect: Any, workers: int) -> None:
    served = stall(workers=workers)
    for sent in HALVES * 10:
        connect(served, sent)

    see_a_good_end(served, workers)


def test_clients_that_send_byte_by_byte_do_not_hold_up_the_stop(stall: Any, connect: Any) -> None:
    served = stall()
    connections, ended = [connect(served, sent) for sent in TRICKLES], threading.Event()

    def trickle() -> None:
        while not ended.wait(0.02):
            for connection in connections:
                with suppress(OSError):
                    connection.sendall(b"x")

    client = threading.Thread(target=trickle)
    client.start()
    try:
        see_a_good_end(served)
    finally:
        ended.set()
        client.join()


def test_a_websocket_client_that_does_not_answer_the_close_is_given_up(stall: Any, connect: Any) -> None:
    served = stall()
    connection = connect(served, HANDSHAKE)
    assert connection.recv(12) == b"HTTP/1.1 101"

    see_a_good_end(served)


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
