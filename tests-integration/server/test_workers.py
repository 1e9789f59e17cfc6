# SPDX-License-Identifier: Apache-2.0
"""Worker processes are replaced, and nobody outside notices; services that cannot work end, and say why."""

import http.client
import json
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

BOTH = pytest.mark.parametrize("workers", [1, 2], ids=["one-worker", "two-workers"])
ANSWER_SECONDS = 30


@pytest.fixture
def crew(serve: Any, server: str) -> Any:
    """Run the application that keeps a journal: ``crew(workers=2)``."""

    def start(*, env: dict[str, str] | None = None, **settings: object) -> Any:
        return serve("crew", type=server, env=env, **settings)

    return start


def journal(served: Any) -> list[tuple[str, int]]:
    """Return the events of the application so far, and the processes that they happened in."""
    lines = served.path("journal").read_text().splitlines()
    return [(event, int(pid)) for event, pid in map(str.split, lines)]


def pids_of(served: Any, event: str) -> list[int]:
    return [pid for happened, pid in journal(served) if happened == event]


def fewest_at_work(served: Any) -> int:
    """Return the smallest number of processes between start-up and shutdown, once one has been replaced."""
    at_work, fewest = 0, []
    for event, _ in journal(served):
        at_work += {"up": 1, "down": -1}.get(event, 0)
        if event == "down":
            fewest.append(at_work)

    return min(fewest)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Load:
    """Clients that ask without a pause; half of them keep their connections for as long as they may."""

    def __init__(self, port: int) -> None:
        self.answers: Counter[int] = Counter()
        self.failures: list[str] = []
        self._port = port
        self._enough = threading.Event()

    @contextmanager
    def at_work(self, clients: int = 4) -> Iterator[None]:
        """Ask while the block runs."""
        threads = [threading.Thread(target=self._ask, args=[number % 2 == 0]) for number in range(clients)]
        for thread in threads:
            thread.start()

        try:
            yield
        finally:
            self._enough.set()
            for thread in threads:
                thread.join()

    def _ask(self, keeps: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        while not self._enough.is_set():
            try:
                connection.request("GET", "/", headers={} if keeps else {"Connection": "close"})
                self.answers[json.load(connection.getresponse())["pid"]] += 1
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()

        connection.close()


def kept_connection(served: Any) -> tuple[http.client.HTTPConnection, int]:
    """Open a connection; return it and the process that answers on it."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=ANSWER_SECONDS)
    return connection, ask(connection)


def ask(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/")
    return int(json.load(connection.getresponse())["pid"])


def test_a_killed_worker_is_replaced_while_the_other_one_serves(crew: Any, until: Any) -> None:
    served = crew(workers=2, **{"keep-alive-timeout": 60})
    connections: list[tuple[http.client.HTTPConnection, int]] = []

    def both_have_answered() -> bool:
        connections.append(kept_connection(served))
        return len({pid for _, pid in connections}) == 2

    until(both_have_answered, what="connections to both workers")
    killed = connections[0][1]
    os.kill(killed, signal.SIGKILL)
    until(lambda: not is_alive(killed), what="the end of the worker")

    for connection, pid in connections:
        if pid != killed:
            assert ask(connection) == pid

    load = Load(served.port)
    with load.at_work():
        until(lambda: len(pids_of(served, "up")) == 3, what="a new worker")
        new = pids_of(served, "up")[-1]
        until(lambda: load.answers[new] > 0, what="an answer of the new worker")

    assert load.failures == []
    served.process.wait_for_output("worker_died")
    assert f"pid={killed} exit_code=-9" in served.process.output
    assert served.process.stop() == 0
    for connection, _ in connections:
        connection.close()


def test_workers_that_die_again_and_again_end_the_service(server: str, project: Any, pyfly_run: Any) -> None:
    directory, _ = project("crew", type=server, workers=2)
    service = pyfly_run(cwd=directory, env={"CREW_DIES": "after-start"})

    assert service.wait(deadline=60) == 1
    assert service.stderr.count("Error: ") == 1
    assert "exit code 9" in service.stderr
    assert "Traceback" not in service.output


def test_hang_up_replaces_all_workers_and_no_request_is_lost(crew: Any, until: Any) -> None:
    served = crew(workers=2, env={"CREW_START_SECONDS": "0.3"})
    old, load = set(pids_of(served, "up")), Load(served.port)

    with load.at_work():
        until(lambda: sum(load.answers.values()) > 100, what="a hundred answers")
        served.process.send_signal(signal.SIGHUP)
        until(lambda: not any(map(is_alive, old)), what="the end of the old workers")
        served_by_old = sum(load.answers[pid] for pid in old)
        until(lambda: sum(load.answers.values()) > served_by_old + 100, what="answers of new workers")

    assert load.failures == []
    assert len(pids_of(served, "up")) == 4
    assert fewest_at_work(served) >= 2
    assert served.process.stop() == 0


@BOTH
def test_workers_that_are_used_up_are_replaced_and_no_request_is_lost(
    crew: Any, until: Any, workers: int
) -> None:
    served = crew(workers=workers, **{"max-requests-per-worker": 100})
    load = Load(served.port)

    with load.at_work():
        until(lambda: len(pids_of(served, "down")) > workers, what="workers that have left")

    assert load.failures == []
    assert fewest_at_work(served) >= workers
    assert "worker_died" not in served.process.output
    assert served.process.stop() == 0


def test_no_worker_outlives_a_killed_supervisor(crew: Any, until: Any) -> None:
    served = crew(workers=2)
    connection, _ = kept_connection(served)
    started = pids_of(served, "up")

    served.process.send_signal(signal.SIGKILL)

    until(lambda: not any(map(is_alive, started)), what="the end of all workers")
    assert sorted(pids_of(served, "down")) == sorted(started)
    connection.close()


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, 1), (signal.SIGTERM, 2)])
def test_a_second_signal_does_not_wait_for_requests(
    crew: Any, until: Any, workers: int, number: signal.Signals
) -> None:
    served = crew(workers=workers, **{"graceful-timeout": 600})
    with socket.create_connection(("127.0.0.1", served.port), timeout=ANSWER_SECONDS) as connection:
        connection.sendall(b"GET /long HTTP/1.1\r\nHost: crew\r\n\r\n")
        until(lambda: pids_of(served, "long"), what="the request to arrive")
        served.process.send_signal(number)
        until(lambda: is_refused(served.port), what="the port to close")

        served.process.send_signal(number)

        assert served.process.wait() == 0

    assert len(pids_of(served, "down")) == workers
    assert "Traceback" not in served.process.output


def is_refused(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.settimeout(1)
        with suppress(TimeoutError):
            return connection.recv(1) == b""

        return False

    return True


def test_a_stop_while_workers_start_ends_all_of_them(
    server: str, project: Any, pyfly_run: Any, until: Any
) -> None:
    directory, _ = project("crew", type=server, workers=2, **{"graceful-timeout": 2})
    service = pyfly_run(cwd=directory, env={"CREW_START_SECONDS": "3600"})
    journal_file = directory / "journal"

    def both_have_begun() -> bool:
        return journal_file.exists() and journal_file.read_text().count("starting") == 2

    until(both_have_begun, what="both workers to begin their start")

    assert service.stop() == 0
    assert "Traceback" not in service.output


def test_a_stop_ends_workers_that_are_just_being_replaced(crew: Any, until: Any) -> None:
    served = crew(workers=2, env={"CREW_START_SECONDS": "0.5"}, **{"graceful-timeout": 10})
    served.process.send_signal(signal.SIGHUP)
    until(lambda: len(pids_of(served, "starting")) == 3, what="a new worker to begin its start")

    assert served.process.stop() == 0
    started = pids_of(served, "starting")
    assert [pid for pid in started if is_alive(pid)] == []
