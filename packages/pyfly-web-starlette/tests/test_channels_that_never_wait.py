# SPDX-License-Identifier: Apache-2.0
"""A channel that answers at once, for ever, and never tells that the client has gone: nothing spins on it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pyfly.web import FileResult, get_mapping, rest_controller, sse_mapping
from pyfly.web.adapters.starlette.app import create_app

DEADLINE = 10.0


@rest_controller
class SlowlyController:
    @get_mapping("/stream")
    async def stream(self) -> AsyncIterator[str]:
        for number in range(3):
            await asyncio.sleep(0)
            yield str(number)

    @sse_mapping("/events")
    async def events(self) -> AsyncIterator[str]:
        for number in range(3):
            await asyncio.sleep(0)
            yield str(number)

    @get_mapping("/file")
    async def file(self) -> FileResult:
        return FileResult(Path(__file__))


async def empty_body_again() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("path", ["/stream", "/events", "/file"])
async def test_answer_is_complete(new_context: Any, path: str) -> None:
    context = new_context(SlowlyController)
    await context.start()
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    async with asyncio.timeout(DEADLINE):
        await create_app(context=context)(scope, empty_body_again, send)

    await context.stop()
    assert sent[0]["status"] == 200
    assert sent[-1]["type"] == "http.response.body"
    assert not sent[-1].get("more_body", False)
