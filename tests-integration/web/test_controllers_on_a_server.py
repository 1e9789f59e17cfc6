# SPDX-License-Identifier: Apache-2.0
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

APPLICATION = """\
import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import BaseModel
from pyfly.container import Scope, service
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import Body, PathVar, Valid, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app


class NewItem(BaseModel):
    name: str
    quantity: int


class Item(NewItem):
    id: int


@rest_controller
@request_mapping("/items")
class ItemController:
    def __init__(self) -> None:
        self.items: list[Item] = []

    @post_mapping(status_code=201)
    async def create(self, new: Valid[NewItem]) -> Item:
        self.items.append(Item(id=len(self.items) + 1, **new.model_dump()))
        return self.items[-1]

    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int]) -> Item:
        return self.items[item_id - 1]

    @post_mapping("/raw")
    async def raw(self, content: Body[bytes]) -> int:
        return len(content)

    @get_mapping("/slow/{seconds}")
    async def slow(self, seconds: PathVar[float]) -> str:
        Path("slow-started").touch()
        await asyncio.sleep(seconds)
        return "done"


@service(scope=Scope.REQUEST)
class PerRequest:
    def __init__(self) -> None:
        self.count = 0


@rest_controller(scope=Scope.REQUEST)
class CountController:
    def __init__(self, state: PerRequest) -> None:
        self.state = state

    @get_mapping("/count")
    def count(self) -> int:
        self.state.count += 1
        return self.state.count


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


app = create_app(title="shop", context=pyfly.context, lifespan=lifespan, max_body_size=1000)
"""


JSON = {"Content_Type": "application/json"}


class Client:
    """A connection that is kept open between requests."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
        self.connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        response = self.connection.getresponse()
        content = response.read()
        return response.status, response.headers, json.loads(content) if content else None


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    (tmp_path / "pyfly.yaml").write_text("pyfly: {app: {module: 'shop.main:app'}}\n")
    return tmp_path


@pytest.fixture
def service(project: Path, pyfly_run: Any, free_port: Any) -> Any:
    port = free_port()
    process = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=project)
    process.wait_for_port(port)
    process.port = port
    return process


@pytest.fixture
def client(service: Any) -> Iterator[Client]:
    client = Client(service.port)
    yield client
    client.connection.close()


def test_what_was_posted_can_be_found(client: Client) -> None:
    created = client.request("POST", "/items", '{"name": "tea", "quantity": 2}', **JSON)
    found = client.request("GET", "/items/1", x_request_id="r-1")

    assert (created[0], created[2]) == (201, {"name": "tea", "quantity": 2, "id": 1})
    assert (found[0], found[2]) == (200, created[2])
    assert found[1]["x-request-id"] == "r-1"


def test_bad_body_is_a_problem_that_names_the_field(client: Client) -> None:
    status, headers, problem = client.request("POST", "/items", '{"name": "tea", "quantity": "many"}', **JSON)

    assert (status, headers["content-type"]) == (422, "application/problem+json")
    assert [error["field"] for error in problem["errors"]] == ["quantity"]


def test_unexpected_error_is_logged_and_told_without_detail(client: Client, service: Any) -> None:
    status, _, problem = client.request("GET", "/items/999")

    assert (status, problem["detail"]) == (500, "Internal server error")
    service.wait_for_output("IndexError")


def test_connection_is_kept_for_every_kind_of_answer(client: Client) -> None:
    requests = [("HEAD", "/count"), ("OPTIONS", "/count"), ("GET", "/nothing"), ("DELETE", "/count")]

    statuses = [client.request(method, path)[0] for method, path in requests * 2]

    assert statuses == [200, 200, 404, 405] * 2


def test_request_scoped_beans_are_new_for_each_request(client: Client) -> None:
    assert [client.request("GET", "/count")[2] for _ in range(3)] == [1, 1, 1]


def test_long_body_is_refused(client: Client) -> None:
    status, _, problem = client.request("POST", "/items/raw", b"x" * 1001)

    assert (status, problem["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_request_in_flight_is_answered_before_the_end(
    client: Client, service: Any, project: Path, until: Any
) -> None:
    client.connection.request("GET", "/items/slow/1")
    until((project / "slow-started").exists, what="the request to be in its handler")

    exit_code = service.stop()

    response = client.connection.getresponse()
    assert (response.status, response.read()) == (200, b'"done"')
    assert exit_code == 0
