# SPDX-License-Identifier: Apache-2.0
import errno
import multiprocessing
import os
import socket
import sys

import pytest

from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.listeners import BoundSockets, bind_sockets


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
