# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import PathVar, get_mapping, request_mapping, rest_controller
from pyfly.web.sse import sse_mapping
from pyfly.web.sse.adapters.starlette import SSERegistrar, make_sse_response


@rest_controller
@request_mapping("/api")
class Streams:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1

    @sse_mapping("/ticks/{count:int}")
    async def ticks(self, count: PathVar[int]) -> AsyncIterator[object]:
        if not count:
            raise ResourceNotFoundException("no ticks")

        for number in range(count):
            yield number

    @get_mapping("/ordinary")
    async def ordinary(self) -> str:
        return "ordinary"


@pytest.fixture
def client(new_context: Callable[..., ApplicationContext]) -> TestClient:
    return TestClient(Starlette(routes=SSERegistrar().collect_routes(new_context(Streams))))


def test_event_streams_are_get_routes(new_context: Callable[..., ApplicationContext]) -> None:
    before = Streams.made

    routes = SSERegistrar().collect_routes(new_context(Streams), "/v1")

    assert [(type(it), it.path, it.methods, it.name) for it in routes] == [
        (Route, "/v1/api/ticks/{count:int}", {"GET", "HEAD"}, "Streams.ticks")
    ]
    assert Streams.made == before


def test_routes_serve_by_themselves(client: TestClient) -> None:
    answer = client.get("/api/ticks/2")

    assert (answer.status_code, answer.text) == (200, "data: 0\n\ndata: 1\n\n")


def test_errors_are_answered_by_themselves(client: TestClient) -> None:
    assert client.get("/api/ticks/0").status_code == 404


async def numbers() -> AsyncIterator[Any]:
    yield "data: as it is\n\n"
    yield {"number": 1}


async def broken() -> AsyncIterator[Any]:
    raise LookupError("broken")
    yield "never"


def test_response_can_be_made_of_any_generator() -> None:
    async def endpoint(request: Any) -> Any:
        return make_sse_response(numbers())

    answer = TestClient(Starlette(routes=[Route("/numbers", endpoint)])).get("/numbers")

    assert answer.text == 'data: as it is\n\ndata: {"number": 1}\n\n'
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_failure_before_the_first_event_is_raised() -> None:
    async def endpoint(request: Any) -> Any:
        return make_sse_response(broken())

    client = TestClient(Starlette(routes=[Route("/broken", endpoint)]), raise_server_exceptions=False)

    assert client.get("/broken").status_code == 500


def test_something_else_is_no_stream() -> None:
    with pytest.raises(TypeError, match=r"^The event stream is list: it has to be"):
        make_sse_response([1])  # type: ignore[arg-type]
