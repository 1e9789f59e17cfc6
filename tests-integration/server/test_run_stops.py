# SPDX-License-Identifier: Apache-2.0
import signal
import socket

import pytest


def start_slow_request(directory, port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(b"GET /slow HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n")
    return connection


def read_to_end(connection):
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGTERM, 1), (signal.SIGINT, 2)])
def test_a_request_in_flight_completes_before_the_lifespan_ends(
    server, project, pyfly_run, until, number, workers
):
    directory, port = project(type=server, workers=workers)
    service = pyfly_run(cwd=directory)
    service.wait_for_output("server_started")
    service.wait_for_port(port)
    with start_slow_request(directory, port) as connection:
        until((directory / "slow-request").exists, what="the request to arrive")

        service.send_signal(number)

        assert read_to_end(connection).startswith(b"HTTP/1.1 200")

    assert service.wait() == 0
    assert len(list(directory.glob("stopped-*"))) == workers
    assert "Traceback" not in service.output


@pytest.mark.parametrize(
    ("number", "loop"),
    [(signal.SIGTERM, "uvloop"), (signal.SIGINT, "uvloop"), (signal.SIGINT, "asyncio")],
)
def test_a_signal_that_reaches_all_processes_stops_them_as_gracefully(
    server, project, pyfly_run, until, number, loop
):
    directory, port = project(type=server, workers=2, **{"event-loop": loop})
    service = pyfly_run(cwd=directory)
    service.wait_for_output("server_started")
    service.wait_for_port(port)
    with start_slow_request(directory, port) as connection:
        until((directory / "slow-request").exists, what="the request to arrive")

        service.send_signal_to_group(number)

        assert read_to_end(connection).startswith(b"HTTP/1.1 200")

    assert service.wait() == 0
    assert len(list(directory.glob("stopped-*"))) == 2
    assert "Traceback" not in service.output


def test_a_request_that_outlasts_the_graceful_time_out_is_cut(server, project, pyfly_run, until):
    directory, port = project(type=server, **{"graceful-timeout": 1})
    main = directory / "src" / "shop" / "main.py"
    main.write_text(main.read_text().replace("asyncio.sleep(1)", "asyncio.sleep(60)"))
    service = pyfly_run(cwd=directory)
    service.wait_for_port(port)
    with start_slow_request(directory, port):
        until((directory / "slow-request").exists, what="the request to arrive")

        assert service.stop(deadline=10) == 0


def test_a_stop_during_start_up_ends_within_the_graceful_time_out(server, project, pyfly_run, until):
    directory, _ = project(type=server, **{"graceful-timeout": 1})
    service = pyfly_run(cwd=directory, env={"SHOP_FAILURE": "slow-start"})
    until((directory / "starting").exists, what="the start-up to begin")

    assert service.stop(deadline=10) == 0


def test_the_port_is_free_after_the_stop(server, project, pyfly_run):
    directory, port = project(type=server)
    first = pyfly_run(cwd=directory)
    first.wait_for_port(port)
    assert first.stop() == 0

    second = pyfly_run(cwd=directory)

    second.wait_for_port(port)
