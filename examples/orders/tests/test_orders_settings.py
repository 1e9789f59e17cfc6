# SPDX-License-Identifier: Apache-2.0
"""What an operator can set."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

BOOKS: dict[str, Any] = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}


@pytest.fixture
def setting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    name, value = request.param
    monkeypatch.setenv(name, value)


@pytest.mark.parametrize("setting", [("PYFLY_ORDERS_MAX_LINES", "1")], indirect=True)
def test_the_limit_of_lines_can_be_lowered(setting: None, client: TestClient) -> None:
    answer = client.post("/orders", json={**BOOKS, "items": BOOKS["items"] * 2})

    assert answer.status_code == 400
    assert answer.json()["code"] == "TOO_MANY_LINES"
    assert answer.json()["detail"] == "An order has at most 1 lines, this one has 2"


@pytest.mark.parametrize("setting", [("PYFLY_ORDERS_MAX_ORDERS", "2")], indirect=True)
def test_the_oldest_order_is_forgotten_when_there_are_too_many(setting: None, client: TestClient) -> None:
    ids = [client.post("/orders", json=BOOKS).json()["id"] for _ in range(3)]

    kept = client.get("/orders?sort=oldest").json()

    assert [order["id"] for order in kept["orders"]] == ids[1:]


@pytest.mark.parametrize("setting", [("PYFLY_ORDERS_READ_ONLY", "true")], indirect=True)
def test_a_read_only_service_answers_questions_and_refuses_changes(setting: None, client: TestClient) -> None:
    refused = client.post("/orders", json=BOOKS)

    assert refused.status_code == 503
    assert refused.json()["code"] == "READ_ONLY"
    assert refused.headers["Retry-After"] == "60"
    assert client.get("/orders").status_code == 200


@pytest.mark.parametrize("setting", [("PYFLY_ORDERS_MAX_LISTENERS", "0")], indirect=True)
def test_only_so_many_clients_can_follow_the_orders(setting: None, client: TestClient) -> None:
    assert client.get("/orders/events").json()["code"] == "TOO_MANY_LISTENERS"
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/orders/board"):
        pytest.fail("the handshake was not refused")
