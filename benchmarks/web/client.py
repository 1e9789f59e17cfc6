# SPDX-License-Identifier: Apache-2.0
"""A client inside the process, which calls an ASGI application as a server would."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from benchmarks.web.asgi import App, Message, Receive, Scope

SECONDS = 30
"""The most that one request may take that is not timed."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Args:
        method: Its method.
        path: Its path, in ASCII.
        query: Its query string.
        body: Its body.
        content_type: Type of the body; without one there is no body.
    """

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = ""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return what a small client sends."""
        headers = [
            (b"host", b"127.0.0.1:8000"),
            (b"user-agent", b"bench/1.0"),
            (b"accept", b"*/*"),
            (b"accept-encoding", b"gzip, deflate"),
        ]
        if self.content_type:
            headers.append((b"content-type", self.content_type.encode()))
            headers.append((b"content-length", str(len(self.body)).encode()))

        return headers

    def scopes(self) -> Callable[[], Scope]:
        """Return a function that builds the scope of one request, with new objects in it as a server has."""
        wire = b"\n".join(part for header in self.headers() for part in header)
        method, path, query = self.method, self.path.encode(), self.query.encode()

        def build() -> Scope:
            parts = wire.split(b"\n")
            return {
                "type": "http",
                "asgi": {"version": "3.0", "spec_version": "2.3"},
                "http_version": "1.1",
                "method": method,
                "scheme": "http",
                "path": str(path, "ascii"),
                "raw_path": path,
                "query_string": query,
                "root_path": "",
                "headers": list(zip(parts[::2], parts[1::2], strict=True)),
                "client": ("127.0.0.1", 50000),
                "server": ("127.0.0.1", 8000),
                "state": {},
            }

        return build

    def whole_body(self) -> Receive:
        """Return a channel that gives the whole body at each call, for requests that read it once."""
        message = {"type": "http.request", "body": self.body, "more_body": False}

        async def receive() -> Message:
            return message

        return receive


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back.

    Args:
        status: The status.
        headers: The headers by their names in lower case.
        body: The whole body.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Parse the body."""
        return json.loads(self.body)


class Upload:
    """A channel that gives a body in chunks, and then waits as for a client that listens.

    Args:
        chunks: The body.
    """

    __slots__ = ("_chunks",)

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chain(chunks, (b"",))

    async def __call__(self) -> Message:
        for chunk in self._chunks:
            return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

        await asyncio.Event().wait()
        raise AssertionError("nobody sets this event")


async def discard(message: Message) -> None:
    """Take a message and keep nothing of it."""


async def ask(app: App, request: Request) -> Answered:
    """Send one request and collect the answer.

    Raises:
        TimeoutError: There is no whole answer in time.
    """
    start: Message = {}
    body = bytearray()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    async with asyncio.timeout(SECONDS):
        await app(request.scopes()(), Upload([request.body] if request.body else []), send)

    headers = {str(name, "latin-1").lower(): str(value, "latin-1") for name, value in start["headers"]}
    return Answered(start["status"], headers, bytes(body))


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Start an application as a server would, and shut it down at the end.

    Raises:
        RuntimeError: It does not start, or not in time.
        TimeoutError: It does not end in time.
    """
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    outbox: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.3"}, "state": {}}
    task = asyncio.create_task(app(scope, inbox.get, outbox.put))
    try:
        await inbox.put({"type": "lifespan.startup"})
        told = asyncio.ensure_future(outbox.get())
        await asyncio.wait({told, task}, timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED)
        answer = told.result() if told.done() else {"type": "nothing", "message": f"{task}"}
        if answer["type"] != "lifespan.startup.complete":
            told.cancel()
            raise RuntimeError(f"{answer['type']}: {answer.get('message')}")

        yield
        await inbox.put({"type": "lifespan.shutdown"})
        async with asyncio.timeout(SECONDS):
            await task
    finally:
        task.cancel()


@contextmanager
def served(apps: Iterable[App]) -> Iterator[asyncio.Runner]:
    """Start applications in one event loop, and shut them down at the end; yields what runs that loop."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            for app in apps:
                runner.run(stack.enter_async_context(running(app)))

            yield runner
        finally:
            runner.run(stack.aclose())
