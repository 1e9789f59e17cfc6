# SPDX-License-Identifier: Apache-2.0
import asyncio
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

APPLICATION = '''\
import asyncio
import json
import sqlite3
from contextlib import asynccontextmanager
from pathlib import Path
from time import time

from pyfly.container import component
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import Body, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app


@component
class FileCache:
    """A cache that all processes of the service share."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect("cache.db", timeout=10, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        columns = "key TEXT PRIMARY KEY, value TEXT, ends REAL"
        self.connection.execute(f"CREATE TABLE IF NOT EXISTS entry ({columns})")

    async def get(self, key):
        valid = "SELECT value FROM entry WHERE key = ? AND ends > ?"
        row = self.connection.execute(valid, (key, time())).fetchone()
        return None if row is None else json.loads(row[0])

    async def put(self, key, value, ttl):
        row = (key, json.dumps(value), time() + ttl.total_seconds())
        self.connection.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", row)

    async def put_if_absent(self, key, value, ttl):
        self.connection.execute("DELETE FROM entry WHERE key = ? AND ends <= ?", (key, time()))
        row = (key, json.dumps(value), time() + ttl.total_seconds())
        return self.connection.execute("INSERT OR IGNORE INTO entry VALUES (?, ?, ?)", row).rowcount == 1

    async def evict(self, key):
        self.connection.execute("DELETE FROM entry WHERE key = ?", (key,))


@rest_controller
class PaymentController:
    @post_mapping("/payments", status_code=201)
    async def pay(self, amount: Body[int]) -> dict[str, int]:
        await asyncio.sleep(0.05)
        with Path("payments").open("a") as payments:
            payments.write(f"{amount}\\n")

        return {"paid": amount}


@pyfly_application(name="shop", scan_packages=["shop.main"])
class Application:
    pass


pyfly = PyFlyApplication(Application)


@asynccontextmanager
async def lifespan(app):
    await pyfly.startup()
    try:
        yield
    finally:
        await pyfly.shutdown()


app = create_app(title="shop", context=pyfly.context, lifespan=lifespan)
'''

SETTINGS = (
    "pyfly: {app: {module: 'shop.main:app'}, server: {workers: %d}, web: {idempotency: {enabled: true}}}\n"
)


@pytest.fixture(params=["granian with 2 workers", "uvicorn"])
def port(request: pytest.FixtureRequest, tmp_path: Path, pyfly_run: Any, launch: Any, free_port: Any) -> int:
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    number = int(free_port())
    arguments = ("--host", "127.0.0.1", "--port", str(number))
    if request.param == "uvicorn":
        (tmp_path / "pyfly.yaml").write_text(SETTINGS % 1)
        command = (sys.executable, "-m", "uvicorn", "--app-dir", "src", *arguments, "shop.main:app")
        process = launch(*command, cwd=tmp_path)
    else:
        (tmp_path / "pyfly.yaml").write_text(SETTINGS % 2)
        process = pyfly_run(*arguments, cwd=tmp_path)

    process.wait_for_port(number)
    return number


async def test_hundred_repetitions_at_once_pay_once(port: int, tmp_path: Path) -> None:
    async def pay(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/payments", json=7, headers={"Idempotency-Key": "p-1"})

    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30) as client:
        answers = await asyncio.gather(*(pay(client) for _ in range(100)))
        last = await pay(client)

    statuses = Counter(answer.status_code for answer in answers)
    assert (tmp_path / "payments").read_text() == "7\n"
    assert statuses.keys() <= {201, 409}
    assert statuses[201] >= 1
    assert {answer.headers["retry-after"] for answer in answers if answer.status_code == 409} <= {"1"}
    assert (last.status_code, last.json(), last.headers["idempotency-replayed"]) == (201, {"paid": 7}, "true")


async def test_client_that_hangs_up_finds_its_answer(port: int, tmp_path: Path, until: Any) -> None:
    request = (
        b"POST /payments HTTP/1.1\r\nhost: shop\r\nidempotency-key: p-2\r\n"
        b"content-type: application/json\r\ncontent-length: 1\r\n\r\n9"
    )
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    await asyncio.to_thread(until, (tmp_path / "payments").exists, what="the payment")
    writer.close()
    await writer.wait_closed()

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        async with asyncio.timeout(10):
            answer = await client.post("/payments", json=9, headers={"Idempotency-Key": "p-2"})
            while answer.status_code == 409:
                answer = await client.post("/payments", json=9, headers={"Idempotency-Key": "p-2"})

    assert (answer.status_code, answer.headers["idempotency-replayed"]) == (201, "true")
    assert (tmp_path / "payments").read_text() == "9\n"
