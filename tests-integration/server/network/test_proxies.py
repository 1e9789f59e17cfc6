# SPDX-License-Identifier: Apache-2.0
"""Whom a service believes about its clients, the same on each server."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect as connect_websocket

DEADLINE = 30
HEADERS = {
    "X-Forwarded-For": "198.51.100.1, 203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "shop.example:8443",
}


@pytest.fixture(scope="module", params=["granian", "uvicorn", "hypercorn"])
def service(request: pytest.FixtureRequest, module_serve: Any) -> Callable[[str], int]:
    """Run the application: ``service("127.0.0.1")`` believes this address; returns the port."""
    ports: dict[str, int] = {}

    def port(trusted: str) -> int:
        if trusted not in ports:
            entries = {"proxy": {"trusted": trusted.split()}} if trusted else {}
            ports[trusted] = module_serve("mirror", type=request.param, **entries).port

        return ports[trusted]

    return port


def test_a_trusted_one_is_believed(service: Any, ask: Any) -> None:
    port = service("10.0.0.0/8 127.0.0.1")

    facts = ask(f"http://127.0.0.1:{port}/", headers=HEADERS)

    assert facts["client"] == ["203.0.113.7", 0]
    assert facts["scheme"] == "https"
    assert facts["hosts"] == ["shop.example:8443"]


@pytest.mark.parametrize("trusted", ["", "192.0.2.0/24 ::1"])
def test_any_other_is_not_believed(service: Any, trusted: str, ask: Any) -> None:
    port = service(trusted)

    facts = ask(f"http://127.0.0.1:{port}/", headers={**HEADERS, "Forwarded": "for=203.0.113.7;proto=https"})

    assert facts["client"][0] == "127.0.0.1"
    assert facts["scheme"] == "http"
    assert facts["hosts"] == [f"127.0.0.1:{port}"]


def test_the_standard_header_is_believed_too(service: Any, ask: Any) -> None:
    port = service("10.0.0.0/8 127.0.0.1")
    header = 'for="[2001:db8::7]:4711";proto=https;host=shop.example, for="10.1.1.1:80";proto=http'

    facts = ask(f"http://127.0.0.1:{port}/", headers={"Forwarded": header})

    assert facts["client"] == ["2001:db8::7", 4711]
    assert facts["scheme"] == "https"
    assert facts["hosts"] == ["shop.example"]


def test_nonsense_changes_nothing(service: Any, ask: Any) -> None:
    port = service("10.0.0.0/8 127.0.0.1")
    headers = {"X-Forwarded-For": "you", "X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "a/b"}

    facts = ask(f"http://127.0.0.1:{port}/", headers=headers)

    assert facts["client"][0] == "127.0.0.1"
    assert facts["scheme"] == "http"
    assert facts["hosts"] == [f"127.0.0.1:{port}"]


@pytest.mark.parametrize(("trusted", "scheme"), [("10.0.0.0/8 127.0.0.1", "wss"), ("", "ws")])
async def test_websockets_are_told_the_same(service: Any, trusted: str, scheme: str) -> None:
    port = service(trusted)

    async with asyncio.timeout(DEADLINE):
        url = f"ws://127.0.0.1:{port}/"
        async with connect_websocket(url, additional_headers=HEADERS, proxy=None) as connection:
            facts = json.loads(await connection.recv())

    assert facts["scheme"] == scheme
    assert facts["client"][0] == ("203.0.113.7" if trusted else "127.0.0.1")


def test_a_list_that_is_wrong_stops_the_start(refused: Any) -> None:
    error = refused(proxy={"trusted": ["127.0.0.1", "*"]})

    assert error.startswith("Error: pyfly.server.proxy.trusted = '*'")
    assert error.count("\n") == 1


def test_a_list_that_is_wrong_stops_the_start_of_several_workers(refused: Any) -> None:
    error = refused(workers=2, proxy={"trusted": ["proxy.example"]})

    assert "Error: pyfly.server.proxy.trusted = 'proxy.example'" in error


@pytest.mark.parametrize("server", ["granian", "hypercorn"], indirect=True)
def test_a_proxy_that_speaks_http_2_is_believed(started: Any, ask: Any) -> None:
    _, port = started(proxy={"trusted": ["127.0.0.1"]})

    facts = ask(f"http://127.0.0.1:{port}/", headers=HEADERS, http1=False, http2=True)

    assert facts["http"] == "2"
    assert facts["client"] == ["203.0.113.7", 0]
    assert facts["scheme"] == "https"
    assert facts["hosts"] == ["shop.example:8443"]
