# SPDX-License-Identifier: Apache-2.0
"""Orders over a WebSocket. The stream of events is tested on a real server, where a stream can stay open."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

BOOKS: dict[str, Any] = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}


def test_every_board_sees_every_change(client: TestClient) -> None:
    with client.websocket_connect("/orders/board") as one, client.websocket_connect("/orders/board") as two:
        order_id = client.post("/orders", json=BOOKS).json()["id"]

        assert one.receive_json()["id"] == two.receive_json()["id"] == order_id

        client.patch(f"/orders/{order_id}", json={"status": "shipped"})

        assert one.receive_json()["status"] == two.receive_json()["status"] == "shipped"


def test_a_board_gets_answers(client: TestClient) -> None:
    order_id = client.post("/orders", json=BOOKS).json()["id"]

    with client.websocket_connect("/orders/board") as board:
        board.send_text(order_id)
        assert board.receive_json()["customer"] == "ada"

        board.send_text("book")
        assert board.receive_json() == {"unknown": "book"}


def test_a_page_of_another_site_gets_no_board(client: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/orders/board", headers={"Origin": "https://evil.example"}),
    ):
        pytest.fail("the handshake was not refused")
