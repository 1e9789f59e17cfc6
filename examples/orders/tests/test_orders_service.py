# SPDX-License-Identifier: Apache-2.0
"""Orders as a resource."""

import time
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

BOOKS: dict[str, Any] = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}
HOME = {"street": "12 St James's Square", "city": "London", "country": "GB"}
DEADLINE = 5.0


def place(client: TestClient, **changes: Any) -> str:
    answer = client.post("/orders", json={**BOOKS, **changes})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_an_order_is_taken_and_found_again(client: TestClient) -> None:
    placed = client.post("/orders", json=BOOKS, headers={"X-Client": "shop-3"}).json()

    found = client.get(f"/orders/{placed['id']}").json()

    assert found["items"] == [{"sku": "book", "quantity": 2, "unit_price": None}]
    assert (found["status"], found["channel"], found["currency"]) == ("placed", "shop-3", "EUR")
    assert {**found, "confirmed": False} == placed


def test_a_wrong_body_gets_a_problem_document_naming_the_fields(client: TestClient) -> None:
    line = {"sku": "book", "quantity": "2", "unit_price": "-1"}

    answer = client.post("/orders", json={**BOOKS, "items": [line], "currency": "euro", "gift": True})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [
        "items.0.quantity",
        "items.0.unit_price",
        "currency",
        "gift",
    ]


def test_an_unknown_order_is_not_found(client: TestClient) -> None:
    answer = client.get(f"/orders/{uuid4()}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "ORDER_NOT_FOUND"


def test_an_order_with_too_many_lines_is_refused(client: TestClient) -> None:
    answer = client.post("/orders", json={"customer": "ada", "items": BOOKS["items"] * 21})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["items"]


def test_the_same_key_places_one_order(client: TestClient) -> None:
    first = client.post("/orders", json=BOOKS, headers={"Idempotency-Key": "cart-7"})
    again = client.post("/orders", json=BOOKS, headers={"Idempotency-Key": "cart-7"})

    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert client.get("/orders").json()["total"] == 1


def test_an_order_is_replaced(client: TestClient) -> None:
    order_id = place(client)

    answer = client.put(f"/orders/{order_id}", json={**BOOKS, "customer": "grace", "deliver_to": HOME})

    assert answer.status_code == 200
    assert answer.json()["customer"] == "grace"
    assert answer.json()["deliver_to"] == {**HOME, "phone": None}


def test_a_part_of_an_order_is_changed(client: TestClient) -> None:
    order_id = place(client, deliver_to=HOME)

    answer = client.patch(f"/orders/{order_id}", json={"status": "shipped", "deliver_on": "2030-01-31"})

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["deliver_on"]) == ("shipped", "2030-01-31")
    assert answer.json()["deliver_to"]["city"] == "London"


def test_a_closed_order_does_not_change(client: TestClient) -> None:
    order_id = place(client)
    client.patch(f"/orders/{order_id}", json={"status": "cancelled"})

    answer = client.patch(f"/orders/{order_id}", json={"status": "shipped"})

    assert answer.status_code == 409
    assert answer.json() == {
        "message": f"Order {order_id} is cancelled and cannot be changed",
        "order_id": order_id,
        "status": "cancelled",
    }


def test_a_removed_order_is_gone(client: TestClient) -> None:
    order_id = place(client)

    assert client.delete(f"/orders/{order_id}").status_code == 204
    assert client.get(f"/orders/{order_id}").status_code == 404
    assert client.delete(f"/orders/{order_id}").status_code == 404


def test_the_listener_counts_what_is_ordered(client: TestClient) -> None:
    place(client)
    place(client)

    assert client.get("/orders/statistics").json() == {"orders": 2, "quantities": {"book": 4}}


def test_the_customer_is_told_after_the_answer(client: TestClient) -> None:
    order_id = place(client)
    end = time.monotonic() + DEADLINE

    while not client.get(f"/orders/{order_id}").json()["confirmed"]:
        assert time.monotonic() < end, "the order was not confirmed in time"


def test_each_change_is_in_the_audit_log_with_its_request(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "orders.audit"):
        answer = client.post("/orders", json=BOOKS, headers={"X-Request-Id": "r-1"})
        client.get("/orders")

    lines = [record.getMessage() for record in caplog.records if record.name == "orders.audit"]
    assert lines == [f"request r-1: placed {answer.json()['id']}"]
