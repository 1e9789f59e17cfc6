# SPDX-License-Identifier: Apache-2.0
"""Results that are sent piece by piece."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import copy_context
from functools import partial
from io import IOBase
from typing import Any, Final

from pyfly.web.adapters.starlette._client import SEND_TIMEOUT, GuardedSend, WhileConnected
from pyfly.web.adapters.starlette._form_parts import finished
from pyfly.web.streams import ItemKind, kind_of_item
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

CLOSE_SECONDS: Final = 10
"""How long an iterator may take to clean up when it is given up."""

_READ_SIZE: Final = 256 * 1024
_WITHOUT_BODY: Final = frozenset({204, 205, 304})
_END: Final = object()

logger = logging.getLogger("pyfly.web")


async def stream_answer(
    result: Any,
    status: int,
    *,
    media_type: str | None,
    kind: ItemKind | None,
    encode: Callable[[Any], bytes],
    send_timeout: float = SEND_TIMEOUT,
) -> Response:
    """Turn an iterator into an answer whose head is not sent yet.

    The first item is taken here: a failure before it is a failure of the handler. The others are taken while
    the answer is sent, each when the client has room for it.

    Args:
        result: An iterator, sync or async, or an open binary file. Sync ones run in worker threads.
        status: Status of the answer; one that has no body closes the iterator right away.
        media_type: Media type of the answer; ``None`` for that of the items.
        kind: What the items are; ``None`` for what the first one is.
        encode: Writes an item as JSON, for items that are neither bytes nor text.
        send_timeout: How long the client may take to accept an item, in seconds.

    Returns:
        An answer that closes the iterator in every case once it is sent; one that is never sent is closed by
        `StreamAnswer.aclose`.
    """
    items = _items_of(result)
    try:
        if status in _WITHOUT_BODY:
            await _close(items)
            return Response(status_code=status)

        first = await anext(items, _END)
    except BaseException:
        await _close(items)
        raise

    kind = kind or (ItemKind.BYTES if first is _END else kind_of_item(first))
    frames = _lines(first, items, encode) if kind is ItemKind.JSON else _raw_frames(first, items)
    content_type = content_type_of(media_type or kind.value, is_text=kind is not ItemKind.BYTES)
    return StreamAnswer(items, frames, status, content_type, send_timeout)


class StreamAnswer(StreamingResponse):
    """A response of Starlette that ends promptly when the client goes away, and closes its source.

    Args:
        items: The source.
        frames: What is sent.
        status: Status of the answer.
        content_type: Its ``Content-Type``.
        send_timeout: How long the client may take to accept a frame, in seconds.
    """

    def __init__(
        self,
        items: AsyncIterator[Any],
        frames: AsyncIterator[bytes],
        status: int,
        content_type: str,
        send_timeout: float,
    ) -> None:
        super().__init__(frames, status, {"content-type": content_type})
        self._items = items
        self._send_timeout = send_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; for HEAD its head."""
        try:
            with GuardedSend(send, self._send_timeout) as guarded:
                await self._send(scope, receive, guarded)
        except ClientDisconnect:
            logger.debug("The client went away during the answer to %s", scope["path"])
        finally:
            await self.aclose()

        if self.background is not None:
            await self.background()

    async def aclose(self) -> None:
        """Close the source, which may have been closed already."""
        await _close(self.body_iterator)
        await _close(self._items)

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await send(self._head())
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return

        async with WhileConnected(receive) as connection:
            await send(self._head())
            async for frame in self.body_iterator:
                # An empty frame is of no use, and some servers take it for the end of the answer.
                if frame:
                    # A filter may have put an iterator of its own in the place of ours.
                    body = frame if type(frame) is bytes else _raw(frame)
                    await send({"type": "http.response.body", "body": body, "more_body": True})

                if connection.ended:
                    return

            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _head(self) -> dict[str, Any]:
        return {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}


class _Threaded:
    """An iterator of which each step runs in a worker thread, all in one copy of the context variables."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self._iterator = iterator
        self._context = copy_context()

    def __aiter__(self) -> "_Threaded":
        return self

    async def __anext__(self) -> Any:
        item = await self._run(partial(next, self._iterator, _END))
        if item is _END:
            raise StopAsyncIteration

        return item

    async def aclose(self) -> None:
        close = getattr(self._iterator, "close", None)
        if close is not None:
            await self._run(close)

    async def _run(self, step: Callable[[], Any]) -> Any:
        work = asyncio.get_running_loop().run_in_executor(None, self._context.run, step)
        await finished(work)
        return work.result()


class _FilePieces:
    """The content of an open binary file, in pieces that have nothing to do with its lines."""

    def __init__(self, file: IOBase) -> None:
        self._file: Any = file
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece: bytes = self._file.read(_READ_SIZE)
        if not piece:
            raise StopIteration

        return piece


def _items_of(result: Any) -> AsyncIterator[Any]:
    if hasattr(result, "__aiter__"):
        items: AsyncIterator[Any] = aiter(result)
        return items

    return _Threaded(_FilePieces(result) if isinstance(result, IOBase) else result)


async def _lines(
    first: Any, items: AsyncIterator[Any], encode: Callable[[Any], bytes]
) -> AsyncIterator[bytes]:
    if first is not _END:
        yield encode(first) + b"\n"
        del first
        async for item in items:
            yield encode(item) + b"\n"


async def _raw_frames(first: Any, items: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    if first is not _END:
        yield _raw(first)
        del first
        async for item in items:
            yield item if type(item) is bytes else _raw(item)


def _raw(item: Any) -> bytes:
    if isinstance(item, str):
        return item.encode()

    if isinstance(item, bytes):
        return item

    if isinstance(item, bytearray | memoryview):
        return bytes(item)

    raise TypeError(
        f"a stream that began with bytes or text went on with {type(item).__name__}; convert it before it is"
        " yielded, or yield models alone"
    )


def content_type_of(media_type: str, *, is_text: bool) -> str:
    """Return the ``Content-Type`` of what is sent as a media type.

    Args:
        media_type: The media type.
        is_text: Whether it is sent as UTF-8, and not as bytes of which nobody here knows the character set.
    """
    if is_text and media_type.startswith("text/") and "charset=" not in media_type.lower():
        return f"{media_type}; charset=utf-8"

    return media_type


async def _close(items: Any) -> None:
    close = getattr(items, "aclose", None)
    if close is None:
        return

    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await close()
    except Exception:
        # The answer is over: nobody else hears of it.
        logger.warning("The iterator of an answer could not be closed", exc_info=True)
