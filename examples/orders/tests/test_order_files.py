# SPDX-License-Identifier: Apache-2.0
"""Documents that go in and out, and exports."""

import json
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

BOOKS: dict[str, Any] = {"customer": "=ada", "items": [{"sku": "book", "quantity": 2}]}
INVOICE = {"document": ("../in voice.pdf", b"%PDF-1.7 ...", "application/pdf")}


@pytest.fixture
def order_id(client: TestClient) -> str:
    return str(client.post("/orders", json=BOOKS).json()["id"])


def test_a_document_is_attached_and_downloaded_again(client: TestClient, order_id: str) -> None:
    attached = client.put(f"/orders/{order_id}/document", files=INVOICE)
    loaded = client.get(f"/orders/{order_id}/document")

    assert attached.json() == {"filename": "in voice.pdf", "size": 12}
    assert loaded.content == b"%PDF-1.7 ..."
    assert loaded.headers["content-disposition"] == 'attachment; filename="in voice.pdf"'
    assert loaded.headers["content-type"] == "application/octet-stream"


def test_a_part_of_a_document_can_be_asked_for(client: TestClient, order_id: str) -> None:
    client.put(f"/orders/{order_id}/document", files=INVOICE)

    part = client.get(f"/orders/{order_id}/document", headers={"Range": "bytes=1-3"})

    assert (part.status_code, part.content) == (206, b"PDF")


def test_a_document_goes_with_its_order(client: TestClient, order_id: str) -> None:
    client.put(f"/orders/{order_id}/document", files=INVOICE)
    client.delete(f"/orders/{order_id}")

    assert client.get(f"/orders/{order_id}/document").json()["code"] == "DOCUMENT_NOT_FOUND"


def test_a_document_needs_its_order(client: TestClient) -> None:
    assert client.put(f"/orders/{uuid4()}/document", files=INVOICE).json()["code"] == "ORDER_NOT_FOUND"


def test_a_document_that_is_too_large_is_refused(client: TestClient, order_id: str) -> None:
    large = {"document": ("large.bin", b"x" * 1_100_000)}

    assert client.put(f"/orders/{order_id}/document", files=large).status_code == 413


def test_a_form_without_the_file_is_refused(client: TestClient, order_id: str) -> None:
    answer = client.put(f"/orders/{order_id}/document", files={"invoice": b"x"})

    assert (answer.status_code, answer.json()["code"]) == (400, "MISSING_PARAMETER")


def test_orders_are_exported_as_a_table_without_formulas(client: TestClient, order_id: str) -> None:
    answer = client.get("/exports/orders.csv")

    head, line = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert head == "id,placed_at,customer,status"
    assert line.startswith(f"{order_id},")
    assert line.endswith(",'=ada,placed")


def test_orders_are_exported_as_lines_of_json(client: TestClient, order_id: str) -> None:
    answer = client.get("/exports/orders.ndjson")

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["id"] for line in answer.text.splitlines()] == [order_id]
