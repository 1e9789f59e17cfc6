# SPDX-License-Identifier: Apache-2.0
"""A client that talks ASGI to an application in the same process, without a server and without a library.

It checks what it is sent against the ASGI specification (HTTP and lifespan, version 3.0), so that an
application that a lenient client would forgive fails here.
"""

import asyncio
import json as json_format
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import unquote

from pyfly.web.testing.asgi_answer import Answer, AnswerRecorder, OpenAnswer

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [dict[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

DEADLINE: Final = 10.0
"""Seconds that an answer, a start or a stop may take."""


class AsgiClient:
    """Send requests to an application.

    Each request stands alone: there are no cookies or connections that the client keeps.

    Args:
        app: The application.
        scheme: ``http`` or ``https``.
        root_path: Path below which the application is served, without a slash at its end.
        state: What the lifespan has yielded.
    """

    def __init__(
        self,
        app: AsgiApp,
        *,
        scheme: str = "http",
        root_path: str = "",
        state: Mapping[str, Any] | None = None,
    ) -> None:
        self._app = app
        self._scheme = scheme
        self._root_path = root_path
        self._state = dict(state or {})

    def with_scheme(self, scheme: str) -> "AsgiClient":
        """Return a client that says it came by another scheme."""
        return AsgiClient(self._app, scheme=scheme, root_path=self._root_path, state=self._state)

    def with_root_path(self, root_path: str) -> "AsgiClient":
        """Return a client of an application that is served below another path."""
        return AsgiClient(self._app, scheme=self._scheme, root_path=root_path, state=self._state)

    async def request(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        json: Any = None,
        body: bytes | Sequence[bytes] = b"",
    ) -> Answer:
        """Send a request and wait for the whole answer.

        Args:
            method: The HTTP method.
            target: Path and query, percent-encoded as on the wire.
            headers: Request headers; pairs can repeat a name.
            json: A value that is sent as JSON, unless it is ``None``.
            body: The body otherwise; a sequence arrives in as many messages, and announces no length.

        Raises:
            TimeoutError: The answer was not complete in time.
            AssertionError: The application broke the ASGI protocol.
        """
        chunks = _chunks(body, json)
        scope = self._scope(method, target, _headers(headers, body, json))
        recorder = AnswerRecorder(method)
        async with asyncio.timeout(DEADLINE):
            await self._app(scope, _receiving(chunks, recorder.complete), recorder.send)

        return recorder.answer()

    async def get(self, target: str, **options: Any) -> Answer:
        """Send a ``GET`` request; see `request`."""
        return await self.request("GET", target, **options)

    async def head(self, target: str, **options: Any) -> Answer:
        """Send a ``HEAD`` request; see `request`."""
        return await self.request("HEAD", target, **options)

    async def options(self, target: str, **options: Any) -> Answer:
        """Send an ``OPTIONS`` request; see `request`."""
        return await self.request("OPTIONS", target, **options)

    async def post(self, target: str, **options: Any) -> Answer:
        """Send a ``POST`` request; see `request`."""
        return await self.request("POST", target, **options)

    async def put(self, target: str, **options: Any) -> Answer:
        """Send a ``PUT`` request; see `request`."""
        return await self.request("PUT", target, **options)

    async def patch(self, target: str, **options: Any) -> Answer:
        """Send a ``PATCH`` request; see `request`."""
        return await self.request("PATCH", target, **options)

    async def delete(self, target: str, **options: Any) -> Answer:
        """Send a ``DELETE`` request; see `request`."""
        return await self.request("DELETE", target, **options)

    @asynccontextmanager
    async def stream(
        self, target: str, *, headers: Mapping[str, str] | Sequence[tuple[str, str]] = ()
    ) -> AsyncIterator[OpenAnswer]:
        """Send a ``GET`` request, and give the answer as soon as its head is there.

        The end of the block disconnects, and waits until the application is done.

        Raises:
            TimeoutError: The head did not come, or the application did not end, in time.
            AssertionError: The application broke the ASGI protocol.
        """
        recorder = AnswerRecorder("GET")
        gone = asyncio.Event()
        scope = self._scope("GET", target, _headers(headers, b"", None))
        serving = asyncio.ensure_future(self._app(scope, _receiving([b""], gone), recorder.send))
        opened = OpenAnswer(recorder, serving, DEADLINE)
        try:
            await opened.head()
            yield opened
            gone.set()
            async with asyncio.timeout(DEADLINE):
                await serving
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    def _scope(self, method: str, target: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
        path, _, query = target.partition("?")
        raw_path = f"{self._root_path}{path}"
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": self._scheme,
            "path": unquote(raw_path),
            "raw_path": raw_path.encode(),
            "query_string": query.encode(),
            "root_path": self._root_path,
            "headers": headers,
            "client": ("192.0.2.1", 50000),
            "server": ("contract.test", 443 if self._scheme == "https" else 80),
            "state": dict(self._state),
        }


def _headers(
    given: Mapping[str, str] | Sequence[tuple[str, str]], body: bytes | Sequence[bytes], json: Any
) -> list[tuple[bytes, bytes]]:
    pairs: Iterable[tuple[str, str]] = given.items() if isinstance(given, Mapping) else given
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs]
    named = {name for name, _ in headers}
    if b"host" not in named:
        headers.insert(0, (b"host", b"contract.test"))

    if json is not None and b"content-type" not in named:
        headers.append((b"content-type", b"application/json"))

    content = b"".join(_chunks(body, json))
    if isinstance(body, bytes) and content and b"content-length" not in named:
        headers.append((b"content-length", str(len(content)).encode()))

    return headers


def _chunks(body: bytes | Sequence[bytes], json: Any) -> list[bytes]:
    if json is not None:
        return [json_format.dumps(json).encode()]

    return [body] if isinstance(body, bytes) else list(body) or [b""]


def _receiving(chunks: Sequence[bytes], gone: asyncio.Event) -> Callable[[], Awaitable[Message]]:
    waiting = list(chunks)

    async def receive() -> Message:
        if waiting:
            chunk = waiting.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

        await gone.wait()
        return {"type": "http.disconnect"}

    return receive
