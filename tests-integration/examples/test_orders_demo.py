# SPDX-License-Identifier: Apache-2.0
"""The demo as its readers run it: `pyfly run` in the folder of the example, spoken to over HTTP."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"
BOOKS = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}


@pytest.fixture
def orders(pyfly_run: Callable[..., Any], free_port: Callable[[], int]) -> tuple[Any, httpx.Client]:
    port = free_port()
    service = pyfly_run("--port", str(port), cwd=EXAMPLE)
    service.wait_for_port(port)
    return service, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)


def test_an_order_is_taken_and_found_on_granian(orders: tuple[Any, httpx.Client]) -> None:
    service, client = orders

    with client:
        placed = client.post("/orders", json=BOOKS)
        found = client.get(f"/orders/{placed.json()['id']}")

    assert placed.status_code == 201
    assert placed.headers["server"] == "granian"
    assert found.status_code == 200
    assert found.json() == placed.json()
    assert service.stop() == 0


def test_a_bad_body_gets_a_problem_document_naming_the_field(orders: tuple[Any, httpx.Client]) -> None:
    _, client = orders

    with client:
        answer = client.post("/orders", json={"customer": "ada", "items": [{"sku": "", "quantity": "two"}]})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["items.0.sku", "items.0.quantity"]


@pytest.fixture
def broken_orders(tmp_path: Path) -> Path:
    copy = tmp_path / "orders"
    shutil.copytree(EXAMPLE, copy)
    repository = copy / "src" / "orders" / "repository.py"
    repository.write_text(repository.read_text().replace("@repository\n", ""))
    return copy


def test_a_wiring_mistake_ends_the_start_with_one_analysis(
    pyfly_run: Callable[..., Any], free_port: Callable[[], int], broken_orders: Path
) -> None:
    service = pyfly_run("--port", str(free_port()), cwd=broken_orders)

    assert service.wait() == 1
    assert service.stderr.count("No bean of type 'OrderRepository' is registered") == 1
    assert "path: OrderController -> OrderService -> OrderRepository ???" in service.stderr
    assert "What to do:" in service.stderr
    assert "Traceback" not in service.output


def test_debug_adds_the_condition_report_to_a_failed_start(
    pyfly_run: Callable[..., Any], free_port: Callable[[], int], broken_orders: Path
) -> None:
    service = pyfly_run("--port", str(free_port()), "--debug", cwd=broken_orders)

    assert service.wait() == 1
    assert "Condition report" in service.stderr
    assert "GranianAutoConfiguration" in service.stderr
