# SPDX-License-Identifier: Apache-2.0
import asyncio
import ssl

import pytest
import trustme

from pyfly.server.adapters.uvicorn.engine import UvicornEngine
from pyfly.server.engine import EngineSettings
from pyfly.server.testing.engine import running_engine
from pyfly.server.tls import TlsSettings

AUTHORITY = trustme.CA()


@pytest.fixture
def tls(tmp_path):
    certificate = AUTHORITY.issue_cert("localhost")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    return TlsSettings(chain, key)


@pytest.fixture
def context():
    created = ssl.create_default_context()
    AUTHORITY.configure_trust(created)
    return created


def running(tls):
    return running_engine(UvicornEngine(EngineSettings(tls=tls)))


async def test_requests_are_answered_over_tls(tls, context):
    async with running(tls) as server, server.connection(tls=context) as client:
        first, second = await client.get(), await client.get()
        await server.engine.finish(20)
        rest = await client.rest()

    assert (first.status, second.status, rest) == (200, 200, b"")
    assert server.application.scopes[0]["scheme"] == "https"


async def test_http_1_is_agreed_upon(tls, context):
    context.set_alpn_protocols(["h2", "http/1.1"])

    async with running(tls) as server, server.connection(tls=context) as client:
        assert client.protocol == "http/1.1"


async def test_websockets_are_served_over_tls(tls, context):
    async with running(tls) as server, server.connection(tls=context) as client:
        answer = await client.open_websocket()

    assert answer.status == 101
    assert server.application.scopes[0]["scheme"] == "wss"


async def test_client_that_does_not_read_is_cut(tls, context):
    async with running(tls) as server, server.connection(tls=context) as client:
        client.stop_reading()
        client.ask("/flood")
        await server.application.entered.wait()
        async with asyncio.timeout(10):
            await server.engine.finish(0.1)

    assert server.application.cancelled == ["/flood"]
    assert server.engine.connections == 0


async def test_client_that_never_shakes_hands_does_not_hold_up_the_end(tls):
    async with running(tls) as server, server.connection():
        async with asyncio.timeout(10):
            await server.engine.finish(600)
