# SPDX-License-Identifier: Apache-2.0
"""Where a service listens: IPv6 and Unix sockets, the same on each server."""

import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

DEADLINE = 30
HEADERS = {
    "X-Forwarded-For": "198.51.100.1, 203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "shop.example:8443",
}


@pytest.mark.skipif(not socket.has_ipv6, reason="the system has no IPv6")
class TestIpv6:
    def test_a_numeric_address(self, started: Any, ask: Any) -> None:
        process, port = started(host="::1")

        assert ask(f"http://[::1]:{port}/")["client"][0] == "::1"
        assert process.stop() == 0

    def test_any_address_serves_both_versions(self, started: Any, ask: Any) -> None:
        _, port = started(host="::", proxy={"trusted": ["127.0.0.1"]})

        assert ask(f"http://[::1]:{port}/", headers=HEADERS)["client"][0] == "::1"
        # IPv4 in the clothes of IPv6 is believed like plain IPv4.
        assert ask(f"http://127.0.0.1:{port}/", headers=HEADERS)["client"][0] == "203.0.113.7"

    def test_a_busy_address_is_told_with_brackets(self, refused: Any) -> None:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
            port = other.getsockname()[1]

            error = refused(host="::1", port=port)

        assert error.startswith(f"Error: Cannot listen on [::1]:{port}: the address is already in use.")


@pytest.mark.skipif(sys.platform == "win32", reason="asyncio has no Unix sockets there")
class TestUnixSockets:
    @pytest.fixture
    def path(self) -> Iterator[Path]:
        # The folders of pytest have names that are too long for a socket.
        folder = Path(tempfile.mkdtemp(prefix="pyfly-"))
        yield folder / "shop.sock"
        shutil.rmtree(folder)

    @pytest.fixture
    def ask_at(self, ask: Any, path: Path) -> Callable[..., dict[str, Any]]:
        def get(**options: Any) -> dict[str, Any]:
            facts: dict[str, Any] = ask(
                "http://shop.example/", transport=httpx.HTTPTransport(uds=str(path)), **options
            )
            return facts

        return get

    @pytest.mark.parametrize("workers", [1, 2])
    def test_requests_are_served_and_the_file_goes_with_the_service(
        self, started: Any, path: Path, workers: int, ask_at: Any
    ) -> None:
        process, _ = started(uds=str(path), workers=workers)

        assert ask_at()["hosts"] == ["shop.example"]
        assert process.stop() == 0
        assert not os.path.lexists(path)

    def test_the_proxy_in_front_is_believed_by_name(self, started: Any, path: Path, ask_at: Any) -> None:
        started(uds=str(path), proxy={"trusted": ["unix"]})

        facts = ask_at(headers=HEADERS)

        assert facts["client"] == ["203.0.113.7", 0]
        assert facts["scheme"] == "https"
        assert facts["hosts"] == ["shop.example:8443"]

    def test_nobody_else_is_believed(self, started: Any, path: Path, ask_at: Any) -> None:
        started(uds=str(path), proxy={"trusted": ["127.0.0.1"]})

        facts = ask_at(headers=HEADERS)

        assert facts["scheme"] == "http"
        assert facts["hosts"] == ["shop.example"]

    def test_a_service_that_was_killed_does_not_keep_the_next_one_out(
        self, project: Any, pyfly_run: Any, server: str, path: Path, ask_at: Any
    ) -> None:
        folder, _ = project("mirror", type=server, uds=str(path))
        killed = pyfly_run(cwd=folder)
        killed.wait_for_output("server_started")
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert os.path.lexists(path)

        following = pyfly_run(cwd=folder)
        following.wait_for_output("server_started")

        assert ask_at()["pid"] == following.pid

    def test_a_service_that_runs_keeps_its_socket(
        self, project: Any, pyfly_run: Any, server: str, path: Path, ask_at: Any
    ) -> None:
        folder, _ = project("mirror", type=server, uds=str(path))
        first = pyfly_run(cwd=folder)
        first.wait_for_output("server_started")

        second = pyfly_run(cwd=folder)

        assert second.wait(deadline=DEADLINE) == 1
        assert second.stderr.startswith(f"Error: pyfly.server.uds = '{path}': it is already in use.")
        assert ask_at()["pid"] == first.pid
