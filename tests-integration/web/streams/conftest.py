# SPDX-License-Identifier: Apache-2.0
"""A service with event streams and WebSockets, on each of the servers, and what tests need to watch it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

APPLICATION = '''\
import asyncio
from contextlib import asynccontextmanager

from pyfly.context.request_context import RequestContext
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import PathVar, get_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.sse import LastEventId, SseEvent, sse_mapping
from pyfly.websocket import SessionRegistry, WebSocketSession, websocket_mapping

OURS = ("SourceTask", "EventStreamResponse", "AsgiSocket", "SocketPlan")


class Counter:
    """How many handlers are at work, and what they have made."""

    def __init__(self):
        self.open = 0
        self.made = 0

    @asynccontextmanager
    async def one_more(self):
        self.open += 1
        try:
            yield
        finally:
            await asyncio.sleep(0)
            self.open -= 1


@rest_controller
@request_mapping("/streams")
class Streams:
    def __init__(self) -> None:
        self.counter = Counter()
        self.room = SessionRegistry(send_timeout=0.5)

    @get_mapping("/state")
    async def state(self) -> dict[str, object]:
        names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]
        return {
            "open": self.counter.open,
            "made": self.counter.made,
            "tasks": [name for name in names if name.startswith(OURS)],
            "in_room": len(self.room),
        }

    @sse_mapping("/numbers")
    async def numbers(self, last: LastEventId):
        for number in range(int(last or 0) + 1, 4):
            yield SseEvent({"number": number, "request": RequestContext.current().request_id}, id=number)
            await asyncio.sleep(0.01)

    @sse_mapping("/silent")
    async def silent(self):
        async with self.counter.one_more():
            await asyncio.sleep(3600)
            yield "never"

    @sse_mapping("/flood")
    async def flood(self):
        async with self.counter.one_more():
            while True:
                self.counter.made += 1
                yield "x" * 65536

    @websocket_mapping("/echo")
    async def echo(self, session: WebSocketSession) -> None:
        await session.accept()
        async with self.counter.one_more():
            async for message in session:
                await session.send_text(str(message))

    @websocket_mapping("/pushed")
    async def pushed(self, session: WebSocketSession) -> None:
        await session.accept()
        async with self.counter.one_more():
            while True:
                await session.send_text(RequestContext.current().request_id)
                await asyncio.sleep(0.02)

    @websocket_mapping("/flooded")
    async def flooded(self, session: WebSocketSession) -> None:
        await session.accept()
        async with self.counter.one_more():
            while True:
                self.counter.made += 1
                await session.send_bytes(b"x" * 65536)

    @websocket_mapping("/failing")
    async def failing(self, session: WebSocketSession) -> None:
        await session.accept()
        raise LookupError("lost")

    @websocket_mapping("/brief")
    async def brief(self, session: WebSocketSession) -> None:
        await session.accept()
        await session.close(4001, "enough")
        await asyncio.sleep(0.2)

    @websocket_mapping("/room")
    async def join(self, session: WebSocketSession) -> None:
        await session.accept()
        async with self.room.joined(session):
            async for message in session:
                await self.room.broadcast_text(str(message))


@pyfly_application(name="streams", scan_packages=["shop.main"])
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


app = create_app(title="streams", context=pyfly.context, lifespan=lifespan)
'''

SETTINGS = {
    "pyfly": {
        "app": {"module": "shop.main:app"},
        "banner": {"mode": "OFF"},
        "web": {"sse": {"send-timeout": "1s", "heartbeat-seconds": 1}},
        "websocket": {"send-timeout": "1s", "max-message-size": "64KB", "close-timeout": "2s"},
    }
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write the service."""
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    # JSON is YAML.
    (tmp_path / "pyfly.yaml").write_text(json.dumps(SETTINGS))
    return tmp_path


@pytest.fixture(params=["granian", "uvicorn"])
def service(request: Any, project: Path, launch: Any, pyfly_run: Any, free_port: Any) -> Any:
    """Start the service on a server; it tells its ``port``, ``server`` and the ``state`` of its handlers."""
    port = free_port()
    if request.param == "granian":
        process = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=project)
    else:
        options = ["--port", str(port), "--timeout-graceful-shutdown", "15"]
        command = [sys.executable, "-m", "uvicorn", "shop.main:app", *options]
        process = launch(*command, cwd=project, env={"PYTHONPATH": "src"})

    process.wait_for_port(port)
    process.port = port
    process.server = request.param
    process.state = lambda: httpx.get(f"http://127.0.0.1:{port}/streams/state", timeout=10).json()
    return process


@pytest.fixture
def ends_quietly(service: Any, until: Any) -> Callable[[], None]:
    """Wait until no handler and no task is left, and see that nobody complained."""

    def check() -> None:
        until(
            lambda: {"open": 0, "tasks": []}.items() <= service.state().items(),
            what="all handlers to end",
        )
        complaints = ("Task was destroyed", "never retrieved", "never awaited", "Traceback", "[ERROR]")
        assert [text for text in complaints if text in service.output] == []

    return check


@pytest.fixture
def stands_still(service: Any, until: Any) -> Callable[[], int]:
    """Wait until nothing more is made for clients that take nothing; return how much was made."""

    def wait() -> int:
        seen: list[int] = []

        def still() -> bool:
            seen.append(service.state()["made"])
            return len(seen) > 20 and len(set(seen[-20:])) == 1

        until(still, what="the flood to stand still")
        return seen[-1]

    return wait
