# SPDX-License-Identifier: Apache-2.0
import multiprocessing
import socket

import pytest

from pyfly.server.exceptions import AddressUnavailableError
from pyfly.server.listeners import BoundSockets, bind_sockets

needs_ipv6 = pytest.mark.skipif(not socket.has_ipv6, reason="the system has no IPv6")


@pytest.fixture
def bind(request):
    """Bind as `bind_sockets` does, and close in the end."""

    def make(*args, **options):
        bound = bind_sockets(*args, **options)
        request.addfinalizer(bound.close)
        return bound

    return make


def converse(bound: BoundSockets, client: socket.socket) -> bytes:
    bound.stream.settimeout(10)
    connection, _ = bound.stream.accept()
    with connection, client:
        connection.settimeout(10)
        client.sendall(b"hello")
        return connection.recv(5)


def accept_in_another_process(bound: BoundSockets, answers) -> None:
    answers.put((bound.host, bound.port, bound.stream.getblocking(), bound.quic is not None))
    bound.listen(5)
    bound.stream.settimeout(30)
    answers.put("listens")
    connection, _ = bound.stream.accept()
    connection.sendall(b"from the other process")
    connection.close()
    bound.close()


class TestTcp:
    def test_a_port_of_zero_becomes_a_free_port(self, bind):
        bound = bind("127.0.0.1", 0)

        assert bound.host == "127.0.0.1"
        assert bound.port == bound.stream.getsockname()[1] > 0

    def test_a_host_name_becomes_an_address(self, bind):
        assert bind("localhost", 0).host in {"127.0.0.1", "::1"}

    def test_nobody_can_connect_before_it_listens(self, bind):
        bound = bind("127.0.0.1", 0)

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", bound.port), timeout=10)

    def test_clients_connect_once_it_listens(self, bind):
        bound = bind("127.0.0.1", 0)
        bound.listen(5)

        client = socket.create_connection(("127.0.0.1", bound.port), timeout=10)

        assert converse(bound, client) == b"hello"

    def test_listening_again_sets_the_backlog(self, bind):
        bound = bind("127.0.0.1", 0)
        bound.listen(1)

        bound.listen(5)

        socket.create_connection(("127.0.0.1", bound.port), timeout=10).close()

    def test_sockets_do_not_block_are_not_inherited_and_send_at_once(self, bind):
        stream = bind("127.0.0.1", 0).stream

        assert not stream.getblocking()
        assert not stream.get_inheritable()
        assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    def test_an_engine_gets_the_sockets(self, bind):
        bound = bind("127.0.0.1", 0)

        assert bound.sockets.stream == (bound.stream,)
        assert bound.sockets.quic == ()

    def test_an_address_is_refused_to_the_next_one_before_it_listens(self, bind):
        port = bind("127.0.0.1", 0).port

        with pytest.raises(AddressUnavailableError) as caught:
            bind_sockets("127.0.0.1", port)

        assert caught.value.in_use
        assert (
            caught.value.description == f"Cannot listen on 127.0.0.1:{port}: the address is already in use."
        )

    @pytest.mark.parametrize("first", ["127.0.0.1", "0.0.0.0"])
    @pytest.mark.parametrize("second", ["127.0.0.1", "0.0.0.0"])
    def test_an_address_is_refused_when_it_listens(self, bind, first, second):
        bound = bind(first, 0)
        bound.listen(5)

        with pytest.raises(AddressUnavailableError) as caught:
            bind_sockets(second, bound.port)

        assert caught.value.in_use

    def test_an_address_is_free_after_close(self, bind):
        bound = bind("127.0.0.1", 0)
        bound.close()
        bound.close()

        assert bind("127.0.0.1", bound.port).port == bound.port

    def test_connections_that_linger_do_not_keep_the_next_server_from_binding(self, bind):
        bound = bind("127.0.0.1", 0)
        bound.listen(5)
        bound.stream.settimeout(10)
        client = socket.create_connection(("127.0.0.1", bound.port), timeout=10)
        connection, _ = bound.stream.accept()
        connection.close()
        assert client.recv(1) == b""
        client.close()
        bound.close()

        bind("127.0.0.1", bound.port).listen(5)

    @pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "", "a" * 70, "\udc80"])
    def test_an_address_of_no_interface_is_not_taken_for_a_busy_one(self, host):
        with pytest.raises(AddressUnavailableError) as caught:
            bind_sockets(host, 0)

        assert not caught.value.in_use
        assert "--host" in caught.value.action

    @pytest.mark.parametrize("port", [-1, 65536, 2**40])
    def test_a_number_that_is_no_port_is_refused(self, port):
        with pytest.raises(AddressUnavailableError) as caught:
            bind_sockets("127.0.0.1", port)

        assert not caught.value.in_use

    def test_another_process_can_serve_the_sockets(self, bind, request, monkeypatch):
        # The other process imports this module by its name.
        monkeypatch.syspath_prepend(request.config.rootpath)
        bound = bind("127.0.0.1", 0, quic=True)
        context = multiprocessing.get_context("spawn")
        answers = context.Queue()
        process = context.Process(target=accept_in_another_process, args=(bound, answers))
        process.start()
        try:
            assert answers.get(timeout=60) == ("127.0.0.1", bound.port, False, True)
            assert answers.get(timeout=60) == "listens"
            with socket.create_connection(("127.0.0.1", bound.port), timeout=30) as client:
                assert client.recv(100) == b"from the other process"
        finally:
            process.join(30)
            if process.is_alive():
                process.kill()
                process.join()

            answers.close()
            answers.join_thread()

        assert process.exitcode == 0


@needs_ipv6
class TestIpv6:
    def test_a_numeric_address(self, bind):
        bound = bind("::1", 0)
        bound.listen(5)

        client = socket.create_connection(("::1", bound.port), timeout=10)

        assert bound.host == "::1"
        assert converse(bound, client) == b"hello"

    @pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
    def test_any_address_serves_both_versions(self, bind, host):
        bound = bind("::", 0)
        bound.listen(5)

        client = socket.create_connection((host, bound.port), timeout=10)

        assert converse(bound, client) == b"hello"

    def test_a_busy_port_is_shown_with_brackets(self, bind):
        port = bind("::1", 0).port

        with pytest.raises(AddressUnavailableError) as caught:
            bind_sockets("::1", port)

        assert caught.value.description == f"Cannot listen on [::1]:{port}: the address is already in use."


class TestQuic:
    def test_udp_has_the_same_port(self, bind):
        bound = bind("127.0.0.1", 0, quic=True)

        assert bound.quic is not None
        assert bound.quic.type == socket.SOCK_DGRAM
        assert bound.quic.getsockname() == bound.stream.getsockname()
        assert not bound.quic.getblocking()
        assert bound.sockets.quic == (bound.quic,)

    @needs_ipv6
    def test_udp_serves_both_versions_of_ip(self, bind):
        bound = bind("::", 0, quic=True)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"hello", ("127.0.0.1", bound.port))

        bound.quic.settimeout(10)

        assert bound.quic.recv(100) == b"hello"

    def test_a_busy_udp_port_is_refused(self):
        # A port whose two sides are free at this moment.
        bound = bind_sockets("127.0.0.1", 0, quic=True)
        port = bound.port
        bound.stream.close()
        with bound.quic, pytest.raises(AddressUnavailableError) as caught:
            bind_sockets("127.0.0.1", port, quic=True)

        assert caught.value.in_use
        assert (
            caught.value.description == f"Cannot listen on 127.0.0.1:{port}: the UDP port is already in use."
        )

    def test_close_ends_both(self, bind):
        bound = bind("127.0.0.1", 0, quic=True)
        bound.close()

        assert bind("127.0.0.1", bound.port, quic=True).port == bound.port
