# SPDX-License-Identifier: Apache-2.0
import asyncio
import subprocess
import sys

import pytest

from pyfly.config.properties.server import GranianProperties, ServerProperties
from pyfly.server.adapters.granian.adapter import GranianServerAdapter
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.testing import ApplicationServerContract, RecordingApplication, running_server


class TestGranianAsServer(ApplicationServerContract):
    def new_adapter(self):
        return GranianServerAdapter()


def test_importing_the_adapter_does_not_import_granian():
    code = "import sys, pyfly.server.adapters.granian.adapter; print('granian' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(("http", "offered"), [("auto", "h1+h2"), ("1", "h1"), ("2", "h2")])
def test_offers_http_1_and_2(http, offered):
    adapter = GranianServerAdapter()

    plan = adapter.check(ServerProperties(http=http))

    assert adapter.protocols(plan.engine) == offered


@pytest.mark.parametrize(
    ("settings", "key", "alternative"),
    [
        (
            {"request_header_timeout": 10},
            "pyfly.server.request-header-timeout",
            "pyfly.server.keep-alive-timeout",
        ),
        ({"request_header_timeout": 0}, "pyfly.server.request-header-timeout", "uvicorn"),
        ({"http": "3"}, "pyfly.server.http", "hypercorn"),
        (
            {"granian": GranianProperties(runtime_mode="fast")},
            "pyfly.server.granian.runtime-mode",
            "auto, st, mt",
        ),
        ({"granian": GranianProperties(runtime_threads=0)}, "pyfly.server.granian.runtime-threads", "1"),
        ({"granian": GranianProperties(backpressure=0)}, "pyfly.server.granian.backpressure", "1"),
    ],
)
def test_what_granian_cannot_do_is_refused_with_an_alternative(settings, key, alternative):
    with pytest.raises(RefusedSettingError) as caught:
        GranianServerAdapter().check(ServerProperties(**settings))

    assert (caught.value.key, caught.value.server) == (key, "granian")
    assert alternative in caught.value.action


LARGE = 16 * 1024 * 1024


async def answer_much(scope, receive, send):
    if scope["type"] == "http":
        headers = [(b"content-length", str(LARGE).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * LARGE})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a socket has not sent")
async def test_half_a_request_does_not_hold_up_the_stop():
    config = ServerProperties(host="127.0.0.1", port=0, graceful_timeout=100, keep_alive_timeout=90)
    adapter = GranianServerAdapter()
    async with running_server(RecordingApplication(), adapter, config) as info:
        _, writer = await asyncio.open_connection(info.host, info.port)
        writer.write(b"GET / HT")
        await writer.drain()

    # The block above ends within the deadline of the server that runs, which is a third of the time-out.
    writer.close()


async def test_client_that_reads_slowly_has_all_of_its_answer():
    config = ServerProperties(host="127.0.0.1", port=0, graceful_timeout=100)
    adapter = GranianServerAdapter()
    async with running_server(answer_much, adapter, config) as info:
        reader, writer = await asyncio.open_connection(info.host, info.port, limit=64 * 1024)
        writer.write(b"GET / HTTP/1.1\r\nhost: shop\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        adapter.shutdown()
        # Longer than it takes a server to take idle connections for done with.
        await asyncio.sleep(2.5)
        body = await reader.readexactly(LARGE)
        writer.close()

    assert head.startswith(b"HTTP/1.1 200")
    assert len(body) == LARGE
