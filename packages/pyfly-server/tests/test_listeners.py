# SPDX-License-Identifier: Apache-2.0
import errno
import multiprocessing
import os
import socket
import sys

import pytest

from pyfly.server.exceptions import AddressUnavailableError, RefusedSettingError
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

    def test_another_process_can_serve_the_sockets(self, bind):
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
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            port = other.getsockname()[1]

            with pytest.raises(AddressUnavailableError) as caught:
                bind_sockets("127.0.0.1", port, quic=True)

        assert caught.value.in_use
        assert (
            caught.value.description == f"Cannot listen on 127.0.0.1:{port}: the UDP port is already in use."
        )

    def test_close_ends_both(self, bind):
        bound = bind("127.0.0.1", 0, quic=True)
        bound.close()

        assert bind("127.0.0.1", bound.port, quic=True).port == bound.port


@pytest.mark.skipif(sys.platform == "win32", reason="asyncio has no Unix sockets there")
class TestUnixSockets:
    @pytest.fixture
    def path(self, tmp_path, monkeypatch):
        # The folders of pytest are longer than the path of a socket may be.
        monkeypatch.chdir(tmp_path)
        folder = f"/tmp/pyfly-{os.getpid()}-{os.urandom(4).hex()}"
        os.mkdir(folder)
        yield f"{folder}/shop.sock"
        for name in os.listdir(folder):
            os.unlink(f"{folder}/{name}")

        os.rmdir(folder)

    def connect(self, path):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(10)
        try:
            client.connect(path)
        except BaseException:
            client.close()
            raise

        return client

    def test_clients_connect_once_it_listens(self, bind, path):
        bound = bind("ignored", 1, uds=path)
        with pytest.raises(ConnectionRefusedError):
            self.connect(path)

        bound.listen(5)

        assert (bound.host, bound.port) == (path, 0)
        assert not bound.stream.getblocking()
        assert converse(bound, self.connect(path)) == b"hello"

    def test_close_removes_the_file(self, bind, path):
        bound = bind("", 0, uds=path)
        bound.listen(5)

        bound.close()
        bound.close()

        assert not os.path.lexists(path)

    def test_a_relative_path_starts_at_the_working_directory(self, bind, path, monkeypatch):
        monkeypatch.chdir(os.path.dirname(path))
        bound = bind("", 0, uds="shop.sock")
        monkeypatch.chdir("/")

        bound.close()

        assert bound.host == path
        assert not os.path.lexists(path)

    def test_connections_that_wait_outlive_the_file(self, bind, path):
        bound = bind("", 0, uds=path)
        bound.listen(5)
        client = self.connect(path)

        bound.withdraw()

        with pytest.raises(FileNotFoundError):
            self.connect(path)

        assert converse(bound, client) == b"hello"

    def test_a_file_that_another_server_has_made_stays(self, bind, path):
        first = bind("", 0, uds=path)
        os.unlink(path)
        second = bind("", 0, uds=path)
        second.listen(5)

        first.close()

        assert converse(second, self.connect(path)) == b"hello"

    def test_a_process_that_inherits_the_socket_leaves_the_file(self, bind, path):
        bound = bind("", 0, uds=path)
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=bound.close)

        process.start()
        process.join(60)

        assert process.exitcode == 0
        assert os.path.lexists(path)

    def test_a_file_that_nobody_answers_on_is_replaced(self, bind, path):
        with socket.socket(socket.AF_UNIX) as crashed:
            crashed.bind(path)
            crashed.listen(1)

        bound = bind("", 0, uds=path)
        bound.listen(5)

        assert converse(bound, self.connect(path)) == b"hello"

    def test_a_server_that_listens_keeps_its_file(self, bind, path):
        first = bind("", 0, uds=path)
        first.listen(5)

        with pytest.raises(RefusedSettingError) as caught:
            bind_sockets("", 0, uds=path)

        assert caught.value.key == "pyfly.server.uds"
        assert caught.value.description == f"pyfly.server.uds = '{path}': it is already in use."
        assert os.path.lexists(path)

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the sockets that are bound")
    def test_a_server_that_starts_keeps_its_file(self, bind, path):
        first = bind("", 0, uds=path)

        with pytest.raises(RefusedSettingError, match="already in use"):
            bind_sockets("", 0, uds=path)

        first.listen(5)
        assert converse(first, self.connect(path)) == b"hello"

    def test_a_socket_of_another_kind_is_kept(self, path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
            other.bind(path)

            with pytest.raises(RefusedSettingError, match="already in use"):
                bind_sockets("", 0, uds=path)

    @pytest.mark.parametrize("kind", ["file", "folder", "link"])
    def test_what_is_no_socket_is_kept(self, path, kind):
        if kind == "file":
            open(path, "w").close()
        elif kind == "folder":
            path = os.path.dirname(path)
        else:
            os.symlink("nowhere", path)

        with pytest.raises(RefusedSettingError, match="no socket is there"):
            bind_sockets("", 0, uds=path)

        assert os.path.lexists(path)

    @pytest.mark.parametrize("path", ["", "\0abstract", "a\0b"])
    def test_what_is_no_path_is_refused(self, path):
        with pytest.raises(RefusedSettingError, match="no path"):
            bind_sockets("", 0, uds=path)

    def test_a_path_that_is_too_long_is_refused(self):
        with pytest.raises(RefusedSettingError) as caught:
            bind_sockets("", 0, uds="/tmp/" + "a" * 150)

        assert "has 155 bytes, too many for a Unix socket" in caught.value.description

    def test_a_missing_folder_is_named(self):
        with pytest.raises(RefusedSettingError) as caught:
            bind_sockets("", 0, uds="/tmp/no-such-folder/shop.sock")

        assert "there is no folder /tmp/no-such-folder." in caught.value.description

    def test_a_folder_that_may_not_be_written_to_is_refused(self):
        with pytest.raises(RefusedSettingError) as caught:
            bind_sockets("", 0, uds="/proc/self/shop.sock")

        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.__cause__.errno in {errno.EACCES, errno.EPERM, errno.ENOENT, errno.EROFS}

    def test_http3_is_refused(self, path):
        with pytest.raises(RefusedSettingError, match="UDP"):
            bind_sockets("", 0, uds=path, quic=True)

        assert not os.path.lexists(path)
