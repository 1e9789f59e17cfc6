# SPDX-License-Identifier: Apache-2.0
"""The ids of a request are the same wherever its work goes on."""

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from starlette.requests import Request

from pyfly.container.stereotypes import component
from pyfly.context.request_context import RequestContext
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.logging.testing import captured_logs
from pyfly.web import OncePerRequestFilter, get_mapping, post_mapping, rest_controller, sse_mapping
from pyfly.web.background import BackgroundWork
from pyfly.web.ports import CallNext

log = logging.getLogger("shop")
IDS = {
    "x-request-id": "r-1",
    "x-correlation-id": "c-1",
    "x-transaction-id": "t-1",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}


def note(place: str) -> None:
    context = RequestContext.current()
    log.info("%s", place, extra={"traceparent": None if context is None else context.traceparent})


@component
class Noting(OncePerRequestFilter):
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        note("filter before")
        response = await call_next(request)
        note("filter after")
        return response


@rest_controller
class Work:
    def __init__(self, background: BackgroundWork) -> None:
        self._background = background

    @get_mapping("/async")
    async def in_a_coroutine(self) -> str:
        note("handler")
        return "done"

    @get_mapping("/thread")
    def in_a_thread(self) -> str:
        note("handler")
        return "done"

    @get_mapping("/stream")
    async def stream(self) -> AsyncIterator[bytes]:
        note("stream")
        yield b"done"

    @sse_mapping("/events")
    async def events(self) -> AsyncIterator[str]:
        note("events")
        yield "done"

    @post_mapping("/later")
    async def later(self) -> None:
        self._background.submit(self.afterwards)
        self._background.submit(note, "background thread")

    async def afterwards(self) -> None:
        note("background")


@pyfly_application(name="shop")
class Shop: ...


@pytest.fixture(autouse=True)
def logging_as_before(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    PyFlyApplication(Shop)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("method", "path", "places"),
    [
        ("GET", "/async", {"handler"}),
        ("GET", "/thread", {"handler"}),
        ("GET", "/stream", {"stream"}),
        ("GET", "/events", {"events"}),
        ("POST", "/later", {"background", "background thread"}),
    ],
)
def test_ids_reach_every_place(serve: Any, method: str, path: str, places: set[str]) -> None:
    with captured_logs() as logs, serve(Noting, Work) as client:
        response = client.request(method, path, headers=IDS)
        assert response.is_success

    lines = {str(it["event"]): it for it in logs if it["logger"] == "shop"}
    assert lines.keys() == {"filter before", "filter after", *places}
    for line in lines.values():
        told = (line["request_id"], line["correlation_id"], line["transaction_id"])
        assert told == ("r-1", "c-1", "t-1"), line
        assert line["traceparent"] == IDS["traceparent"], line

    for name, value in IDS.items():
        assert response.headers[name] == value
