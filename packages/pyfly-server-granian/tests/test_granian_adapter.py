# SPDX-License-Identifier: Apache-2.0
import asyncio
import socket
import subprocess
import sys
import threading
from contextlib import asynccontextmanager

import pytest

from pyfly.config.properties.server import ServerProperties
from pyfly.server import ApplicationServerPort
from pyfly.server.adapters.granian.adapter import GranianServerAdapter
from pyfly.server.exceptions import (
    AddressUnavailableError,
    ApplicationImportError,
    ApplicationStartupError,
    RefusedSettingError,
    ServerStartError,
)


class Shop:
    """An ASGI application that records its life."""

    def __init__(self, failure=None):
        self.failure = failure
        self.events = []
        self.in_flight = asyncio.Event()
        self.release = asyncio.Event()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
            return
        if scope["path"] == "/slow":
            self.in_flight.set()
            await self.release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def lifespan(self, receive, send):
        await receive()
        if self.failure is not None:
            try:
                raise self.failure
            except OSError:
                await send({"type": "lifespan.startup.failed", "message": ""})
                raise
        self.events.append("started")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.events.append("stopped")
        await send({"type": "lifespan.shutdown.complete"})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings(**values):
    return ServerProperties(host="127.0.0.1", port=free_port(), **values)


async def connect(port):
    async with asyncio.timeout(10):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)


async def request(port, path="/"):
    reader, writer = await connect(port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@asynccontextmanager
async def serving(shop, config):
    adapter = GranianServerAdapter()
    task = asyncio.create_task(adapter.serve_async(shop, config))
    (await connect(config.port))[1].close()
    yield adapter, task
    if not task.done():
        adapter.shutdown()
        async with asyncio.timeout(5):
            await task


def test_before_start_the_info_tells_the_version_alone():
    info = GranianServerAdapter().server_info

    assert (info.name, info.workers, info.event_loop, info.http_protocol) == (
        "granian",
        0,
        "unknown",
        "unknown",
    )
    assert (info.host, info.port) == ("0.0.0.0", 0)
    assert info.version not in ("", "unknown")


def test_the_adapter_has_the_port_and_may_be_stopped_before_it_starts():
    adapter = GranianServerAdapter()

    adapter.shutdown()

    assert isinstance(adapter, ApplicationServerPort)


def test_importing_the_adapter_does_not_import_granian():
    code = "import sys, pyfly.server.adapters.granian.adapter; print('granian' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout.strip() == "False"


async def test_an_application_is_served_in_the_running_loop():
    config, shop = settings(), Shop()

    async with serving(shop, config) as (adapter, _):
        answer = await request(config.port)
        info = adapter.server_info

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"ok")
    assert (info.workers, info.http_protocol, info.host, info.port) == (1, "h1+h2", "127.0.0.1", config.port)
    assert info.event_loop in ("asyncio", "uvloop")
    assert shop.events == ["started", "stopped"]


async def test_a_request_in_flight_completes_after_shutdown_is_asked_for():
    config, shop = settings(), Shop()

    async with serving(shop, config) as (adapter, task):
        slow = asyncio.create_task(request(config.port, "/slow"))
        await asyncio.wait_for(shop.in_flight.wait(), 10)
        adapter.shutdown()
        shop.release.set()
        answer = await slow
        await asyncio.wait_for(task, 5)

    assert answer.startswith(b"HTTP/1.1 200")
    assert shop.events == ["started", "stopped"]


async def test_shutdown_may_come_from_another_thread():
    config, shop = settings(), Shop()

    async with serving(shop, config) as (adapter, task):
        thread = threading.Thread(target=adapter.shutdown)
        thread.start()
        await asyncio.wait_for(task, 5)
        thread.join()

    assert shop.events == ["started", "stopped"]


async def test_cancelling_stops_the_server_and_frees_the_port():
    config, shop = settings(), Shop()

    async with serving(shop, config) as (_, task):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)

    assert shop.events == ["started", "stopped"]
    with socket.create_server(("127.0.0.1", config.port)):
        pass


class NeverClosing(Shop):
    """An application whose shutdown does not end."""

    async def lifespan(self, receive, send):
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.in_flight.set()
        await self.release.wait()


async def test_an_application_that_outlasts_the_graceful_time_out_is_cut_with_a_warning(caplog):
    shop = NeverClosing()
    async with serving(shop, settings(graceful_timeout=1)) as (adapter, _):
        adapter.shutdown()
        await asyncio.wait_for(shop.in_flight.wait(), 10)

    assert [it.getMessage() for it in caplog.records if it.name == "pyfly.server"][-1].startswith(
        "graceful_timeout_exceeded"
    )


async def test_a_failed_start_is_raised_with_its_cause():
    failure = OSError("no database")

    with pytest.raises(ApplicationStartupError, match="OSError: no database") as caught:
        await asyncio.wait_for(GranianServerAdapter().serve_async(Shop(failure), settings()), 10)

    assert caught.value.__cause__ is failure


async def test_a_busy_port_is_told_before_the_application_starts():
    config, shop = settings(), Shop()
    with socket.create_server(("127.0.0.1", config.port)), pytest.raises(AddressUnavailableError):
        await GranianServerAdapter().serve_async(shop, config)

    assert shop.events == []


async def test_several_workers_are_refused_in_a_running_loop():
    with pytest.raises(RefusedSettingError, match=r"pyfly\.server\.workers = 2"):
        await GranianServerAdapter().serve_async(Shop(), settings(workers=2))


async def test_an_import_string_is_loaded_in_a_running_loop():
    with pytest.raises(ApplicationImportError, match="no_such_module"):
        await GranianServerAdapter().serve_async("no_such_module:app", settings())


async def test_processes_are_served_from_the_main_thread_alone():
    with pytest.raises(ServerStartError, match="main thread"):
        await asyncio.to_thread(GranianServerAdapter().serve, "shop:app", settings())
