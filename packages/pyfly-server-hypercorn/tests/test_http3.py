# SPDX-License-Identifier: Apache-2.0
import asyncio
import ssl
from contextlib import asynccontextmanager

import pytest
import trustme
from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, StreamReset

from pyfly.server.adapters.hypercorn.engine import HypercornEngine
from pyfly.server.engine import EngineSettings
from pyfly.server.testing.engine import running_engine, until
from pyfly.server.tls import TlsSettings

AUTHORITY = trustme.CA()
LIMIT = 20
REQUEST_REJECTED = 0x10B


class Http3Client(QuicConnectionProtocol):
    """One connection over HTTP/3; keeps everything that the server sends."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)
        self.events = []
        self.end = None

    def quic_event_received(self, event):
        if isinstance(event, ConnectionTerminated):
            self.end = event
        if isinstance(event, StreamReset):
            self.events.append(event)
        self.events += self.http.handle_event(event)

    def ask(self, path="/", *, body=b"", complete=True):
        stream_id = self._quic.get_next_available_stream_id()
        method = b"POST" if body else b"GET"
        headers = [
            (b":method", method),
            (b":scheme", b"https"),
            (b":authority", b"localhost"),
            (b":path", path.encode()),
        ]
        self.http.send_headers(stream_id, headers, end_stream=complete and not body)
        if body:
            self.http.send_data(stream_id, body, end_stream=complete)
        self.transmit()
        return stream_id

    def of(self, stream_id, kind):
        return [it for it in self.events if isinstance(it, kind) and it.stream_id == stream_id]

    async def answer(self, stream_id):
        await until(
            lambda: self.end or any(getattr(it, "stream_ended", False) for it in self.of(stream_id, object))
        )
        head = self.of(stream_id, HeadersReceived)[0]
        body = b"".join(it.data for it in self.of(stream_id, DataReceived))
        return dict(head.headers), body

    async def get(self, path="/"):
        return await self.answer(self.ask(path))


@pytest.fixture
def tls(tmp_path):
    certificate = AUTHORITY.issue_cert("localhost")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    return TlsSettings(chain, key)


@pytest.fixture
def running(tls):
    def run(*, application=None, state=None, **settings):
        engine = HypercornEngine(EngineSettings(http="3", tls=tls, **settings))
        return running_engine(engine, application=application, state=state, quic=True)

    return run


@asynccontextmanager
async def connected(server, *, waits=True):
    authority = AUTHORITY.cert_pem.bytes()
    configuration = QuicConfiguration(alpn_protocols=["h3"], server_name="localhost")
    configuration.load_verify_locations(cadata=authority)
    async with connect(
        *server.address, configuration=configuration, create_protocol=Http3Client, wait_connected=waits
    ) as client:
        yield client


async def test_request_is_answered(running):
    async with running(state={"pool": "the pool"}) as server, connected(server) as client:
        headers, body = await client.get("/some?x=1")

    (scope,) = server.application.scopes
    assert (headers[b":status"], body) == (b"200", b"ok")
    assert (scope["http_version"], scope["scheme"], scope["query_string"]) == ("3", "https", b"x=1")
    assert scope["state"] == {"pool": "the pool"}
    assert scope["client"][0] == "127.0.0.1"
    assert scope["server"] == server.address


async def test_other_versions_tell_of_http3(running):
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)

    async with running() as server, server.connection(tls=context) as client:
        answer = await client.get()

    assert answer.headers["alt-svc"] == f'h3=":{server.address[1]}"; ma=3600'


async def test_requests_are_answered_side_by_side(running):
    async with running() as server, connected(server) as client:
        slow = client.ask("/slow")
        fast, _ = await client.get()
        server.application.release.set()
        slow, _ = await client.answer(slow)

    assert (fast[b":status"], slow[b":status"]) == (b"200", b"200")


async def test_large_body_arrives(running):
    async with running() as server, connected(server) as client:
        _, body = await client.answer(client.ask("/length", body=b"x" * 3_000_000))

    assert body == b"3000000"


async def test_body_that_is_not_read_holds_up_no_other_client(running):
    async with running() as server, connected(server) as first, connected(server) as second:
        slow = first.ask("/slow", body=b"x" * 5_000_000)
        await server.application.entered.wait()
        headers, _ = await second.get()
        server.application.release.set()
        slow_headers, _ = await first.answer(slow)

    assert (headers[b":status"], slow_headers[b":status"]) == (b"200", b"200")


async def test_body_of_an_answered_request_ends_nothing(running):
    async with running() as server, connected(server) as client:
        unread = client.ask("/unread", body=b"x" * 1000, complete=False)
        await client.answer(unread)
        client.http.send_data(unread, b"x" * 1000, end_stream=True)
        client.transmit()
        headers, _ = await client.get()

    assert headers[b":status"] == b"200"


async def test_answer_waits_for_a_client_that_does_not_take_it(running):
    sent = 0

    async def endless(scope, receive, send):
        nonlocal sent
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            sent += 65536

    async with running(application=endless) as server, connected(server) as client:
        stream_id = client.ask()
        await until(lambda: bool(client.of(stream_id, DataReceived)))
        client.datagram_received = lambda data, address: None
        seen = []

        def stands_still():
            seen.append(sent)
            return len(seen) > 50 and len(set(seen[-50:])) == 1

        await until(stands_still)

    assert seen[-1] < 10_000_000


async def test_application_hears_that_its_request_is_given_up(running):
    async with running() as server, connected(server) as client:
        stream_id = client.ask("/waiting")
        await server.application.entered.wait()
        client._quic.stop_stream(stream_id, 0x10C)
        client.transmit()

        await until(lambda: server.application.left == ["/waiting"])


async def test_application_hears_that_its_client_is_gone(running):
    async with running() as server:
        async with connected(server) as client:
            client.ask("/waiting")
            await server.application.entered.wait()

        await until(lambda: server.application.left == ["/waiting"])
        await until(lambda: server.engine.connections == 0)


async def test_failures_end_their_streams(running):
    async def failing(scope, receive, send):
        if scope["path"] == "/in-the-middle":
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise LookupError("lost")

    async with running(application=failing) as server, connected(server) as client:
        headers, _ = await client.get()
        stream_id = client.ask("/in-the-middle")
        await until(lambda: bool(client.of(stream_id, StreamReset)))

    assert headers[b":status"] == b"500"


async def test_line_break_in_a_header_is_an_error_500(running):
    async with running() as server, connected(server) as client:
        headers, _ = await client.get("/injecting")

    assert headers[b":status"] == b"500"


async def test_path_that_is_none_is_refused_alone(running):
    async with running() as server, connected(server) as client:
        refused = client.ask("/sch\u00f6n")
        headers, _ = await client.get("/good")
        await until(lambda: bool(client.of(refused, StreamReset)))

    assert headers[b":status"] == b"200"
    assert [scope["path"] for scope in server.application.scopes] == ["/good"]


async def test_idle_connection_is_closed(running):
    async with running(keep_alive_timeout=1) as server, connected(server) as client:
        await client.get()
        await until(lambda: client.end is not None)


async def test_answer_in_flight_is_finished_and_idle_connections_are_closed(running):
    async with running() as server, connected(server) as busy, connected(server) as idle:
        await idle.get()
        slow = busy.ask("/slow")
        await server.application.entered.wait()
        finishing = await server.finish_soon()
        await until(lambda: idle.end is not None)
        server.application.release.set()
        headers, body = await busy.answer(slow)
        await finishing

    assert (headers[b":status"], body) == (b"200", b"ok")


async def test_new_connections_are_refused_while_the_server_drains(running):
    async with running() as server, connected(server) as busy:
        slow = busy.ask("/slow")
        await server.application.entered.wait()
        server.engine.stop_accepting()
        async with connected(server, waits=False) as late:
            late.transmit()
            await until(lambda: late.end is not None)
        server.application.release.set()
        await busy.answer(slow)

    assert late.end.error_code != 0


async def test_requests_that_come_late_are_rejected_for_another_connection(running):
    async with running() as server, connected(server) as client:
        slow = client.ask("/slow")
        await server.application.entered.wait()
        finishing = await server.finish_soon()

        async def ask_until_rejected():
            while not [it for it in client.events if isinstance(it, StreamReset)]:
                client.ask("/late")
                await asyncio.sleep(0.05)

        await asyncio.wait_for(ask_until_rejected(), LIMIT)
        server.application.release.set()
        headers, _ = await client.answer(slow)
        await finishing

    assert headers[b":status"] == b"200"
    assert {it.error_code for it in client.events if isinstance(it, StreamReset)} == {REQUEST_REJECTED}


async def test_request_without_answer_in_time_is_cut(running):
    async with running() as server, connected(server) as client:
        client.ask("/slow")
        await server.application.entered.wait()
        async with asyncio.timeout(10):
            await server.engine.finish(0.1)
        await until(lambda: client.end is not None)

    assert server.application.cancelled == ["/slow"]


async def test_connections_are_counted_and_limited(running):
    async with running(max_concurrent_connections=1) as server:
        async with connected(server) as first, connected(server) as second:
            served, _ = await first.get()
            refused, _ = await second.get()
            assert server.engine.connections == 2

        await until(lambda: server.engine.connections == 0)

    assert (served[b":status"], refused[b":status"]) == (b"200", b"503")


async def test_websocket_is_served_and_told_of_the_end(running):
    headers = {
        b":method": b"CONNECT",
        b":protocol": b"websocket",
        b":scheme": b"https",
        b":authority": b"localhost",
        b":path": b"/echo",
        b"sec-websocket-version": b"13",
    }

    async with running() as server, connected(server) as client:
        stream_id = client._quic.get_next_available_stream_id()

        def received():
            return b"".join(it.data for it in client.of(stream_id, DataReceived))

        client.http.send_headers(stream_id, list(headers.items()))
        client.transmit()
        await until(lambda: bool(client.of(stream_id, HeadersReceived)))
        client.http.send_data(stream_id, b"\x81\x85\0\0\0\0hello", end_stream=False)
        client.transmit()
        await until(lambda: b"hello" in received())
        await server.engine.finish(LIMIT)
        await until(lambda: client.end is not None)

    assert received().endswith(b"\x88\x02" + (1012).to_bytes(2, "big"))
    assert server.application.disconnects == [1012]
