# SPDX-License-Identifier: Apache-2.0
"""All that a running service writes, as machines read it: one JSON object per line, whoever logged it."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"
BOOKS = {"customer": "ada", "items": [{"sku": "book", "quantity": 2}]}
SETTINGS = {
    "PYFLY_BANNER_MODE": "OFF",
    "PYFLY_LOGGING_FORMAT": "json",
    "PYFLY_SERVER_OBSERVABILITY_ACCESS_LOG": "true",
}


SERVICE = """
import logging
from contextlib import asynccontextmanager

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.logging import get_logger
from pyfly.web import get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app

log = get_logger("shop")


@rest_controller
class Broken:
    @get_mapping("/broken")
    async def broken(self) -> str:
        log.info("handling")
        logging.getLogger("sql").info("from %s", "sql")
        raise ValueError("broken on purpose")


@pyfly_application(name="shop", scan_packages=["main"])
class Shop: ...


pyfly = PyFlyApplication(Shop)


@asynccontextmanager
async def lifespan(_):
    await pyfly.startup()
    yield
    await pyfly.shutdown()


app = create_app(context=pyfly.context, lifespan=lifespan)
"""


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_is_an_object(pyfly_run: Callable[..., Any], free_port: Callable[[], int]) -> None:
    port = free_port()
    service = pyfly_run("--port", str(port), cwd=EXAMPLE, env=SETTINGS)
    service.wait_for_port(port)
    service.wait_for_output("server_started")

    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        client.post("/orders", json=BOOKS, headers={"x-request-id": "r-42"})
        client.get("/nowhere")

    service.wait_for_output("GET /nowhere")
    assert service.stop() == 0
    assert service.stderr == ""
    written = lines(service.stdout)
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in written)
    by_logger = {line["logger"] for line in written}
    assert {"pyfly.core", "pyfly.server", "granian.access"} <= by_logger
    assert written[-1]["event"] in {"application_stopped", "Shutting down granian"}


def test_request_id_is_in_the_lines_of_the_request(
    pyfly_run: Callable[..., Any], free_port: Callable[[], int], tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text(SERVICE)
    port = free_port()
    service = pyfly_run("--app", "main:app", "--port", str(port), cwd=tmp_path, env=SETTINGS)
    service.wait_for_port(port)

    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        client.get("/broken", headers={"x-request-id": "r-42"})

    service.wait_for_output("broken on purpose")
    assert service.stop() == 0
    of_request = [line for line in lines(service.stdout) if line.get("request_id") == "r-42"]
    assert [line["event"] for line in of_request] == [
        "handling",
        "from sql",
        "GET /broken failed with 500",
        "http_request",
    ]
    assert "ValueError: broken on purpose" in of_request[2]["exception"]


def test_what_the_supervisor_says_is_an_object_too(
    pyfly_run: Callable[..., Any], free_port: Callable[[], int], until: Callable[..., None]
) -> None:
    port = free_port()
    # One worker that is replaced in time is a process of its own.
    recycled = ("-D", "server.max-requests-per-worker=1000000")
    service = pyfly_run("--port", str(port), *recycled, cwd=EXAMPLE, env=SETTINGS)
    service.wait_for_output("server_started")
    worker = next(line["pid"] for line in lines(service.stdout) if line["event"] == "starting_application")

    os.kill(worker, signal.SIGKILL)

    service.wait_for_output("worker_died")
    until(lambda: service.stdout.count('"starting_application"') == 2, what="another worker")
    service.stop()
    died = [line for line in lines(service.stdout) if line["event"] == "worker_died"]
    assert (died[0]["logger"], died[0]["exit_code"]) == ("pyfly.server", -signal.SIGKILL)
    assert service.stderr == ""
