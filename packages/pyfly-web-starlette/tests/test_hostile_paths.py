# SPDX-License-Identifier: Apache-2.0
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from starlette.requests import Request
from starlette.routing import Match, Route

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import ForbiddenException
from pyfly.web import PathVar, get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.testing import AsgiClient


@rest_controller
class FileController:
    @get_mapping("/files/{name}-{part}-{version}-{kind}.json")
    async def find(
        self, name: PathVar[str], part: PathVar[str], version: PathVar[str], kind: PathVar[str]
    ) -> str:
        return "|".join((name, part, version, kind))

    @get_mapping("/admin")
    async def admin(self) -> str:
        return "secret"

    @post_mapping("/items/{number:int}/{key:uuid}")
    async def add(self, number: PathVar[int], key: PathVar[UUID]) -> str:
        return f"{number} {key}"


class AdminFilter(OncePerRequestFilter):
    url_patterns = ["/admin*"]  # noqa: RUF012  # the way that applications write it

    async def do_filter(self, request: Request, call_next: Callable[..., Awaitable[Any]]) -> Any:
        raise ForbiddenException("for administrators only")


@pytest.fixture
async def app() -> AsyncIterator[Any]:
    context = ApplicationContext(Config({}))
    context.register_bean(FileController)
    context.register_bean(AdminFilter)
    await context.start()
    yield create_app(context=context)
    await context.stop()


async def test_path_that_fits_in_many_ways_and_then_does_not_is_refused_at_once(app: Any) -> None:
    client = AsgiClient(app)
    start = time.perf_counter()

    answer = await client.get("/files/" + "-" * 10_000)

    assert answer.status == 404
    assert time.perf_counter() - start < 1


async def test_variables_of_one_segment_take_as_much_as_they_can(app: Any) -> None:
    assert (await AsgiClient(app).get("/files/a-b-c-d-e.json")).json() == "a-b|c|d|e"


@pytest.mark.parametrize("path", ["/admin", "admin", "xadmin", "?admin", "\\admin"])
async def test_no_spelling_of_a_path_gets_around_a_filter(app: Any, path: str) -> None:
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"shop")],
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)

    assert sent[0]["status"] in (403, 404)


@pytest.mark.parametrize(
    ("method", "path", "root_path", "match"),
    [
        ("POST", "/items/7/8e03978e-40d5-43e8-bc93-6894a57f9324", "", Match.FULL),
        ("POST", "/shop/items/7/8e03978e-40d5-43e8-bc93-6894a57f9324", "/shop", Match.FULL),
        ("GET", "/items/7/8e03978e-40d5-43e8-bc93-6894a57f9324", "", Match.PARTIAL),
        ("POST", "/items/x/8e03978e-40d5-43e8-bc93-6894a57f9324", "", Match.NONE),
    ],
)
def test_shown_routes_match_as_those_of_starlette(
    app: Any, method: str, path: str, root_path: str, match: Match
) -> None:
    (shown,) = [route for route in app.routes if isinstance(route, Route) and route.path.startswith("/items")]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root_path,
        "path_params": {"outer": 1},
    }

    found, child = shown.matches(scope)

    assert found is match
    expected = {"outer": 1, "number": 7, "key": UUID("8e03978e-40d5-43e8-bc93-6894a57f9324")}
    assert child.get("path_params") == (None if match is Match.NONE else expected)
