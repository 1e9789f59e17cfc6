# SPDX-License-Identifier: Apache-2.0
"""What each server offers, seen by clients of other makes. What it does not offer is refused at the start."""

import asyncio
import hashlib
import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from aioquic.asyncio import QuicConnectionProtocol, connect
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import QuicEvent
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import ConnectionClosed

TLS = Path(__file__).parent / "tls"
TLS_SETTINGS = {"ssl-certfile": str(TLS / "certificate.pem"), "ssl-keyfile": str(TLS / "key.pem")}
SETTINGS: dict[str, dict[str, object]] = {
    "plain": {},
    "tls": TLS_SETTINGS,
    "two workers": {"workers": 2},
    "http/2": {"http": 2},
    "http/3": {"http": 3, **TLS_SETTINGS},
}
SERVERS = ("granian", "uvicorn", "hypercorn")
PIECE = bytes(range(256)) * 256
PIECES = 96
DEADLINE = 30


def find_program(name: str) -> str:
    """Return the path of a program; skip or fail the test if it is not installed."""
    if (path := shutil.which(name)) is not None:
        return path

    if os.environ.get("PYFLY_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{name} is not installed, and PYFLY_REQUIRE_SERVICES=1 asks for it")

    pytest.skip(f"{name} is not installed")


def only(*servers: str) -> pytest.MarkDecorator:
    """Run a test on these servers alone; another test sees that the others refuse what it needs."""
    return pytest.mark.parametrize("table", servers, indirect=True)


@pytest.fixture(scope="module", params=SERVERS)
def table(request: pytest.FixtureRequest, module_serve: Any) -> Callable[[str], str]:
    """Run a server; ``table("tls")`` returns the URL of its service with the settings of that name."""
    urls: dict[str, str] = {}

    def url(name: str) -> str:
        if name not in urls:
            scheme = "https" if "ssl-certfile" in SETTINGS[name] else "http"
            served = module_serve("bazaar", type=request.param, **SETTINGS[name])
            urls[name] = f"{scheme}://127.0.0.1:{served.port}"

        return urls[name]

    return url


def client_of(url: str, **options: Any) -> httpx.Client:
    trusted = ssl.create_default_context(cafile=TLS / "certificate.pem")
    return httpx.Client(base_url=url, timeout=DEADLINE, verify=trusted, trust_env=False, **options)


@pytest.mark.parametrize("service", ["plain", "tls"])
def test_http_1(table: Any, service: str) -> None:
    with client_of(table(service)) as client:
        answer = client.get("/facts")

    facts = answer.json()
    assert (answer.status_code, answer.http_version) == (200, "HTTP/1.1")
    assert (facts["http"], facts["scheme"]) == ("1.1", table(service).partition(":")[0])


@only("granian", "hypercorn")
def test_http_2_is_chosen_by_alpn(table: Any) -> None:
    with client_of(table("tls"), http2=True) as client:
        answer = client.get("/facts")

    assert (answer.status_code, answer.http_version, answer.json()["http"]) == (200, "HTTP/2", "2")


@only("uvicorn")
def test_clients_of_http_2_are_served_http_1_by_alpn(table: Any) -> None:
    with client_of(table("tls"), http2=True) as client:
        assert client.get("/facts").http_version == "HTTP/1.1"


@only("granian", "hypercorn")
@pytest.mark.parametrize(("service", "protocol"), [("plain", "h2c"), ("tls", "h2"), ("http/2", "h2c")])
def test_many_requests_share_a_connection_of_http_2(table: Any, service: str, protocol: str) -> None:
    load = [find_program("h2load"), "--requests=400", "--clients=2", "--max-concurrent-streams=20"]

    report = subprocess.run(
        [*load, f"{table(service)}/facts"], capture_output=True, text=True, timeout=DEADLINE, check=True
    ).stdout

    assert f"Application protocol: {protocol}\n" in report
    assert "400 total, 400 started, 400 done, 400 succeeded, 0 failed, 0 errored, 0 timeout" in report
    assert "status codes: 400 2xx" in report


@only("granian", "hypercorn")
def test_nghttp_gets_an_answer_with_prior_knowledge(table: Any) -> None:
    command = [find_program("nghttp"), "--verbose", f"{table('plain')}/facts"]

    report = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=True).stdout

    assert ":status: 200" in report
    assert '"http":"2"' in report


def test_connection_is_kept_for_the_next_request(table: Any) -> None:
    with client_of(table("plain")) as client:
        ports = {client.get("/facts").json()["client"] for _ in range(20)}

    assert len(ports) == 1


def test_connection_ends_where_the_client_asks_for_it(table: Any) -> None:
    with client_of(table("plain"), headers={"connection": "close"}) as client:
        ports = {client.get("/facts").json()["client"] for _ in range(5)}

    assert len(ports) == 5


@pytest.mark.parametrize("service", ["plain", "tls"])
def test_each_event_is_sent_at_once(table: Any, service: str) -> None:
    with client_of(table(service)) as client, client.stream("GET", "/prices") as answer:
        lines = answer.iter_lines()

        # The second event waits for somebody who has seen the first.
        assert [next(lines) for _ in range(3)] == ["id: 1", "data: nine", ""]
        assert client.post("/take").is_success
        assert [next(lines) for _ in range(3)] == ["id: 2", "data: seven", ""]
        assert list(lines) == []


@pytest.mark.parametrize("service", ["plain", "tls", "two workers"])
async def test_websocket(table: Any, service: str) -> None:
    url = urlsplit(table(service))
    secure = url.scheme == "https"
    trusted = ssl.create_default_context(cafile=TLS / "certificate.pem") if secure else None
    address = f"ws{'s' if secure else ''}://{url.netloc}/haggle"

    async with asyncio.timeout(DEADLINE), connect_websocket(address, ssl=trusted, proxy=None) as client:
        await client.send("nine")
        await client.send(PIECE)
        answers = [await client.recv(), await client.recv()]
        await client.send("enough")
        with pytest.raises(ConnectionClosed) as closed:
            await client.recv()

    assert answers == ["NINE", PIECE[::-1]]
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4000, "as you like")


@pytest.mark.parametrize("service", ["plain", "tls"])
@pytest.mark.parametrize("announced", [True, False], ids=["length", "chunks"])
def test_upload_of_many_pieces(table: Any, service: str, announced: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(PIECES):
            yield PIECE

    headers = {"content-length": str(len(PIECE) * PIECES)} if announced else {}
    with client_of(table(service)) as client:
        answer = client.post("/upload", content=pieces(), headers=headers)

    sha256 = hashlib.sha256(PIECE * PIECES).hexdigest()
    assert answer.json() == {"size": len(PIECE) * PIECES, "sha256": sha256}


@only("granian", "hypercorn")
def test_upload_over_http_2(table: Any) -> None:
    with client_of(table("tls"), http2=True) as client:
        answer = client.post("/upload", content=PIECE * PIECES)

    assert (answer.http_version, answer.json()["size"]) == ("HTTP/2", len(PIECE) * PIECES)


def test_both_workers_answer(table: Any, until: Any) -> None:
    url, pids = table("two workers"), set()

    def pid(_: int) -> int:
        with client_of(url) as client:
            return int(client.get("/facts").json()["pid"])

    def both_have_answered() -> bool:
        with ThreadPoolExecutor(8) as clients:
            pids.update(clients.map(pid, range(8)))

        return len(pids) == 2

    until(both_have_answered, what="answers of both workers")


class Http3Client(QuicConnectionProtocol):
    """One request over HTTP/3."""

    async def get(self, authority: str, path: str) -> tuple[dict[bytes, bytes], bytes]:
        """Return the headers and the body of the answer."""
        self.http = H3Connection(self._quic)
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self.ended = asyncio.get_running_loop().create_future()
        fields = {":method": "GET", ":scheme": "https", ":authority": authority, ":path": path}
        encoded = [(name.encode(), value.encode()) for name, value in fields.items()]
        self.http.send_headers(self._quic.get_next_available_stream_id(), encoded, end_stream=True)
        self.transmit()
        await self.ended
        return self.headers, self.body

    def quic_event_received(self, event: QuicEvent) -> None:
        if not hasattr(self, "http"):
            return

        for part in self.http.handle_event(event):
            if isinstance(part, HeadersReceived):
                self.headers.update(part.headers)
            elif isinstance(part, DataReceived):
                self.body += part.data

            if isinstance(part, HeadersReceived | DataReceived) and part.stream_ended:
                self.ended.set_result(None)


@only("hypercorn")
async def test_http_3(table: Any) -> None:
    url = urlsplit(table("http/3"))
    settings = QuicConfiguration(alpn_protocols=H3_ALPN, cafile=str(TLS / "certificate.pem"))
    settings.server_name = "localhost"

    async with (
        asyncio.timeout(DEADLINE),
        connect("127.0.0.1", url.port, configuration=settings, create_protocol=Http3Client) as client,
    ):
        headers, body = await client.get(url.netloc, "/facts")

    assert headers[b":status"] == b"200"
    assert b'"http":"3"' in body


@only("hypercorn")
def test_http_3_is_announced_to_older_clients(table: Any) -> None:
    with client_of(table("http/3"), http2=True) as client:
        answer = client.get("/facts")

    assert answer.http_version == "HTTP/2"
    assert f'h3=":{urlsplit(table("http/3")).port}"' in answer.headers["alt-svc"]


@pytest.mark.parametrize(
    ("server", "http", "others"),
    [
        ("uvicorn", 2, ["granian", "hypercorn"]),
        ("uvicorn", 3, ["hypercorn"]),
        ("granian", 3, ["hypercorn"]),
    ],
)
def test_a_version_that_the_server_does_not_speak_stops_the_start(
    project: Any, pyfly_run: Any, server: str, http: int, others: list[str]
) -> None:
    directory, _ = project("bazaar", type=server, http=http, **TLS_SETTINGS)

    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert service.stderr.startswith(f"Error: pyfly.server.http = '{http}': ")
    assert service.stderr.count("\n") == 1
    assert [name for name in others if name not in service.stderr.lower()] == []


def test_http_3_without_tls_stops_the_start(project: Any, pyfly_run: Any) -> None:
    directory, _ = project("bazaar", type="hypercorn", http=3)

    service = pyfly_run(cwd=directory)

    assert service.wait() == 1
    assert "pyfly.server.ssl-certfile" in service.stderr
