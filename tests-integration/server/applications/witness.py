# SPDX-License-Identifier: Apache-2.0
"""An application that remembers each request it is given, and tells them all at ``/seen``."""

import json
from typing import Any

SEEN: list[dict[str, Any]] = []

FORGED: dict[bytes, tuple[bytes, bytes]] = {
    b"crlf": (b"x-item", b"tea\r\nx-forged: 1"),
    b"lf": (b"x-item", b"tea\nx-forged: 1"),
    b"cr": (b"x-item", b"tea\rx-forged: 1"),
    b"nul": (b"x-item", b"tea\0x-forged: 1"),
    b"body": (b"x-item", b"tea\r\n\r\nx-forged"),
    b"name": (b"x-item: tea\r\nx-forged", b"1"),
    b"name-with-space": (b"x-item x-forged", b"1"),
}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await witness(scope, receive, send)


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def witness(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["path"] == "/seen":
        await answer(send, json.dumps(SEEN).encode())
        return

    request = {"method": scope["method"], "path": scope["path"], "body": "", "complete": False}
    SEEN.append(request)
    while not request["complete"]:
        message = await receive()
        if message["type"] == "http.disconnect":
            return

        request["body"] += message.get("body", b"").decode("latin-1")
        request["complete"] = not message.get("more_body", False)

    kind, _, detail = scope["query_string"].partition(b"=")
    await answer(send, b"taken", *([FORGED[detail]] if kind == b"forge" else []))


async def answer(send: Any, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})
