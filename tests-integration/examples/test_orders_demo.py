# SPDX-License-Identifier: Apache-2.0
"""The demo as its readers run it: `pyfly run` in the folder of the example, spoken to over HTTP."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"
BOOKS = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}


@pytest.fixture(params=["starlette", "fastapi"])
def orders(
    request: pytest.FixtureRequest, pyfly_run: Callable[..., Any], free_port: Callable[[], int]
) -> tuple[Any, httpx.Client]:
    port = free_port()
    service = pyfly_run("--port", str(port), cwd=EXAMPLE, env={"PYFLY_WEB_ADAPTER": request.param})
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
    assert {**found.json(), "confirmed": False} == placed.json()
    assert service.stop() == 0


def test_a_bad_body_gets_a_problem_document_naming_the_field(orders: tuple[Any, httpx.Client]) -> None:
    _, client = orders

    with client:
        answer = client.post("/orders", json={"customer": "ada", "items": [{"sku": "", "quantity": "two"}]})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["items.0.sku", "items.0.quantity"]


def test_changes_are_streamed_while_they_happen(orders: tuple[Any, httpx.Client]) -> None:
    service, client = orders

    with client, client.stream("GET", "/orders/events?status=shipped") as events:
        order_id = client.post("/orders", json=BOOKS).json()["id"]
        client.patch(f"/orders/{order_id}", json={"status": "shipped"})
        lines = events.iter_lines()
        name = next(line for line in lines if line.startswith("event:"))
        data = next(lines)

        assert events.headers["content-type"].startswith("text/event-stream")
        assert name == "event: shipped"
        assert json.loads(data.removeprefix("data: "))["id"] == order_id

    assert service.stop() == 0


def test_an_open_stream_does_not_hold_up_the_stop(orders: tuple[Any, httpx.Client]) -> None:
    service, client = orders

    with client, client.stream("GET", "/orders/events") as events:
        assert events.status_code == 200
        assert service.stop(deadline=10) == 0


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
    assert "-> OrderService -> OrderRepository ???" in service.stderr
    assert "What to do:" in service.stderr
    assert "Traceback" not in service.output


def test_debug_adds_the_condition_report_to_a_failed_start(
    pyfly_run: Callable[..., Any], free_port: Callable[[], int], broken_orders: Path
) -> None:
    service = pyfly_run("--port", str(free_port()), "--debug", cwd=broken_orders)

    assert service.wait() == 1
    assert "Condition report" in service.stderr
    assert "GranianAutoConfiguration" in service.stderr
