# SPDX-License-Identifier: Apache-2.0
import json
import socket
import struct
import threading
import time
from typing import Any

import httpx

ABORT = struct.pack("ii", 1, 0)
CLIENTS = 200
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def ask(port: int, path: str) -> socket.socket:
    """Send a request, and leave its answer where it is."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    return connection


def abort(connection: socket.socket) -> None:
    """End a connection with a reset, as a client does that crashes."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    connection.close()


def events_of(text: str) -> list[dict[str, Any]]:
    return [
        json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")
    ]


def test_events_and_ids_arrive(service: Any) -> None:
    answer = httpx.get(
        f"http://127.0.0.1:{service.port}/streams/numbers",
        headers={
            "x-request-id": "r-1",
            "x-correlation-id": "c-1",
            "x-transaction-id": "t-1",
            "traceparent": TRACE,
        },
    )

    assert [(event["number"], event["request"]) for event in events_of(answer.text)] == [
        (1, "r-1"),
        (2, "r-1"),
        (3, "r-1"),
    ]
    ids = ("x-request-id", "x-correlation-id", "x-transaction-id", "traceparent")
    assert [answer.headers[name] for name in ids] == ["r-1", "c-1", "t-1", TRACE]
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_client_goes_on_after_the_event_it_knows(service: Any) -> None:
    answer = httpx.get(f"http://127.0.0.1:{service.port}/streams/numbers", headers={"last-event-id": "2"})

    assert [event["number"] for event in events_of(answer.text)] == [3]


def test_silent_stream_has_a_head_and_comments(service: Any) -> None:
    url = f"http://127.0.0.1:{service.port}/streams/silent"
    with httpx.stream("GET", url, timeout=10) as answer:
        pieces = answer.iter_text()

        assert answer.status_code == 200
        assert (next(pieces), next(pieces)) == (":\n\n", ":\n\n")


def test_clients_that_vanish_leave_nothing_behind(service: Any, ends_quietly: Any, until: Any) -> None:
    connections = [ask(service.port, "/streams/silent") for _ in range(CLIENTS)]
    until(lambda: service.state()["open"] == CLIENTS, what="all streams to begin")

    for connection in connections[: CLIENTS // 2]:
        abort(connection)

    for connection in connections[CLIENTS // 2 :]:
        connection.close()

    ends_quietly()


def test_client_that_reads_nothing_holds_no_memory_and_is_given_up(
    service: Any, stands_still: Any, until: Any
) -> None:
    connection = ask(service.port, "/streams/flood")

    made = stands_still()
    until(lambda: service.state()["open"] == 0, what="the stream to be given up")

    assert made * 65536 < 32 * 1024 * 1024
    assert "was given up: its client took nothing for 1 s" in service.output
    connection.close()


def test_open_streams_do_not_hold_up_the_stop(service: Any) -> None:
    url = f"http://127.0.0.1:{service.port}/streams/silent"
    read: list[str] = []
    begun = threading.Semaphore(0)

    def follow() -> None:
        with httpx.stream("GET", url, timeout=30) as answer:
            begun.release()
            read.append(answer.read().decode())

    threads = [threading.Thread(target=follow) for _ in range(20)]
    for thread in threads:
        thread.start()

    for _ in threads:
        assert begun.acquire(timeout=10)

    started = time.monotonic()
    service.stop()
    for thread in threads:
        thread.join(timeout=10)

    # Each answer ended as it should: a connection that is cut would have raised in its thread.
    assert len(read) == 20
    assert {text.replace(":\n\n", "") for text in read} == {""}
    assert time.monotonic() - started < 5
    assert "Traceback" not in service.output
