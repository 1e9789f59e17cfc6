# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web import get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.testing import AsgiClient


@rest_controller
class LinkController:
    @get_mapping("/link")
    async def link(self, request: Request) -> str:
        return str(request.url)


Served = Callable[..., Awaitable[AsgiClient]]


@pytest.fixture
async def serving() -> AsyncIterator[Served]:
    contexts: list[ApplicationContext] = []

    async def serve(**limits: Any) -> AsgiClient:
        context = ApplicationContext(Config({"pyfly": {"web": {"limits": limits}}}))
        context.register_bean(LinkController)
        await context.start()
        contexts.append(context)
        return AsgiClient(create_app(context=context))

    yield serve
    for context in contexts:
        await context.stop()


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ([("Host", "shop.example.com")], 200, None),
        ([("Host", "shop.example.com/evil")], 400, "INVALID_HOST"),
        ([("Host", "user@shop.example.com")], 400, "INVALID_HOST"),
        ([("Host", "a b")], 400, "INVALID_HOST"),
        ([("Host", "a"), ("Host", "b")], 400, "INVALID_HOST"),
        ([("X-A", "v" * 70_000)], 431, "HEADERS_TOO_LARGE"),
        ([("X-A", "v")] * 101, 431, "HEADERS_TOO_LARGE"),
    ],
)
async def test_defaults_refuse_what_no_client_sends(
    serving: Served, headers: list[tuple[str, str]], status: int, code: str | None
) -> None:
    answer = await (await serving()).get("/link", headers=headers)

    assert answer.status == status
    assert code is None or answer.json()["code"] == code
    assert dict(answer.headers)["x-content-type-options"] == "nosniff"


async def test_refusal_is_a_problem_document(serving: Served) -> None:
    answer = await (await serving()).get("/link", headers={"Host": "evil.example/<script>"})

    assert dict(answer.headers)["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "The Host header is malformed."
    assert "script" not in answer.text


async def test_long_url_is_refused(serving: Served) -> None:
    answer = await (await serving(**{"max-url-length": "100"})).get(f"/link?a={'x' * 100}")

    assert (answer.status, answer.json()["code"]) == (414, "URL_TOO_LONG")


async def test_only_allowed_hosts_are_answered(serving: Served) -> None:
    client = await serving(**{"allowed-hosts": ["shop.example.com", "*.internal"]})

    statuses = [
        (await client.get("/link", headers={"Host": host})).status
        for host in ("shop.example.com", "SHOP.example.com:8443", "a.internal", "evil.example")
    ]

    assert statuses == [200, 200, 200, 400]


def test_wrong_allowed_host_stops_the_start() -> None:
    context = ApplicationContext(Config({"pyfly": {"web": {"limits": {"allowed-hosts": ["https://a"]}}}}))

    with pytest.raises(ConfigurationError, match=r"pyfly\.web\.limits\.allowed-hosts"):
        create_app(context=context)


def test_handshakes_are_checked_too() -> None:
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    app = create_app(extra_routes=[WebSocketRoute("/echo", echo)])
    with TestClient(app) as client, client.websocket_connect("/echo"):
        pass

    with (
        TestClient(app) as client,
        pytest.raises(WebSocketDenialResponse) as denied,
        client.websocket_connect("/echo", headers={"Host": "a@b"}),
    ):
        raise AssertionError("the handshake was accepted")

    assert denied.value.status_code == 400
    assert denied.value.json()["code"] == "INVALID_HOST"
    assert denied.value.headers["x-request-id"]


async def test_handshake_is_closed_where_the_server_cannot_send_a_refusal() -> None:
    sent: list[Any] = []
    scope = {"type": "websocket", "path": "/", "query_string": b"", "headers": [(b"host", b"a@b")]}

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await create_app()(scope, receive, send)

    assert [(message["type"], message["code"]) for message in sent] == [("websocket.close", 1008)]
