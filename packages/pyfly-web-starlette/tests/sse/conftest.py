# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import AsyncIterator, Callable, MutableMapping
from typing import Any

import pytest
from starlette.applications import Starlette

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.app import create_app

DEADLINE = 5.0


class StreamClient:
    """One GET request over raw ASGI; while ``takes`` is cleared, the client accepts nothing."""

    def __init__(self, app: Any, path: str, headers: dict[str, str], **scope: Any) -> None:
        self._messages: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        self.takes = asyncio.Event()
        self.takes.set()
        self.sent = 0
        self._asked = False
        path, _, query = path.partition("?")
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            **scope,
        }
        self.serving = asyncio.create_task(app(self._scope, self._receive, self._send))

    async def head(self) -> tuple[int, dict[str, str]]:
        """Wait for status and headers."""
        message = await self._next()
        assert message["type"] == "http.response.start"
        return message["status"], {
            str(name, "latin-1"): str(value, "latin-1") for name, value in message["headers"]
        }

    async def frame(self) -> str:
        """Wait for the next piece of the body; the last one is empty."""
        message = await self._next()
        assert message["type"] == "http.response.body"
        # Some servers take an empty piece for the end.
        assert message["body"] or not message.get("more_body", False)
        return str(message["body"], "utf-8")

    async def event(self) -> str:
        """Wait for the next piece that is no comment."""
        frame = await self.frame()
        while frame == ":\n\n":
            frame = await self.frame()

        return frame

    async def rest(self) -> list[str]:
        """Wait for the end, and return the pieces before it."""
        frames: list[str] = []
        while frame := await self.frame():
            frames.append(frame)

        return frames

    def disconnect(self) -> None:
        """Go away."""
        self._gone.set()

    async def served(self) -> None:
        """Wait until the application is done."""
        async with asyncio.timeout(DEADLINE):
            await self.serving

    async def _next(self) -> MutableMapping[str, Any]:
        async with asyncio.timeout(DEADLINE):
            return await self._messages.get()

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        await self.takes.wait()
        self.sent += 1
        self._messages.put_nowait(message)


@pytest.fixture
async def app_of() -> AsyncIterator[Callable[..., Any]]:
    """Make an application of beans in a started context: ``await app_of(Bean, send_timeout="50ms")``."""
    started: list[ApplicationContext] = []

    async def make(*beans: type, **settings: object) -> Starlette:
        named = {name.replace("_", "-"): value for name, value in settings.items()}
        context = ApplicationContext(Config({"pyfly": {"web": {"sse": named}}}))
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
async def open_stream() -> AsyncIterator[Callable[..., StreamClient]]:
    """Send a request: ``open_stream(app, "/ticks", last_event_id="1")``; it is given up with the test."""
    opened: list[StreamClient] = []

    def connect(app: Any, path: str, *, scope: dict[str, Any] | None = None, **headers: str) -> StreamClient:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = StreamClient(app, path, named, **(scope or {}))
        opened.append(client)
        return client

    yield connect
    for client in opened:
        client.disconnect()
        client.takes.set()
        await asyncio.gather(client.serving, return_exceptions=True)
