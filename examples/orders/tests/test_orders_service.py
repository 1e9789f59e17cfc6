# SPDX-License-Identifier: Apache-2.0
"""The orders service over HTTP, in process."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from orders.app import Application
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pyfly.core import PyFlyApplication
from pyfly.web.adapters.starlette.app import create_app

CONFIGURATION = Path(__file__).parents[1] / "pyfly.yaml"
BOOKS: dict[str, Any] = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}


@pytest.fixture
def client() -> Iterator[TestClient]:
    application = PyFlyApplication(Application, config_path=CONFIGURATION)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await application.startup()
        try:
            yield
        finally:
            await application.shutdown()

    with TestClient(create_app(context=application.context, lifespan=lifespan)) as client:
        yield client


def test_an_order_is_taken_and_found_again(client: TestClient) -> None:
    placed = client.post("/orders", json=BOOKS)

    found = client.get(f"/orders/{placed.json()['id']}")

    assert placed.status_code == 201
    assert found.status_code == 200
    assert found.json() == placed.json()
    assert found.json()["items"] == BOOKS["items"]


def test_a_wrong_body_gets_a_problem_document_naming_the_field(client: TestClient) -> None:
    answer = client.post("/orders", json={"customer": "ada", "items": [{"sku": "book", "quantity": 0}]})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["items.0.quantity"]


def test_an_unknown_order_is_not_found(client: TestClient) -> None:
    answer = client.get("/orders/nowhere")

    assert answer.status_code == 404
    assert answer.json()["code"] == "ORDER_NOT_FOUND"


def test_an_order_with_too_many_lines_is_refused(client: TestClient) -> None:
    answer = client.post("/orders", json={"customer": "ada", "items": BOOKS["items"] * 21})

    assert answer.status_code == 400
    assert answer.json()["code"] == "TOO_MANY_LINES"


def test_the_listener_counts_what_is_ordered(client: TestClient) -> None:
    client.post("/orders", json=BOOKS)
    client.post("/orders", json=BOOKS)

    answer = client.get("/orders/statistics")

    assert answer.json() == {"orders": 2, "quantities": {"book": 4}}


def test_an_operator_can_lower_the_limit(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("PYFLY_ORDERS_MAX_LINES", "1")
    client: TestClient = request.getfixturevalue("client")

    answer = client.post("/orders", json={"customer": "ada", "items": BOOKS["items"] * 2})

    assert answer.json()["detail"] == "An order has at most 1 lines, this one has 2"
