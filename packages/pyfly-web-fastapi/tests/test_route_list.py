# SPDX-License-Identifier: Apache-2.0
from typing import Any

from fastapi import APIRouter, WebSocket

from pyfly.web.adapters.fastapi.app import create_app

HERE = __name__


async def items() -> list[str]:
    return []


async def chat(websocket: WebSocket) -> None: ...


def test_routes_of_fastapi_are_told_with_those_of_included_routers() -> None:
    router = APIRouter(prefix="/shop")
    router.add_api_route("/items", items, methods=["GET"], name="items")
    router.add_api_websocket_route("/chat", chat)
    app: Any = create_app(docs_enabled=False)
    app.add_api_route("/items", items, methods=["POST"])
    app.include_router(router, prefix="/v1")

    found = [(it.kind, it.methods, it.path, it.handler) for it in app.served_routes()]

    assert found == [
        ("http", ("POST",), "/items", f"{HERE}#items"),
        ("http", ("GET",), "/v1/shop/items", f"{HERE}#items"),
        ("websocket", (), "/v1/shop/chat", f"{HERE}#chat"),
    ]
