# SPDX-License-Identifier: Apache-2.0
import asyncio
import json
from collections.abc import AsyncIterator, Callable, MutableMapping
from typing import Any

import pytest
from starlette.applications import Starlette

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.app import create_app

DEADLINE = 5.0


class SocketClient:
    """One connection over raw ASGI; while ``takes`` is cleared, the client accepts nothing.

    Like some servers it says nothing when it is sent something after its end.
    """

    def __init__(self, app: Any, path: str, headers: dict[str, str], **scope: Any) -> None:
        self._to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_server: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.takes = asyncio.Event()
        self.takes.set()
        path, _, query = path.partition("?")
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
            **scope,
        }
        self._to_server.put_nowait({"type": "websocket.connect"})
        self.serving = asyncio.create_task(app(self._scope, self._to_server.get, self._send))

    async def accepted(self) -> dict[str, Any]:
        """Wait for the end of the handshake."""
        message = await self.received()
        assert message["type"] == "websocket.accept", message
        return message

    async def denied(self) -> tuple[int, dict[str, Any]]:
        """Wait for an answer to the handshake that is no connection: its status and document."""
        start, body = await self.received(), await self.received()
        assert (start["type"], body["type"]) == (
            "websocket.http.response.start",
            "websocket.http.response.body",
        )
        return start["status"], json.loads(body["body"])

    async def received(self) -> dict[str, Any]:
        """Wait for the next message of the server."""
        async with asyncio.timeout(DEADLINE):
            return dict(await self._from_server.get())

    async def text(self) -> str:
        """Wait for a text message."""
        return (await self.received())["text"]  # type: ignore[no-any-return]

    async def closed(self) -> tuple[int, str]:
        """Wait for the server to close: its code and reason."""
        message = await self.received()
        assert message["type"] == "websocket.close", message
        return message["code"], message["reason"]

    def send(self, content: str | bytes) -> None:
        """Send a message."""
        key = "text" if isinstance(content, str) else "bytes"
        self._to_server.put_nowait({"type": "websocket.receive", key: content})

    def disconnect(self, code: int = 1005, reason: str = "") -> None:
        """Go away."""
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})

    @property
    def waiting(self) -> int:
        """How many messages the server has not read yet."""
        return self._to_server.qsize()

    async def served(self) -> None:
        """Wait until the application is done."""
        async with asyncio.timeout(DEADLINE):
            await self.serving

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        await self.takes.wait()
        self._from_server.put_nowait(message)


@pytest.fixture
async def app_of() -> AsyncIterator[Callable[..., Any]]:
    """Make an application of beans in a started context: ``await app_of(Bean, max_connections=1)``."""
    started: list[ApplicationContext] = []

    async def make(*beans: type, **settings: object) -> Starlette:
        named = {name.replace("_", "-"): value for name, value in settings.items()}
        context = ApplicationContext(Config({"pyfly": {"websocket": named}}))
        for bean in beans:
            context.register_bean(bean)

        await context.start()
        started.append(context)
        app = create_app(context=context)
        app.state.context = context
        return app

    yield make
    for context in started:
        await context.stop()


@pytest.fixture
async def connect() -> AsyncIterator[Callable[..., SocketClient]]:
    """Ask for a connection: ``connect(app, "/chat", origin="https://a.example")``; it ends with the test."""
    opened: list[SocketClient] = []

    def open_socket(
        app: Any, path: str, *, scope: dict[str, Any] | None = None, **headers: str
    ) -> SocketClient:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = SocketClient(app, path, named, **(scope or {}))
        opened.append(client)
        return client

    yield open_socket
    for client in opened:
        client.disconnect()
        client.takes.set()
        client.serving.cancel()
        await asyncio.gather(client.serving, return_exceptions=True)


@pytest.fixture
def tasks_end() -> Callable[[], Any]:
    """Wait until the test has no tasks but its own."""

    async def wait() -> None:
        own = asyncio.current_task()
        async with asyncio.timeout(DEADLINE):
            while others := {task for task in asyncio.all_tasks() if task is not own}:
                await asyncio.wait(others)

    return wait
