# SPDX-License-Identifier: Apache-2.0
"""Hundreds of clients at once that go away in the middle: nothing of their requests stays behind."""

import asyncio
import http.client
import json
import random
from pathlib import Path
from typing import Any

import pytest

APPLICATION = """\
import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pyfly.container import Scope, component, service
from pyfly.context import pre_destroy
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import (
    Body, File, OncePerRequestFilter, UploadedFile, get_mapping, post_mapping, rest_controller,
)
from pyfly.web.adapters.starlette.app import create_app
from starlette.requests import Request

made, ended = [], []


@service(scope=Scope.REQUEST)
class Unit:
    def __init__(self) -> None:
        self.number = len(made)
        made.append(self.number)

    @pre_destroy
    async def end(self) -> None:
        await asyncio.sleep(0)
        ended.append(self.number)


@component
class Looking(OncePerRequestFilter):
    async def do_filter(self, request, call_next):
        response = await call_next(request)
        response.headers["x-looked"] = "yes"
        return response


@rest_controller(scope=Scope.REQUEST)
class Work:
    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    @get_mapping("/slow")
    async def slow(self) -> str:
        await asyncio.sleep(0.2)
        return "done"

    @get_mapping("/threaded")
    def threaded(self) -> str:
        return "done"

    @post_mapping("/upload")
    async def upload(self, content: Body[bytes]) -> int:
        return len(content)

    @post_mapping("/form")
    async def form(self, document: File[UploadedFile]) -> int:
        return document.size

    @get_mapping("/stream")
    async def stream(self) -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 4096
            await asyncio.sleep(0.002)


@rest_controller
class Books:
    @get_mapping("/books")
    async def read(self) -> dict[str, int]:
        gc.collect()
        return {"made": len(made), "ended": len(ended), "twice": len(ended) - len(set(ended)),
                "tasks": len(asyncio.all_tasks())}


@pyfly_application(name="shop", scan_packages=["shop.main"])
class Application:
    pass


pyfly = PyFlyApplication(Application)


@asynccontextmanager
async def lifespan(app):
    await pyfly.startup()
    try:
        yield
    finally:
        await pyfly.shutdown()


app = create_app(title="shop", context=pyfly.context, lifespan=lifespan)
"""

FORM = (
    b'--b\r\nContent-Disposition: form-data; name="document"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\n" + b"y" * 20_000 + b"\r\n--b--\r\n"
)
CLIENTS = 300
DEADLINE = 30.0


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


REQUESTS = (
    head("GET", "/slow"),
    head("GET", "/threaded"),
    head("GET", "/stream"),
    head("POST", "/upload", "Content-Length: 20000") + b"z" * 20_000,
    head("POST", "/form", "Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(FORM)}")
    + FORM,
)


@pytest.fixture
def service(tmp_path: Path, pyfly_run: Any, free_port: Any) -> Any:
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    (tmp_path / "pyfly.yaml").write_text("pyfly: {app: {module: 'shop.main:app'}}\n")
    port = free_port()
    process = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=tmp_path)
    process.wait_for_port(port)
    process.port = port
    return process


def books(port: int) -> dict[str, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    connection.request("GET", "/books")
    content: dict[str, int] = json.loads(connection.getresponse().read())
    connection.close()
    return content


async def go_away(port: int, request: bytes, sent: int, received: int) -> None:
    """Send a part of a request, take a part of the answer, and cut the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request[:sent])
        await writer.drain()
        if received:
            await asyncio.wait_for(reader.read(received), 1)
    except (OSError, TimeoutError):
        pass  # what a client that goes away does not care about
    finally:
        writer.transport.abort()


async def test_requests_of_lost_clients_leave_nothing_behind(service: Any) -> None:
    idle = books(service.port)
    choice = random.Random(7)
    jobs = []
    for number in range(CLIENTS):
        request = REQUESTS[number % len(REQUESTS)]
        sent = choice.choice([len(request), len(request), choice.randrange(1, len(request))])
        jobs.append(go_away(service.port, request, sent, choice.choice([0, 1, 5000])))

    async with asyncio.timeout(DEADLINE):
        await asyncio.gather(*jobs)

        while True:
            now = await asyncio.to_thread(books, service.port)
            if now["made"] == now["ended"] and now["tasks"] <= idle["tasks"]:
                break

            await asyncio.sleep(0.05)

    assert now["made"] > CLIENTS / 3
    assert now["twice"] == 0
    service.stop()
    for trace in ("Task was destroyed", "never retrieved", "never awaited", "Traceback"):
        assert trace not in service.output
