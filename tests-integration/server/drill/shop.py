# SPDX-License-Identifier: Apache-2.0
"""The service that is drilled: a bare ASGI application, so that nothing hides what its server does."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from drill.exchanges import PATTERN, WORKER_HEADER, receipt, short

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PIECE = 16 * 1024


async def app(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return

    asked = dict(parse_qsl(scope["query_string"].decode()))
    match scope["path"]:
        case "/short":
            await _whole(send, short(int(asked["id"])))
        case "/slow":
            await asyncio.sleep(int(asked["ms"]) / 1000)
            await _whole(send, short(int(asked["id"])))
        case "/upload":
            await _whole(send, receipt(int(asked["id"]), await _body(receive)))
        case "/large" | "/stream":
            piece = PATTERN[int(asked["start"]) : int(asked["end"])]
            await _piecewise(send, piece, with_length=scope["path"] == "/large")
        case _:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})


async def _whole(send: Send, content: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        _worker(),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _piecewise(send: Send, content: bytes, *, with_length: bool) -> None:
    headers = [(b"content-length", str(len(content)).encode())] if with_length else []
    headers.append(_worker())
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, len(content), PIECE):
        await send({"type": "http.response.body", "body": content[start : start + PIECE], "more_body": True})
        await asyncio.sleep(0)

    await send({"type": "http.response.body"})


def _worker() -> tuple[bytes, bytes]:
    return WORKER_HEADER.encode(), str(os.getpid()).encode()


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError("the client has gone inside its request")

        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _live(receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})

    await send({"type": "lifespan.shutdown.complete"})
