# SPDX-License-Identifier: Apache-2.0
"""A project with a small ASGI application that `pyfly run` can serve."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

MAIN = """
import asyncio
import json
import os
import time
from pathlib import Path

FAILURE = os.environ.get("SHOP_FAILURE", "")
if FAILURE == "import":
    raise ImportError("the shop is closed")


async def lifespan(receive, send):
    await receive()
    if FAILURE == "slow-start":
        Path("starting").touch()
        await asyncio.sleep(30)
    if FAILURE == "exception":
        try:
            raise ConnectionError("the till does not answer")
        except ConnectionError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
    if FAILURE == "message":
        await send({"type": "lifespan.startup.failed", "message": "the till is empty"})
        return
    with open("starts", "a") as starts:
        starts.write(f"{os.getpid()}\\n")
    await send({"type": "lifespan.startup.complete"})
    await receive()
    Path(f"stopped-{os.getpid()}").touch()
    await send({"type": "lifespan.shutdown.complete"})


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    if scope["path"] == "/slow":
        Path("slow-request").touch()
        await asyncio.sleep(1)
    if scope["path"] == "/die":
        os._exit(9)
    if scope["path"] == "/block":
        time.sleep(0.2)
    loop = type(asyncio.get_running_loop()).__module__.partition(".")[0]
    facts = {
        "http": scope["http_version"],
        "loop": loop,
        "pid": os.getpid(),
        "scheme": scope["scheme"],
        "environment": dict(os.environ),
    }
    body = json.dumps(facts).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""


@pytest.fixture
def project(tmp_path: Path, free_port: Callable[[], int]) -> Callable[..., tuple[Path, int]]:
    """Write a project: ``project(workers=2)`` sets ``pyfly.server.workers`` and returns folder and port."""

    def write(**server: object) -> tuple[Path, int]:
        port = free_port()
        package = tmp_path / "src" / "shop"
        package.mkdir(parents=True)
        (package / "main.py").write_text(MAIN)
        settings = {"host": "127.0.0.1", "port": port, **server}
        document = {
            "pyfly": {"app": {"module": "shop.main:app"}, "banner": {"mode": "OFF"}, "server": settings}
        }
        # JSON is YAML.
        (tmp_path / "pyfly.yaml").write_text(json.dumps(document))
        return tmp_path, port

    return write
