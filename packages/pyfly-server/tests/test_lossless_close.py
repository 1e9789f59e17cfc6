# SPDX-License-Identifier: Apache-2.0
import contextlib
import os
import select
import socket
import sys
import threading
from collections import Counter

import pytest

from pyfly.server.exceptions import AddressUnavailableError
from pyfly.server.listeners import bind_sockets
from pyfly.server.lossless_close import accept_new_connections, drop_new_connections

ROUNDS = 30
CLIENTS = 6
QUIET = 0.1
"""Seconds without a new connection after which none is being made any more."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has filters on sockets")
hosts = pytest.mark.parametrize(
    "host",
    ["127.0.0.1", pytest.param("::1", marks=pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6"))],
)


@pytest.fixture
def listen(request):
    """Return a socket that listens, and its address."""

    def make(host):
        bound = bind_sockets(host, 0)
        request.addfinalizer(bound.close)
        bound.listen(100)
        bound.stream.settimeout(10)
        return bound.stream, (host, bound.port)

    return make


def assert_served(listener, client):
    connection, _ = listener.accept()
    assert_connected(connection, client)
    connection.close()


def assert_connected(connection, client):
    connection.settimeout(10)
    client.sendall(b"ping")
    assert connection.recv(4) == b"ping"
    connection.sendall(b"pong")
    assert client.recv(4) == b"pong"


@linux
@hosts
class TestFilter:
    def test_new_clients_hear_nothing(self, listen, host):
        listener, address = listen(host)

        assert drop_new_connections(listener)

        with pytest.raises(TimeoutError):
            socket.create_connection(address, timeout=0.3)

    def test_a_connection_that_waits_is_accepted(self, listen, host):
        listener, address = listen(host)
        with socket.create_connection(address, timeout=10) as client:
            drop_new_connections(listener)

            assert_served(listener, client)

    def test_open_connections_go_on_and_outlive_the_listener(self, listen, host):
        listener, address = listen(host)
        with socket.create_connection(address, timeout=10) as client:
            connection, _ = listener.accept()
            with connection:
                drop_new_connections(listener)
                assert_connected(connection, client)

                listener.close()

                assert_connected(connection, client)

    def test_after_the_close_clients_are_refused(self, listen, host):
        listener, address = listen(host)
        drop_new_connections(listener)

        listener.close()

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=10)

    def test_a_client_that_heard_nothing_reaches_the_next_server(self, listen, host):
        listener, address = listen(host)
        drop_new_connections(listener)
        with socket.socket(listener.family) as client:
            client.setblocking(False)
            client.connect_ex(address)
            listener.close()
            following = bind_sockets(*address)
            following.listen(10)
            following.stream.settimeout(30)

            connection, peer = following.stream.accept()

            with connection:
                assert peer == client.getsockname()

            following.close()

    def test_clients_come_in_again(self, listen, host):
        listener, address = listen(host)
        drop_new_connections(listener)

        assert accept_new_connections(listener)

        with socket.create_connection(address, timeout=10) as client:
            assert_served(listener, client)

    def test_both_can_be_said_twice(self, listen, host):
        listener, _ = listen(host)

        assert drop_new_connections(listener)
        assert drop_new_connections(listener)
        assert accept_new_connections(listener)
        assert not accept_new_connections(listener)


class TestOthers:
    @pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="the system has no Unix sockets")
    def test_unix_sockets_have_no_filter(self):
        with socket.socket(socket.AF_UNIX) as listener:
            assert not drop_new_connections(listener)
            assert not accept_new_connections(listener)

    def test_udp_has_no_filter(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            assert not drop_new_connections(channel)

    def test_a_closed_socket_has_no_filter(self, listen):
        listener, _ = listen("127.0.0.1")
        listener.close()

        assert not drop_new_connections(listener)
        assert not accept_new_connections(listener)


def call_again_and_again(address, outcomes, end):
    while not end.is_set():
        try:
            client = socket.create_connection(address, timeout=0.2)
        except ConnectionRefusedError:
            outcomes["refused"] += 1
            end.wait(0.001)
            continue
        except TimeoutError:
            outcomes["no answer"] += 1
            continue

        with client:
            client.settimeout(30)
            try:
                client.sendall(b"ping")
                outcomes["served" if client.recv(4) == b"pong" else "cut"] += 1
            except OSError as error:
                outcomes[type(error).__name__] += 1


def serve_one(listener):
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return

    with connection, contextlib.suppress(OSError):
        # A client that has given up is no loss: it knows of no connection.
        connection.settimeout(30)
        connection.sendall(b"pong" if connection.recv(4) == b"ping" else b"")


def unused_port(host):
    # Not one of those that the system gives to clients: they would connect to themselves in the end.
    for port in range(15000 + os.getpid() % 10000, 32768):
        with contextlib.suppress(AddressUnavailableError):
            bind_sockets(host, port).close()
            return port

    raise AssertionError("no port is free")


@linux
@hosts
def test_no_client_of_a_server_that_ends_is_cut_off(host):
    address = (host, unused_port(host))
    end = threading.Event()
    outcomes = [Counter() for _ in range(CLIENTS)]
    threads = [threading.Thread(target=call_again_and_again, args=(address, own, end)) for own in outcomes]
    for thread in threads:
        thread.start()

    try:
        for _ in range(ROUNDS):
            bound = bind_sockets(*address)
            bound.listen(1000)
            for _ in range(20):
                select.select([bound.stream], [], [], 10)
                serve_one(bound.stream)

            assert drop_new_connections(bound.stream)
            while select.select([bound.stream], [], [], QUIET)[0]:
                serve_one(bound.stream)

            bound.close()
    finally:
        end.set()
        for thread in threads:
            thread.join(60)

    total = sum(outcomes, Counter())
    assert set(total) <= {"served", "refused", "no answer"}, total
    assert total["served"] >= ROUNDS
