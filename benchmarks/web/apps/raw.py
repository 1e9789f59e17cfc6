# SPDX-License-Identifier: Apache-2.0
"""The service on ASGI alone: the least that it can cost in Python."""

from urllib.parse import parse_qs

from pydantic import ValidationError
from pydantic_core import to_json

from benchmarks.web.asgi import Message, Receive, Scope, Send
from benchmarks.web.models import ITEMS, LIST_OF_ITEMS, NewOrder, UnknownItemError, find_item, place

_JSON = (b"content-type", b"application/json")


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return

    path = scope["path"]
    if path == "/orders":
        status, content = _placed(await _body(receive))
    elif path == "/items":
        status, content = 200, LIST_OF_ITEMS.dump_json(ITEMS)
    else:
        status, content = _found(path, scope["query_string"])

    headers = [_JSON, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _placed(body: bytes) -> tuple[int, bytes]:
    try:
        new = NewOrder.model_validate_json(body)
    except ValidationError as error:
        return 422, error.json().encode().join((b'{"errors":', b"}"))

    return 201, to_json(place(new))


def _found(path: str, query: bytes) -> tuple[int, bytes]:
    try:
        item = find_item(int(path.removeprefix("/items/")), parse_qs(query.decode())["name"][0])
    except UnknownItemError as error:
        return 404, to_json({"detail": str(error)})

    return 200, to_json(item)


async def _body(receive: Receive) -> bytes:
    message: Message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")

    return body


async def _live(receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})

    await send({"type": "lifespan.shutdown.complete"})
