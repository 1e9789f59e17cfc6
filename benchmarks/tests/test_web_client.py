# SPDX-License-Identifier: Apache-2.0
import asyncio

import pytest

from benchmarks.web.asgi import Receive, Scope, Send
from benchmarks.web.client import Request, Upload, ask, running, served


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]

    await send(
        {"type": "http.response.start", "status": 201, "headers": [(b"X-Path", scope["path"].encode())]}
    )
    await send({"type": "http.response.body", "body": body[:2], "more_body": True})
    await send({"type": "http.response.body", "body": body[2:]})


class Journal:
    def __init__(self) -> None:
        self.types: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(2):
            self.types.append((await receive())["type"])
            await send({"type": f"{self.types[-1]}.complete"})


async def fail_to_start(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "lifespan.startup.failed", "message": "no database"})


async def break_at_start(scope: Scope, receive: Receive, send: Send) -> None:
    raise OSError("broken")


def test_each_scope_is_made_of_new_objects():
    build = Request("POST", "/items", "a=1", b"{}", "application/json").scopes()

    first, second = build(), build()

    assert first == second
    assert first["headers"] is not second["headers"]
    assert first["headers"][0][1] is not second["headers"][0][1]
    assert first["path"] is not second["path"]


def test_scope_tells_the_request():
    scope = Request("POST", "/items", "a=1", b"{}", "application/json").scopes()()

    assert (scope["method"], scope["path"], scope["query_string"]) == ("POST", "/items", b"a=1")
    assert dict(scope["headers"])[b"content-length"] == b"2"
    assert dict(scope["headers"])[b"content-type"] == b"application/json"


async def test_upload_gives_its_chunks_and_then_waits():
    receive = Upload([b"ab", b"c"])

    messages = [await receive() for _ in range(3)]

    assert [message["body"] for message in messages] == [b"ab", b"c", b""]
    assert [message["more_body"] for message in messages] == [True, True, False]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(receive(), 0.01)


async def test_answer_is_collected_from_all_its_messages():
    answered = await ask(echo, Request("POST", "/there", body=b"[1, 2]", content_type="application/json"))

    assert answered.status == 201
    assert answered.headers == {"x-path": "/there"}
    assert answered.json() == [1, 2]


async def test_application_is_started_and_shut_down():
    app = Journal()

    async with running(app):
        assert app.types == ["lifespan.startup"]

    assert app.types == ["lifespan.startup", "lifespan.shutdown"]


async def test_application_that_does_not_start_says_why():
    with pytest.raises(RuntimeError, match="no database"):
        async with running(fail_to_start):
            pass


async def test_application_that_breaks_at_its_start_is_named():
    with pytest.raises(RuntimeError, match="broken"):
        async with running(break_at_start):
            pass


def test_applications_live_in_one_event_loop():
    apps = [Journal(), Journal()]

    with served(apps) as runner:
        answered = runner.run(ask(echo, Request("GET", "/")))

    assert answered.status == 201
    assert [app.types for app in apps] == [["lifespan.startup", "lifespan.shutdown"]] * 2
