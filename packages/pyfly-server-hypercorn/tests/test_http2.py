# SPDX-License-Identifier: Apache-2.0
import asyncio
import ssl
from contextlib import asynccontextmanager

import pytest
import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)

from pyfly.server.adapters.hypercorn.engine import HypercornEngine
from pyfly.server.engine import EngineSettings
from pyfly.server.testing.engine import running_engine, until
from pyfly.server.tls import TlsSettings

AUTHORITY = trustme.CA()
LIMIT = 20


class Http2Client:
    """One connection over HTTP/2; keeps everything that the server sends."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.connection = H2Connection(H2Configuration(header_encoding="utf-8"))
        self.connection.initiate_connection()
        self.events = []
        self.closed = False
        self.flush()

    @classmethod
    @asynccontextmanager
    async def to(cls, address, *, tls=None):
        name = None if tls is None else "localhost"
        async with asyncio.timeout(LIMIT):
            reader, writer = await asyncio.open_connection(*address, ssl=tls, server_hostname=name)
        client = cls(reader, writer)
        listening = asyncio.create_task(client.listen())
        try:
            yield client
        finally:
            writer.transport.abort()
            await listening

    async def listen(self):
        try:
            while data := await self.reader.read(65536):
                for event in self.connection.receive_data(data):
                    self.events.append(event)
                    if isinstance(event, DataReceived):
                        self.connection.acknowledge_received_data(
                            event.flow_controlled_length, event.stream_id
                        )
                self.flush()
        except ConnectionError:
            pass
        self.closed = True

    def flush(self):
        self.writer.write(self.connection.data_to_send())

    def ask(self, path="/", *, method=None, body=b"", complete=True):
        stream_id = self.connection.get_next_available_stream_id()
        headers = {
            ":method": method or ("POST" if body else "GET"),
            ":scheme": "http",
            ":authority": "localhost",
            ":path": path,
        }
        self.connection.send_headers(stream_id, list(headers.items()), end_stream=complete and not body)
        if body:
            self.connection.send_data(stream_id, body, end_stream=complete)
        self.flush()
        return stream_id

    def of(self, stream_id, kind):
        return [it for it in self.events if isinstance(it, kind) and it.stream_id == stream_id]

    def told(self, kind):
        return [it for it in self.events if isinstance(it, kind)]

    def data(self, stream_id):
        return b"".join(it.data for it in self.of(stream_id, DataReceived))

    async def answer(self, stream_id):
        await until(lambda: self.closed or bool(self.of(stream_id, StreamEnded)))
        (response,) = self.of(stream_id, ResponseReceived)
        return dict(response.headers), self.data(stream_id)

    async def get(self, path="/"):
        return await self.answer(self.ask(path))


def running(**settings):
    return running_engine(HypercornEngine(EngineSettings(**settings)))


@pytest.fixture
def tls(tmp_path):
    """Settings of TLS, and a client's context that trusts them."""
    certificate = AUTHORITY.issue_cert("localhost")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return TlsSettings(chain, key), context


async def test_client_that_begins_with_http2_is_served():
    async with running() as server, Http2Client.to(server.address) as client:
        headers, body = await client.get("/plain?x=1")

    assert (headers[":status"], body) == ("200", b"ok")
    assert server.application.scopes[0]["http_version"] == "2"


@pytest.mark.parametrize(
    ("http", "offered", "agreed"),
    [
        ("auto", ["h2", "http/1.1"], "h2"),
        ("auto", ["http/1.1"], "http/1.1"),
        ("1", ["h2", "http/1.1"], "http/1.1"),
        ("2", ["h2", "http/1.1"], "h2"),
    ],
)
async def test_protocol_is_agreed_upon_over_tls(tls, http, offered, agreed):
    settings, context = tls
    context.set_alpn_protocols(offered)

    async with running(http=http, tls=settings) as server, server.connection(tls=context) as client:
        chosen = client.protocol

    assert chosen == agreed


async def test_http2_over_tls_is_served(tls):
    settings, context = tls
    context.set_alpn_protocols(["h2"])

    async with running(tls=settings) as server, Http2Client.to(server.address, tls=context) as client:
        headers, _ = await client.get()

    assert headers[":status"] == "200"
    assert server.application.scopes[0]["scheme"] == "https"


async def test_http1_over_tls_is_served(tls):
    settings, context = tls

    async with running(tls=settings) as server, server.connection(tls=context) as client:
        first, second = await client.get(), await client.get()
        await server.engine.finish(LIMIT)

    assert (first.status, second.status) == (200, 200)
    assert server.application.scopes[0]["scheme"] == "https"


async def test_http2_is_refused_where_http1_alone_is_wanted():
    async with running(http="1") as server, server.connection() as client:
        client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        answer = await client.answer()

    assert answer.status == 505


async def test_http1_is_refused_where_http2_alone_is_wanted():
    async with running(http="2") as server, server.connection() as client:
        client.ask()
        rest = await client.rest()

    assert b"HTTP/1.1 200" not in rest
    assert server.application.scopes == []


async def test_preface_that_nothing_follows_does_not_keep_the_connection():
    async with running(keep_alive_timeout=1) as server, server.connection() as client:
        client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

        assert await client.rest()


async def test_requests_are_answered_side_by_side():
    async with running() as server, Http2Client.to(server.address) as client:
        slow = client.ask("/slow")
        fast, _ = await client.get()
        server.application.release.set()
        slow, _ = await client.answer(slow)

    assert (fast[":status"], slow[":status"]) == ("200", "200")


async def test_body_of_an_answered_request_does_not_end_the_connection():
    async with running() as server, Http2Client.to(server.address) as client:
        unread = client.ask("/unread", body=b"x" * 1000, complete=False)
        await client.answer(unread)
        client.connection.send_data(unread, b"x" * 1000, end_stream=True)
        client.flush()
        headers, _ = await client.get()

    assert headers[":status"] == "200"


async def test_body_that_is_not_read_holds_up_no_other_request():
    async with running() as server, Http2Client.to(server.address) as client:
        slow = client.ask("/slow", body=b"x", complete=False)
        for _ in range(40):
            client.connection.send_data(slow, b"x" * 1000)
        client.flush()
        headers, _ = await client.get()
        server.application.release.set()

    assert headers[":status"] == "200"


async def test_large_body_arrives():
    async with running() as server, Http2Client.to(server.address) as client:
        stream_id = client.ask("/length", body=b"x", complete=False)
        sent = 1
        async with asyncio.timeout(LIMIT):
            while sent < 1_000_001:
                window = min(client.connection.local_flow_control_window(stream_id), 16_000, 1_000_001 - sent)
                if window:
                    client.connection.send_data(stream_id, b"x" * window)
                    sent += window
                client.flush()
                await asyncio.sleep(0)
        client.connection.end_stream(stream_id)
        client.flush()
        _, body = await client.answer(stream_id)

    assert body == b"1000001"


async def test_application_hears_that_its_request_is_given_up():
    async with running() as server, Http2Client.to(server.address) as client:
        stream_id = client.ask("/waiting")
        await server.application.entered.wait()
        client.connection.reset_stream(stream_id)
        client.flush()

        await until(lambda: server.application.left == ["/waiting"])


async def test_application_that_goes_on_sending_to_nobody_holds_up_nobody_else():
    async def endless(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while scope["path"] == "/endless":
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await send({"type": "http.response.body", "body": b"ok"})

    engine = HypercornEngine(EngineSettings())
    async with (
        running_engine(engine, application=endless) as server,
        Http2Client.to(server.address) as client,
    ):
        stream_id = client.ask("/endless")
        await until(lambda: bool(client.of(stream_id, DataReceived)))
        client.connection.reset_stream(stream_id)
        client.flush()
        _, body = await client.get("/other")

    assert body == b"ok"


async def test_application_that_a_client_takes_nothing_from_ends_with_the_connection():
    async with running() as server:
        async with Http2Client.to(server.address) as client:
            stream_id = client.ask("/flood")
            client.connection.acknowledge_received_data = lambda size, stream_id: None
            await until(lambda: len(client.data(stream_id)) >= 65535)

        await until(lambda: server.engine.connections == 1)
        async with asyncio.timeout(10):
            await server.engine.finish(0.1)

    assert server.application.left == ["/flood"]


async def test_client_that_does_not_read_is_cut():
    async with running() as server, Http2Client.to(server.address) as client:
        client.writer.transport.pause_reading()
        client.ask("/flood")
        await server.application.entered.wait()
        async with asyncio.timeout(10):
            await server.engine.finish(0.1)

    assert server.application.cancelled == ["/flood"]
    assert server.engine.connections == 0


async def test_failure_in_the_middle_of_an_answer_ends_its_stream():
    async def failing(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"some", "more_body": True})
        raise LookupError("lost")

    engine = HypercornEngine(EngineSettings())
    async with (
        running_engine(engine, application=failing) as server,
        Http2Client.to(server.address) as client,
    ):
        stream_id = client.ask()
        await until(lambda: bool(client.of(stream_id, StreamReset)))


async def test_failure_before_the_answer_is_an_error_500():
    async with running() as server, Http2Client.to(server.address) as client:
        headers, _ = await client.get("/failing")

    assert headers[":status"] == "500"


async def test_line_break_in_a_header_is_an_error_500():
    async with running() as server, Http2Client.to(server.address) as client:
        headers, _ = await client.get("/injecting")

    assert headers[":status"] == "500"
    assert "x-injected" not in headers


@pytest.mark.parametrize("path", ["/sch\u00f6n", "http://evil/", "/a#b", "/a b"])
async def test_path_that_is_none_is_refused_alone(path):
    async with running() as server, Http2Client.to(server.address) as client:
        refused = client.ask(path)
        headers, _ = await client.get("/good")

        await until(lambda: bool(client.of(refused, StreamReset)))

    assert headers[":status"] == "200"
    assert [scope["path"] for scope in server.application.scopes] == ["/good"]


async def test_method_that_is_none_is_refused_alone():
    async with running() as server, Http2Client.to(server.address) as client:
        refused = client.ask("/", method="GET /x")
        headers, _ = await client.get("/good")

        await until(lambda: bool(client.of(refused, StreamReset)))

    assert headers[":status"] == "200"


async def test_idle_connection_is_closed_and_its_client_told():
    async with running(keep_alive_timeout=1) as server, Http2Client.to(server.address) as client:
        await client.get()
        await until(lambda: client.closed)

    (told,) = client.told(ConnectionTerminated)
    assert told.error_code == 0


async def test_without_keep_alive_a_connection_ends_with_its_last_answer():
    async with running(keep_alive_timeout=0) as server, Http2Client.to(server.address) as client:
        headers, body = await client.get()
        await until(lambda: client.closed)

    assert (headers[":status"], body) == ("200", b"ok")
    assert len(client.told(ConnectionTerminated)) == 1


async def test_idle_connection_hears_of_the_end():
    async with running(keep_alive_timeout=600) as server, Http2Client.to(server.address) as client:
        await client.get()
        async with asyncio.timeout(10):
            await server.engine.finish(600)
        await until(lambda: client.closed)

    assert [it.last_stream_id for it in client.told(ConnectionTerminated)] == [1]


async def test_answers_in_flight_are_finished_before_the_end():
    async with running() as server, Http2Client.to(server.address) as client:
        slow = client.ask("/slow")
        await server.application.entered.wait()
        finishing = await server.finish_soon()
        late = client.ask("/late")
        late_headers, _ = await client.answer(late)
        server.application.release.set()
        slow_headers, body = await client.answer(slow)
        await finishing
        await until(lambda: client.closed)

    assert (late_headers[":status"], slow_headers[":status"], body) == ("200", "200", b"ok")
    assert [it.last_stream_id for it in client.told(ConnectionTerminated)] == [late]


async def test_requests_that_come_late_are_left_for_another_connection():
    async with running() as server, Http2Client.to(server.address) as client:
        slow = client.ask("/slow")
        await server.application.entered.wait()
        finishing = await server.finish_soon()
        answered = []

        async def ask_until_one_is_left():
            while True:
                late = client.ask("/late")
                await asyncio.wait_for(client.answer(late), 1)
                answered.append(late)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask_until_one_is_left(), LIMIT)
        server.application.release.set()
        headers, _ = await client.answer(slow)
        await finishing
        await until(lambda: client.closed)

    (told,) = client.told(ConnectionTerminated)
    assert headers[":status"] == "200"
    assert told.last_stream_id == max(answered)


async def test_request_without_answer_in_time_is_cut():
    async with running() as server, Http2Client.to(server.address) as client:
        client.ask("/slow")
        await server.application.entered.wait()
        async with asyncio.timeout(10):
            await server.engine.finish(0.1)
        await until(lambda: client.closed)

    assert server.application.cancelled == ["/slow"]


async def test_connection_beyond_the_limit_hears_503():
    async with running(max_concurrent_connections=1) as server, server.connection() as first:
        await first.get()
        async with Http2Client.to(server.address) as client:
            headers, _ = await client.get()

    assert headers[":status"] == "503"


async def test_websocket_over_http2_is_served_and_told_of_the_end():
    headers = {
        ":method": "CONNECT",
        ":protocol": "websocket",
        ":scheme": "http",
        ":authority": "localhost",
        ":path": "/echo",
        "sec-websocket-version": "13",
    }
    async with running() as server, Http2Client.to(server.address) as client:
        await until(lambda: bool(client.told(RemoteSettingsChanged)))
        client.connection.send_headers(1, list(headers.items()))
        client.connection.send_data(1, b"")
        client.flush()
        await until(lambda: bool(client.of(1, ResponseReceived)))
        client.connection.send_data(1, b"\x81\x85\0\0\0\0hello")
        client.flush()
        await until(lambda: b"hello" in client.data(1))
        await server.engine.finish(LIMIT)
        await until(lambda: client.closed)

    assert b"\x81\x05hello\x88\x02" + (1012).to_bytes(2, "big") in client.data(1)
    assert server.application.disconnects == [1012]
