# SPDX-License-Identifier: Apache-2.0
from typing import Any

from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient

from pyfly.container.stereotypes import rest_controller
from pyfly.web import PathVar, get_mapping, request_mapping
from pyfly.websocket import WebSocketSession, websocket_mapping


@rest_controller
@request_mapping("/chat")
class ChatController:
    @websocket_mapping("/{room}")
    async def talk(self, session: WebSocketSession, room: PathVar[str]) -> None:
        await session.accept()
        await session.send_text(f"{room}: {await session.receive_text()}")
        await session.close()

    @get_mapping("/{room}")
    async def about(self, room: PathVar[str]) -> str:
        return f"about {room}"


def add_native(app: FastAPI) -> None:
    @app.websocket("/native")
    async def native(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("native")
        await websocket.close()


def say(client: TestClient, path: str, text: str) -> str:
    with client.websocket_connect(path) as socket:
        socket.send_text(text)
        return socket.receive_text()


def test_websocket_of_a_controller_is_served(serve: Any) -> None:
    with serve(ChatController) as client:
        assert say(client, "/chat/tea", "hello") == "tea: hello"


def test_websocket_and_request_of_one_path_are_told_apart(serve: Any) -> None:
    with serve(ChatController, prepare=add_native) as client:
        assert client.get("/chat/tea").json() == "about tea"
        assert say(client, "/chat/tea", "hello") == "tea: hello"
        assert say(client, "/native", "") == "native"
