# SPDX-License-Identifier: Apache-2.0
import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

APPLICATION = """\
from contextlib import asynccontextmanager

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import QueryParam, get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from starlette.responses import PlainTextResponse


@rest_controller
class EchoController:
    @get_mapping("/echo")
    async def echo(self, text: QueryParam[str] = "") -> PlainTextResponse:
        return PlainTextResponse("ok", headers={"x-echo": text})


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
"""

SETTINGS = (
    "pyfly: {app: {module: 'shop.main:app'}, web: {limits: {allowed-hosts: [shop, '*.shop.example']}}}\n"
)


@pytest.fixture(params=["granian", "h11", "httptools"])
def ask(request: pytest.FixtureRequest, tmp_path: Path, pyfly_run: Any, launch: Any, free_port: Any) -> Any:
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    (tmp_path / "pyfly.yaml").write_text(SETTINGS)
    number = int(free_port())
    arguments = ("--host", "127.0.0.1", "--port", str(number))
    if request.param == "granian":
        process = pyfly_run(*arguments, cwd=tmp_path)
    else:
        command = (sys.executable, "-m", "uvicorn", "--app-dir", "src", "--http", request.param)
        process = launch(*command, *arguments, "shop.main:app", cwd=tmp_path)

    process.wait_for_port(number)

    def send(target: str, *headers: str) -> tuple[int, bytes]:
        lines = [f"GET {target} HTTP/1.1", *headers, "Connection: close"]
        with socket.create_connection(("127.0.0.1", number), timeout=10) as connection:
            connection.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1"))
            answer = b"".join(iter(lambda: connection.recv(65536), b""))

        return int(answer.split()[1]), answer

    return send


def test_hosts_and_headers_and_targets_are_checked(ask: Any) -> None:
    statuses = {
        "named": ask("/echo", "Host: shop:8000")[0],
        "below": ask("/echo", "Host: a.shop.example")[0],
        "other": ask("/echo", "Host: evil.example")[0],
        "malformed": ask("/echo", "Host: user@shop")[0],
        "several": ask("/echo", "Host: shop", "Host: evil.example")[0],
        "missing": ask("/echo")[0],
        "many headers": ask("/echo", "Host: shop", *(f"X-{number}: v" for number in range(150)))[0],
        "large headers": ask("/echo", "Host: shop", "X-A: " + "v" * 70_000)[0],
        "long URL": ask("/echo?text=" + "v" * 20_000, "Host: shop")[0],
    }

    assert statuses == {
        "named": 200,
        "below": 200,
        "other": 400,
        "malformed": 400,
        "several": 400,
        "missing": 400,
        "many headers": 431,
        "large headers": 431,
        "long URL": 414,
    }


def test_target_without_a_slash_reaches_nothing(ask: Any) -> None:
    assert ask("xecho", "Host: shop")[0] in (400, 404)


def test_line_break_in_a_header_of_an_answer_gives_a_problem_document(ask: Any) -> None:
    status, answer = ask("/echo?text=a%0D%0Ax-evil:1", "Host: shop")
    head, _, body = answer.partition(b"\r\n\r\n")

    assert status == 500
    assert b"x-evil" not in answer.lower()
    assert b"x-request-id" in head.lower()
    assert json.loads(body)["code"] == "INVALID_RESPONSE_HEADER"
