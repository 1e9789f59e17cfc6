# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse, StreamingResponse

from pyfly.web import get_mapping, post_mapping, rest_controller


class Item(BaseModel):
    name: str


@dataclass
class Point:
    x: int


DONE: list[str] = []
SHARED = PlainTextResponse("shared")


@rest_controller
class Answers:
    @get_mapping("/model")
    async def model(self) -> Item:
        return Item(name="tea")

    @get_mapping("/models")
    async def models(self) -> list[Item]:
        return [Item(name="tea")]

    @get_mapping("/dataclass")
    async def data(self) -> Point:
        return Point(1)

    @get_mapping("/text")
    async def text(self) -> str:
        return "text"

    @get_mapping("/pair")
    async def pair(self) -> tuple[int, str]:
        return 404, "an ordinary value"

    @get_mapping("/none")
    async def none(self) -> None: ...

    @post_mapping("/none", status_code=201)
    async def none_created(self) -> None: ...

    @get_mapping("/no-content", status_code=204)
    async def no_content(self) -> str:
        return "lost"

    @get_mapping("/response")
    async def response(self) -> PlainTextResponse:
        return PlainTextResponse("as it is", status_code=418, background=BackgroundTask(DONE.append, "done"))

    @get_mapping("/shared")
    async def shared(self) -> PlainTextResponse:
        return SHARED

    @get_mapping("/stream")
    async def stream(self) -> StreamingResponse:
        async def chunks() -> AsyncIterator[str]:
            yield "a"
            yield "b"

        return StreamingResponse(chunks())

    @get_mapping("/unknown")
    async def unknown(self) -> object:
        return object()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/model", {"name": "tea"}),
        ("/models", [{"name": "tea"}]),
        ("/dataclass", {"x": 1}),
        ("/text", "text"),
        ("/pair", [404, "an ordinary value"]),
    ],
)
def test_value_is_answered_as_json(serve: Any, path: str, answer: object) -> None:
    with serve(Answers) as client:
        response = client.get(path)

    assert (response.status_code, response.json()) == (200, answer)
    assert response.headers["content-type"] == "application/json"


def test_none_is_no_content(serve: Any) -> None:
    with serve(Answers) as client:
        response = client.get("/none")

    assert (response.status_code, response.content) == (204, b"")
    assert "content-length" not in response.headers


def test_none_keeps_a_declared_status(serve: Any) -> None:
    with serve(Answers) as client:
        assert client.post("/none").status_code == 201


def test_body_of_a_status_without_body_is_dropped(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "pyfly.web"), serve(Answers) as client:
        response = client.get("/no-content")

    assert (response.status_code, response.content) == (204, b"")
    assert "status 204 has no body" in caplog.text


def test_response_passes_and_runs_its_background_task(serve: Any) -> None:
    DONE.clear()
    with serve(Answers) as client:
        response = client.get("/response")

    assert (response.status_code, response.text) == (418, "as it is")
    assert "x-request-id" in response.headers
    assert DONE == ["done"]


def test_shared_response_is_left_alone(serve: Any) -> None:
    with serve(Answers) as client:
        client.get("/shared")
        response = client.get("/shared")

    assert len(response.headers.get_list("x-request-id")) == 1
    assert "x-request-id" not in SHARED.headers


def test_stream_passes(serve: Any) -> None:
    with serve(Answers) as client:
        assert client.get("/stream").text == "ab"
        assert client.head("/stream").content == b""


def test_value_without_json_form_is_an_internal_error(serve: Any) -> None:
    with serve(Answers) as client:
        response = client.get("/unknown")

    assert response.status_code == 500
    assert response.json()["code"] == "INTERNAL_ERROR"
