# SPDX-License-Identifier: Apache-2.0
"""The service on bare Starlette, everything else done by hand: the control."""

import secrets

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from benchmarks.web.models import (
    ITEMS,
    LIST_OF_ITEMS,
    NewOrder,
    UnknownItemError,
    chunks_of_download,
    find_item,
    place,
)

JSON = "application/json"
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-xss-protection", b"0"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
_IDS = (b"x-request-id", b"x-correlation-id", b"x-transaction-id")


async def get_item(request: Request) -> Response:
    item = find_item(request.path_params["item_id"], request.query_params["name"])
    return Response(to_json(item), media_type=JSON)


async def list_items(request: Request) -> Response:
    return Response(LIST_OF_ITEMS.dump_json(ITEMS), media_type=JSON)


async def place_order(request: Request) -> Response:
    try:
        new = NewOrder.model_validate_json(await request.body())
    except ValidationError as error:
        return Response(b'{"errors":%s}' % error.json().encode(), 422, media_type=JSON)

    return Response(to_json(place(new)), 201, media_type=JSON)


async def take_whole(request: Request) -> Response:
    return Response(to_json({"size": len(await request.body())}), media_type=JSON)


async def take_stream(request: Request) -> Response:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)

    return Response(to_json({"size": size}), media_type=JSON)


async def take_file(request: Request) -> Response:
    async with request.form() as form:
        file = form["file"]
        size = len(await file.read()) if isinstance(file, UploadFile) else 0

    return Response(to_json({"size": size}), media_type=JSON)


async def give_stream(request: Request) -> Response:
    return StreamingResponse(chunks_of_download(), media_type="application/octet-stream")


async def answer_unknown(request: Request, error: Exception) -> Response:
    return Response(to_json({"detail": str(error)}), 404, media_type=JSON)


class IdsAndHeaders:
    """The middleware that an engineer writes who wants ids and security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        sent = dict(scope["headers"])
        ids = [(name, sent.get(name) or secrets.token_hex(16).encode()) for name in _IDS]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *ids, *_SECURITY]

            await send(message)

        await self._app(scope, receive, send_with_headers)


def build(*middleware: Middleware) -> Starlette:
    """Return the service inside some middleware."""
    return Starlette(
        routes=[
            Route("/items/{item_id:int}", get_item),
            Route("/items", list_items),
            Route("/orders", place_order, methods=["POST"]),
            Route("/uploads/whole", take_whole, methods=["POST"]),
            Route("/uploads/stream", take_stream, methods=["POST"]),
            Route("/uploads/file", take_file, methods=["POST"]),
            Route("/download", give_stream),
        ],
        middleware=middleware,
        exception_handlers={UnknownItemError: answer_unknown},
    )


app = build()
app_with_ids = build(Middleware(IdsAndHeaders))
