# SPDX-License-Identifier: Apache-2.0
"""Searching for orders: lists, enums, dates and pages in the query."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient


def customers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [order["customer"] for order in answer.json()["orders"]]


@pytest.fixture
def shop(client: TestClient) -> TestClient:
    for customer, status in [("bob", "placed"), ("ada", "shipped"), ("cyd", "delivered")]:
        new = {"customer": customer, "items": [{"sku": "book", "quantity": 1}]}
        order_id = client.post("/orders", json=new).json()["id"]
        client.patch(f"/orders/{order_id}", json={"status": status})

    return client


def test_the_newest_come_first_unless_asked_otherwise(shop: TestClient) -> None:
    assert customers(shop.get("/orders")) == ["cyd", "ada", "bob"]
    assert customers(shop.get("/orders?sort=oldest")) == ["bob", "ada", "cyd"]
    assert customers(shop.get("/orders?sort=customer")) == ["ada", "bob", "cyd"]


def test_several_states_can_be_asked_for(shop: TestClient) -> None:
    assert customers(shop.get("/orders?status=shipped&status=placed")) == ["ada", "bob"]


def test_a_customer_and_days_can_be_asked_for(shop: TestClient) -> None:
    today = datetime.now(UTC).date()

    assert customers(shop.get("/orders", params={"customer": "ada"})) == ["ada"]
    assert len(customers(shop.get("/orders", params={"placed_from": str(today - timedelta(days=1))}))) == 3
    assert customers(shop.get("/orders", params={"placed_from": str(today + timedelta(days=1))})) == []
    assert customers(shop.get("/orders", params={"placed_until": str(today - timedelta(days=1))})) == []


def test_the_cookie_of_the_browser_sets_the_size_of_a_page(shop: TestClient) -> None:
    shop.cookies.set("page_size", "2")

    second = shop.get("/orders?sort=oldest&page=2")

    assert customers(second) == ["cyd"]
    assert {key: second.json()[key] for key in ("total", "page", "size")} == {
        "total": 3,
        "page": 2,
        "size": 2,
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=lost", "query.status.0"),
        ("sort=best", "query.sort"),
        ("page=0", "query.page"),
        ("placed_from=yesterday", "query.placed_from"),
        ("colour=red", "query.colour"),
    ],
)
def test_a_wrong_query_gets_a_problem_document_naming_the_key(
    client: TestClient, query: str, field: str
) -> None:
    answer = client.get(f"/orders?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
