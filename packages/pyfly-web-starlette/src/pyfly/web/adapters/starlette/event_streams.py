# SPDX-License-Identifier: Apache-2.0
"""Streams of server-sent events as responses."""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from pyfly.config.properties.sse import SseProperties
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette._client import client_leaves
from pyfly.web.adapters.starlette.source_task import END, SourceTask, close_source
from pyfly.web.connections import OpenConnections, open_connections_of
from pyfly.web.json import encode_json
from pyfly.web.sse.emitter import SseEmitter
from pyfly.web.sse.event import HEARTBEAT, JsonEncoder, frame_of
from pyfly.web.sse.response import MEDIA_TYPE, SSE_HEADERS
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

__all__ = ["EventStreamResponse", "EventStreamSettings", "event_stream_answer"]

_LAST_WORDS: Final = 1.0
_KIND: Final = "event-stream"

logger = logging.getLogger("pyfly.web")


@dataclass(frozen=True, slots=True)
class EventStreamSettings:
    """How event streams are served.

    Attributes:
        heartbeat: Seconds of silence after which a comment is sent; None for no comments.
        send_timeout: Seconds that a client may take to accept an event.
        head_delay: Seconds that the head waits for the first event.
        connections: Where open streams are kept.
    """

    heartbeat: float | None = 15.0
    send_timeout: float = 30.0
    head_delay: float = 0.25
    connections: OpenConnections = field(default_factory=OpenConnections)

    @classmethod
    def of(cls, context: ApplicationContext | None) -> "EventStreamSettings":
        """Read the settings of a context.

        Raises:
            BindingError: A setting of ``pyfly.web.sse`` is wrong.
        """
        properties = (Config({}) if context is None else context.config).bind(SseProperties)
        return cls(
            properties.heartbeat_seconds.total_seconds() or None,
            properties.send_timeout.total_seconds(),
            properties.head_delay.total_seconds(),
            open_connections_of(context),
        )


def event_stream_answer(
    result: Any,
    status: int = 200,
    encode: JsonEncoder = encode_json,
    settings: EventStreamSettings | None = None,
    name: str = "The event stream",
) -> Response:
    """Turn what the handler of an event stream returned into a response.

    Args:
        result: An asynchronous iterator or an `SseEmitter`; a response stays as it is.
        status: Status of the answer.
        encode: The application's JSON.
        settings: How the stream is served.
        name: What the stream is called in the log.

    Raises:
        TypeError: The result is something else.
    """
    if isinstance(result, Response):
        return result

    if isinstance(result, SseEmitter):
        result.encode_with(encode)
    elif not isinstance(result, AsyncIterable):
        raise TypeError(
            f"{name} is {type(result).__name__}: it has to be an asynchronous generator or iterator, or an"
            " SseEmitter"
        )

    return EventStreamResponse(result, status, encode, settings or EventStreamSettings(), name)


class EventStreamResponse(StreamingResponse):
    """Send the events of a source until it ends, the client goes away, or the server stops.

    Args:
        source: Yields events, see `pyfly.web.sse.event.frame_of`.
        status: Status of the answer.
        encode: The application's JSON.
        settings: How the stream is served.
        name: What the stream is called in the log.
    """

    def __init__(
        self,
        source: AsyncIterable[Any],
        status: int,
        encode: JsonEncoder,
        settings: EventStreamSettings,
        name: str,
    ) -> None:
        super().__init__(self._frames(), status, SSE_HEADERS, MEDIA_TYPE)
        self._source = source
        self._encode = encode
        self._settings = settings
        self._name = name
        self._task: SourceTask | None = None
        self._first: bytes | None = None
        self._is_over = self._is_abandoned = False
        self._is_ending = self._is_gone = False
        self._sending: asyncio.Timeout | None = None
        self._waiting: asyncio.Future[None] | None = None

    def end(self) -> None:
        """Stop sending: soon, also to a client that does not take what is being sent."""
        self._is_ending = True
        self._wake()
        if self._sending is not None and not self._sending.expired():
            soon = asyncio.get_running_loop().time() + (0 if self._is_gone else _LAST_WORDS)
            self._sending.reschedule(min(soon, self._sending.when() or soon))

    async def prime(self) -> None:
        """Begin the stream, and wait for its first event as long as the head may wait.

        Whoever calls this sees to it that `abandon` is called in the end.

        Raises:
            Exception: What the source raised before its first event.
        """
        task = self._task = SourceTask(self._source, self._name, self._wake)
        step = task.step()
        await self._wait(self._settings.head_delay)
        if not step.done():
            return

        item = task.take()
        if item is END:
            self._is_over = True
        else:
            self._first = frame_of(item, self._encode)

    async def abandon(self) -> None:
        """End the source, which has no use any more; without effect after the first time."""
        if self._is_abandoned:
            return

        self._is_abandoned = self._is_over = True
        if self._task is None:
            await close_source(self._source, self._name)
        else:
            await self._task.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send head and events."""
        try:
            if self._task is None:
                await self.prime()

            await self._serve(scope, receive, send)
        finally:
            await self.abandon()

        if self.background is not None:
            await self.background()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The connection is kept by saying so in HTTP/1.1, and must not be spoken of in HTTP/2.
        if scope.get("http_version") != "1.1":
            self.raw_headers = [header for header in self.raw_headers if header[0] != b"connection"]

        connections = self._settings.connections
        watching = asyncio.create_task(self._watch(receive))
        connections.add(self, _KIND, scope)
        try:
            await self._stream(send, head_only=scope["method"] == "HEAD")
        except _NotTaken:
            return
        finally:
            connections.discard(self)
            watching.cancel()
            await asyncio.wait({watching}, timeout=_LAST_WORDS)

    async def _stream(self, send: Send, *, head_only: bool) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await self._send(send, start)
        if not head_only:
            async for frame in self.body_iterator:
                await self._send(send, {"type": "http.response.body", "body": frame, "more_body": True})

        await self._send(send, {"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send, message: dict[str, Any]) -> None:
        if self._is_gone:
            raise _NotTaken

        try:
            async with asyncio.timeout(
                _LAST_WORDS if self._is_ending else self._settings.send_timeout
            ) as self._sending:
                await send(message)
        except TimeoutError:
            if not self._is_ending:
                waited = self._settings.send_timeout
                logger.warning("%s was given up: its client took nothing for %g s", self._name, waited)

            raise _NotTaken from None
        except OSError:
            # By the ASGI specification from 2.4 on, the client has gone away.
            raise _NotTaken from None
        finally:
            self._sending = None

    async def _watch(self, receive: Receive) -> None:
        try:
            if not await client_leaves(receive):
                return
        except Exception as error:
            logger.info("%s ends: its request cannot be read any more (%s)", self._name, error)

        self._is_gone = True
        self.end()

    async def _frames(self) -> AsyncIterator[bytes]:
        if self._first is not None or not self._is_over:
            # Some servers hold the head back until there is a body.
            yield self._first or HEARTBEAT

        self._first = None
        while not self._is_over and not self._is_ending:
            frame = await self._next_frame()
            if frame is not None:
                yield frame

    async def _next_frame(self) -> bytes | None:
        assert self._task is not None, "a stream that is not over has a task"
        step = self._task.step()
        if not step.done():
            await self._wait(self._settings.heartbeat)

        if self._is_ending:
            return None

        if not step.done():
            return HEARTBEAT

        try:
            item = self._task.take()
            if item is not END:
                return frame_of(item, self._encode)
        except Exception:
            # The head is out: there is no better answer than the end of the stream.
            logger.exception("%s failed and ends", self._name)

        self._is_over = True
        return None

    async def _wait(self, seconds: float | None) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, self._wake)
        try:
            await self._waiting
        finally:
            self._waiting = None
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class _NotTaken(Exception):
    """The client takes nothing any more."""
