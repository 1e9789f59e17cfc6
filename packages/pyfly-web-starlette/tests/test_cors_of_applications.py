# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import ForbiddenException, ResourceNotFoundException
from pyfly.web import Valid, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.cors import CORSConfig, CORSConfigError
from pyfly.web.testing import AsgiClient

SHOP = "https://shop.example.com"


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{number}")
    async def find(self, number: int = 0) -> str:
        return "tea"

    @get_mapping("/missing")
    async def missing(self) -> None:
        raise ResourceNotFoundException("nothing here")

    @get_mapping("/broken")
    async def broken(self) -> None:
        raise RuntimeError("out of order")

    @post_mapping()
    async def create(self, item: Valid[list[int]]) -> None: ...


class ClosedFilter:
    """Lets nobody in."""

    async def do_filter(self, request: Request, call_next: Callable[..., Awaitable[Any]]) -> Any:
        raise ForbiddenException("no entry")

    def should_not_filter(self, request: Request) -> bool:
        return False


Served = Callable[..., Awaitable[AsgiClient]]


@pytest.fixture
async def serving() -> AsyncIterator[Served]:
    contexts: list[ApplicationContext] = []

    async def serve(*beans: type, settings: dict[str, Any] | None = None, **options: Any) -> AsgiClient:
        context = ApplicationContext(Config({"pyfly": {"web": {"cors": settings or {}}}}))
        for bean in (ItemController, *beans):
            context.register_bean(bean)

        await context.start()
        contexts.append(context)
        return AsgiClient(create_app(context=context, **options))

    yield serve
    for context in contexts:
        await context.stop()


def allowed(answer: Any) -> str | None:
    return dict(answer.headers).get("access-control-allow-origin")


async def test_without_settings_there_are_no_headers(serving: Served) -> None:
    client = await serving()

    answer = await client.get("/items/1", headers={"Origin": SHOP})

    assert allowed(answer) is None


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/items/1", 200),
        ("GET", "/items/missing", 404),
        ("GET", "/items/broken", 500),
        ("POST", "/items", 422),
        ("GET", "/nowhere", 404),
        ("DELETE", "/items/1", 405),
        ("GET", "/extra", 200),
    ],
)
async def test_every_answer_carries_the_headers(
    serving: Served, method: str, target: str, status: int
) -> None:
    async def extra(request: Request) -> PlainTextResponse:
        return PlainTextResponse("extra")

    settings = {"enabled": True, "allowed-origins": SHOP, "allow-credentials": True}
    client = await serving(settings=settings, extra_routes=[Route("/extra", extra)])

    answer = await client.request(
        method, target, headers={"Origin": SHOP}, json=["x"] if method == "POST" else None
    )

    headers = dict(answer.headers)
    assert answer.status == status
    assert (allowed(answer), headers["access-control-allow-credentials"]) == (SHOP, "true")
    assert "Origin" in headers["vary"]
    assert headers["x-request-id"]


async def test_refusals_of_filters_carry_the_headers_and_preflights_do_not_reach_them(
    serving: Served,
) -> None:
    client = await serving(ClosedFilter, settings={"enabled": True, "allowed-origins": SHOP})

    refused = await client.get("/items/1", headers={"Origin": SHOP})
    preflight = await client.options(
        "/items/1", headers={"Origin": SHOP, "Access-Control-Request-Method": "POST"}
    )

    assert (refused.status, allowed(refused)) == (403, SHOP)
    assert (preflight.status, allowed(preflight)) == (200, SHOP)


async def test_malformed_requests_carry_the_headers_too(serving: Served) -> None:
    client = await serving(settings={"enabled": True})

    refused = await client.get("/items/1", headers={"Origin": SHOP, "Host": "a b"})

    assert (refused.status, allowed(refused)) == (400, "*")


async def test_argument_comes_before_the_settings(serving: Served) -> None:
    other = "https://other.example"
    client = await serving(
        settings={"enabled": True, "allowed-origins": SHOP}, cors=CORSConfig(allowed_origins=[other])
    )

    assert allowed(await client.get("/items/1", headers={"Origin": SHOP})) is None
    assert allowed(await client.get("/items/1", headers={"Origin": other})) == other


async def test_unsafe_settings_stop_the_start(serving: Served) -> None:
    with pytest.raises(CORSConfigError, match=r"pyfly\.web\.cors\.allow-credentials: true"):
        await serving(settings={"enabled": True, "allow-credentials": True})


async def test_browser_may_send_an_idempotency_key(serving: Served) -> None:
    client = await serving(settings={"enabled": True})

    preflight = await client.options(
        "/items",
        headers={
            "Origin": SHOP,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "idempotency-key",
        },
    )

    assert preflight.status == 200
    assert dict(preflight.headers)["access-control-allow-headers"] == "idempotency-key"
