# SPDX-License-Identifier: Apache-2.0
import http.client
import json
from pathlib import Path
from typing import Any

import pytest

SERVICE = """\
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from pyfly.container import service
from pyfly.context.lifecycle import post_construct, pre_destroy
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import PathVar, create_app, get_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.mounting import mount


@service
class Store:
    @post_construct
    async def open(self) -> None:
        print("store opened", flush=True)

    @pre_destroy
    async def close(self) -> None:
        print("store closed", flush=True)


@rest_controller
@request_mapping("/items")
class ItemController:
    def __init__(self, store: Store) -> None:
        self.store = store

    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int]) -> int:
        return item_id


@pyfly_application(name="shop", scan_packages=["shop.main"])
class Application:
    pass


pyfly = PyFlyApplication(Application)


@asynccontextmanager
async def lifespan(app):
    await pyfly.startup()
    try:
        yield {"inner": "inner"}
    finally:
        await pyfly.shutdown()


def user(request: Request) -> str:
    return request.headers.get("x-user", "nobody")


app = create_app(title="shop", context=pyfly.context, lifespan=lifespan)
"""

NATIVE = """

@app.get("/native")
async def native(name: Annotated[str, Depends(user)]) -> str:
    return f"{type(app).__mro__[1].__name__} for {name}"
"""

MOUNTED = """

inner = app


@asynccontextmanager
async def outer_lifespan(app):
    print("outer started", flush=True)
    try:
        yield {"outer": "outer"}
    finally:
        print("outer stopped", flush=True)


app = FastAPI(lifespan=outer_lifespan)


@app.get("/outer")
async def outer(request: Request) -> list[str | None]:
    return [getattr(request.state, name, None) for name in ("outer", "inner")]


mount(app, "/api", inner)
"""


class Service:
    def __init__(self, process: Any, port: int) -> None:
        self.process = process
        self.port = port

    def get(self, path: str, **headers: str) -> tuple[int, Any, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()

        return response.status, response.headers, json.loads(content) if content else None


@pytest.fixture
def start(tmp_path: Path, pyfly_run: Any, free_port: Any) -> Any:
    """Start the service with more source text and settings of the web layer."""

    def starting(more: str, web: str = "") -> Service:
        package = tmp_path / "src" / "shop"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "main.py").write_text(SERVICE + more)
        (tmp_path / "pyfly.yaml").write_text(f"pyfly: {{app: {{module: 'shop.main:app'}}, web: {{{web}}}}}\n")
        port = free_port()
        process = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=tmp_path)
        process.wait_for_port(port)
        return Service(process, port)

    return starting


def test_controllers_and_functions_are_served_side_by_side(start: Any) -> None:
    service = start(NATIVE)

    assert service.get("/items/7")[::2] == (200, 7)
    assert service.get("/native", x_user="ada")[::2] == (200, "FastAPI for ada")
    assert service.get("/native")[1]["x-frame-options"] == "DENY"
    assert set(service.get("/openapi.json")[2]["paths"]) == {"/items/{item_id}", "/native"}


def test_setting_chooses_the_other_adapter(start: Any) -> None:
    service = start('\nprint("adapter", type(app).__mro__[1:3])\n', web="adapter: starlette")

    assert service.get("/items/7")[::2] == (200, 7)
    service.process.wait_for_output("Starlette")
    assert "FastAPI" not in service.process.stdout


def test_mounted_application_lives_within_the_outer_one(start: Any) -> None:
    service = start(MOUNTED)

    assert service.get("/api/items/7")[::2] == (200, 7)
    assert service.get("/outer")[::2] == (200, ["outer", None])
    assert service.get("/api/nothing")[2]["code"] == "NOT_FOUND"
    assert service.get("/api/items/7/")[1]["location"].endswith(f":{service.port}/api/items/7")
    assert service.process.stop() == 0
    written = [line for line in service.process.stdout.splitlines() if line.startswith(("outer", "store"))]
    assert written == ["outer started", "store opened", "store closed", "outer stopped"]
