# SPDX-License-Identifier: Apache-2.0
"""A stream of events that is fed from elsewhere while a client reads it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from threading import get_ident
from typing import Any

from pyfly.web.json import encode_json
from pyfly.web.sse._event_queue import EventQueue, Outcome, Overflow
from pyfly.web.sse.event import JsonEncoder, SseEvent, render

__all__ = ["Overflow", "SseEmitter"]

logger = logging.getLogger("pyfly.web.sse")


class SseEmitter(AsyncIterator[str]):
    """Events for one client: return it from a handler, and send from any task of the event loop.

    Args:
        timeout: Seconds after which the stream is completed; None for no limit.
        max_pending: The most events that wait for the client.
        overflow: What becomes of further ones.
        send_timeout: The most seconds that a sender waits.
    """

    def __init__(
        self,
        timeout: float | None = None,
        *,
        max_pending: int = 256,
        overflow: Overflow = Overflow.WAIT,
        send_timeout: float = 30.0,
    ) -> None:
        if max_pending < 1:
            raise ValueError(f"max_pending: expected 1 or more, got {max_pending}")

        self._queue: EventQueue[SseEvent | str] = EventQueue(max_pending, overflow, send_timeout)
        self._timeout = timeout
        self._deadline: float | None = None
        self._thread: int | None = None
        self._encode: JsonEncoder | None = None
        self._closed = self._over = False
        self._error: Exception | None = None
        self._on_completion: list[Callable[[], object]] = []
        self._on_error: list[Callable[[Exception], object]] = []
        self._on_timeout: list[Callable[[], object]] = []

    @property
    def closed(self) -> bool:
        """Whether further events are ignored."""
        return self._closed

    @property
    def dropped(self) -> int:
        """How many events were dropped because the client was too slow."""
        return self._queue.dropped

    def send(
        self, data: Any, event: str | None = None, id: str | int | None = None, retry: int | None = None
    ) -> Awaitable[bool]:
        """Send an event. With room for it, it is queued when this returns; await the result to wait for room.

        Args:
            data: The payload, or a whole `SseEvent`.
            event: Name of the event.
            id: Its id.
            retry: Milliseconds before the client connects again.

        Returns:
            Whether the event is on its way: false after the end of the stream, and when it was dropped.

        Raises:
            RuntimeError: It is called outside of the thread that serves the client.
            TimeoutError: By the awaited result: there was no room in time.
            ValueError: ``retry`` is negative, or no whole number.
        """
        self._check_thread()
        if self._closed:
            return Outcome(False)

        added = data if isinstance(data, SseEvent) else SseEvent(data, event, id, retry)
        # Written at once where it can be: what the sender does to the payload later must not show.
        return self._queue.put(added if self._encode is None else render(added, self._encode))

    def complete(self) -> None:
        """End the stream once the events that wait are delivered; without effect after the first time."""
        self._check_thread()
        self._close(None)

    def close(self) -> None:
        """Do the same as `complete`."""
        self.complete()

    def error(self, exc: Exception) -> None:
        """End the stream with a failure, once the events that wait are delivered.

        With nothing sent so far the client gets the answer that it would get if the handler raised this; else
        the failure is logged, and the stream ends.

        Args:
            exc: The failure.
        """
        self._check_thread()
        self._close(exc)

    def on_completion(self, callback: Callable[[], object]) -> None:
        """Have something called, once, when the stream is over for whatever reason, the client's included.

        Args:
            callback: A plain function, such as the ``cancel`` of a task; called at once if it is over.
        """
        if self._over:
            callback()
        else:
            self._on_completion.append(callback)

    def on_error(self, callback: Callable[[Exception], object]) -> None:
        """Have something called with the failure when the stream ends with one.

        Args:
            callback: A plain function.
        """
        self._on_error.append(callback)

    def on_timeout(self, callback: Callable[[], object]) -> None:
        """Have something called when the time of the stream has run out; it can still send.

        Args:
            callback: A plain function.
        """
        self._on_timeout.append(callback)

    def encode_with(self, encode: JsonEncoder) -> None:
        """Use the application's JSON; called by the web adapter that serves the stream.

        Args:
            encode: Turns a value into JSON.
        """
        self._encode = encode
        self._queue.change(lambda item: item if isinstance(item, str) else render(item, encode))

    def __aiter__(self) -> "SseEmitter":
        return self

    async def __anext__(self) -> str:
        """Return the next event as it is sent.

        Raises:
            RuntimeError: Somebody else reads already.
        """
        if self._queue.is_awaited:
            raise RuntimeError("an SseEmitter serves one client: make one for each request")

        self._check_time()
        while not len(self._queue):
            if self._error is not None:
                error, self._error = self._error, None
                self._end()
                raise error

            if self._closed:
                self._end()
                raise StopAsyncIteration

            await self._queue.wait(self._deadline)
            self._check_time()

        item = self._queue.take()
        return item if isinstance(item, str) else render(item, self._encode or encode_json)

    async def aclose(self) -> None:
        """Stop at once: the client is gone, or the server stops. Events that wait are dropped."""
        self._closed = True
        self._queue.clear()
        self._end()

    def _check_thread(self) -> None:
        if self._thread is not None and self._thread != get_ident():
            raise RuntimeError(
                "an SseEmitter belongs to the thread of its event loop: from another one, call"
                " loop.call_soon_threadsafe(emitter.send, data)"
            )

    def _check_time(self) -> None:
        if self._thread is None:
            self._thread = get_ident()
            if self._timeout is not None:
                self._deadline = asyncio.get_running_loop().time() + self._timeout

        if self._deadline is not None and asyncio.get_running_loop().time() >= self._deadline:
            self._deadline = None
            self._call(self._on_timeout)
            self._close(None)

    def _close(self, error: Exception | None) -> None:
        if self._closed:
            return

        self._closed = True
        self._error = error
        self._queue.dismiss()
        self._queue.wake()
        if error is not None:
            self._call(self._on_error, error)

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._call(self._on_completion)

    def _call(self, callbacks: list[Callable[..., object]], *arguments: object) -> None:
        for callback in callbacks:
            try:
                callback(*arguments)
            except Exception:
                logger.exception("A callback of an SseEmitter failed")
