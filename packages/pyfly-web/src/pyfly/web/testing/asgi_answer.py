# SPDX-License-Identifier: Apache-2.0
"""What an application answers, message by message."""

import asyncio
import json
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer.

    Attributes:
        status: The HTTP status.
        headers: Names in lower case and values, in the order they were sent.
        chunks: The body, in the parts in which it was sent.
    """

    status: int
    headers: list[tuple[str, str]]
    chunks: list[bytes]

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.chunks)

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.body.decode()

    def json(self) -> Any:
        """Return the body as JSON, parsed strictly: ``NaN`` and the infinities are refused."""
        return json.loads(self.body, parse_constant=_refuse_constant)

    def header(self, name: str) -> str | None:
        """Return the value of a header that is there once, or ``None`` if it is absent.

        Raises:
            AssertionError: It is there more than once.
        """
        found = self.values(name)
        assert len(found) < 2, f"{name} is there {len(found)} times: {found}"
        return found[0] if found else None

    def values(self, name: str) -> list[str]:
        """Return all values of a header."""
        return [value for key, value in self.headers if key == name.lower()]

    def listed(self, name: str) -> list[str]:
        """Return the comma-separated members of a header, over all of its lines."""
        return [member.strip() for value in self.values(name) for member in value.split(",")]

    @property
    def media_type(self) -> str | None:
        """The ``Content-Type`` without its parameters."""
        content_type = self.header("content-type")
        return None if content_type is None else content_type.partition(";")[0].strip()


class AnswerRecorder:
    """Take the messages of an answer, and hold them to the protocol.

    Attributes:
        complete: Set once the last message is there.
    """

    def __init__(self, method: str) -> None:
        self.complete = asyncio.Event()
        self._method = method
        self._start: MutableMapping[str, Any] | None = None
        self._chunks: list[bytes] = []
        self._news = asyncio.Condition()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take one message."""
        kind = message["type"]
        if kind == "http.response.start":
            self._begin(message)
        elif kind == "http.response.body":
            self._add(message)
        else:
            raise AssertionError(f"{kind} was not offered by the server")

        async with self._news:
            self._news.notify_all()

    async def wait_for_head(self) -> None:
        """Wait until status and headers are there."""
        async with self._news:
            await self._news.wait_for(lambda: self._start is not None)

    async def chunk(self, position: int) -> bytes | None:
        """Wait for a part of the body that is not empty; ``None`` if the body ends before it."""
        async with self._news:
            await self._news.wait_for(lambda: len(self._chunks) > position or self.complete.is_set())

        return self._chunks[position] if len(self._chunks) > position else None

    def answer(self) -> Answer:
        """Return what was sent.

        Raises:
            AssertionError: It is not complete, or breaks the rules of HTTP.
        """
        assert self.complete.is_set(), "the application returned before its answer was complete"
        answer = self.so_far()
        length = answer.header("content-length")
        if self._method == "HEAD" or answer.status in (204, 304):
            assert answer.body == b"", f"an answer to {self._method} with status {answer.status} has a body"
        elif length is not None:
            assert length == str(len(answer.body)), f"content-length {length}, but {len(answer.body)} bytes"

        return answer

    def so_far(self) -> Answer:
        """Return what was sent until now."""
        assert self._start is not None, "the application has sent no head"
        headers = [(str(name, "latin-1"), str(value, "latin-1")) for name, value in self._start["headers"]]
        return Answer(self._start["status"], headers, list(self._chunks))

    def _begin(self, message: MutableMapping[str, Any]) -> None:
        assert self._start is None, "the head was sent twice"
        headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
        for name, value in headers:
            assert name == name.lower(), f"header {name!r} is not in lower case"
            assert value.splitlines() in ([], [value]), f"header {name!r} holds a line break"

        self._start = {"status": message["status"], "headers": headers}

    def _add(self, message: MutableMapping[str, Any]) -> None:
        assert self._start is not None, "the body was sent before the head"
        assert not self.complete.is_set(), "the body goes on after its last message"
        body = bytes(message.get("body", b""))
        if body:
            self._chunks.append(body)

        if not message.get("more_body", False):
            self.complete.set()


class OpenAnswer:
    """An answer whose body may still be on its way."""

    def __init__(self, recorder: AnswerRecorder, serving: asyncio.Future[None], deadline: float) -> None:
        self._recorder = recorder
        self._serving = serving
        self._deadline = deadline
        self._position = 0

    async def head(self) -> Answer:
        """Return status and headers.

        Raises:
            TimeoutError: They did not come in time.
        """
        await self._until(asyncio.ensure_future(self._recorder.wait_for_head()))
        return self._recorder.so_far()

    async def next_chunk(self) -> bytes | None:
        """Return the next part of the body; ``None`` after the last one.

        Raises:
            TimeoutError: It did not come in time.
        """
        waiting = asyncio.ensure_future(self._recorder.chunk(self._position))
        await self._until(waiting)
        self._position += 1
        return waiting.result()

    async def _until(self, waiting: asyncio.Future[Any]) -> None:
        try:
            async with asyncio.timeout(self._deadline):
                await asyncio.wait({waiting, self._serving}, return_when=asyncio.FIRST_COMPLETED)
                if not waiting.done():
                    # The application has ended: what it said, or why it failed, is known now.
                    self._serving.result()
                    await waiting
        finally:
            waiting.cancel()


def _refuse_constant(name: str) -> Any:
    raise AssertionError(f"the body holds {name}, which is not JSON")
