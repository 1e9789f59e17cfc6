# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pyfly.web.adapters.starlette.cors import cors_middleware
from pyfly.web.cors import CORSConfig

SHOP = "https://shop.example.com"


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello", headers={"Vary": "Accept"})


async def stream(request: Request) -> StreamingResponse:
    return StreamingResponse(iter(["a", "b"]))


def client_of(**settings: Any) -> TestClient:
    routes = [Route("/hello", hello, methods=["GET", "PUT"]), Route("/stream", stream)]
    return TestClient(Starlette(routes=routes, middleware=[cors_middleware(CORSConfig(**settings))]))


def preflight(client: TestClient, origin: str = SHOP, method: str = "GET", **headers: str) -> Any:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    return client.options("/hello", headers={**asked, **headers})


def test_any_origin_is_told_so() -> None:
    answer = client_of().get("/hello", headers={"Origin": SHOP})

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/hello", "/stream", "/missing"])
def test_named_origin_is_repeated_on_every_answer(path: str) -> None:
    answer = client_of(allowed_origins=[SHOP], exposed_headers=["X-Total"]).get(
        path, headers={"Origin": SHOP}
    )

    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["access-control-expose-headers"] == "X-Total"
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("headers", [{}, {"Origin": SHOP}, {"Origin": "https://evil.example"}])
def test_caches_are_told_that_the_origin_matters(headers: dict[str, str]) -> None:
    answer = client_of(allowed_origins=[SHOP]).get("/hello", headers=headers)

    assert answer.headers["vary"] == "Accept, Origin"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.com.evil.example"])
def test_other_origins_are_not_let_in(origin: str) -> None:
    client = client_of(allowed_origins=[SHOP], allow_credentials=True)

    assert "access-control-allow-origin" not in client.get("/hello", headers={"Origin": origin}).headers
    refused = preflight(client, origin)
    assert (refused.status_code, refused.text) == (400, "Disallowed CORS origin")
    assert "access-control-allow-origin" not in refused.headers


def test_preflight_tells_what_is_allowed() -> None:
    client = client_of(
        allowed_origins=[SHOP],
        allowed_methods=["GET", "PUT"],
        allowed_headers=["X-One"],
        allow_credentials=True,
    )

    answer = preflight(client, method="PUT", **{"Access-Control-Request-Headers": "x-one, content-type"})

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["access-control-allow-methods"] == "GET, PUT"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-max-age"] == "600"
    assert "X-One" in answer.headers["access-control-allow-headers"]


def test_preflight_for_a_method_or_header_that_is_not_allowed_is_refused() -> None:
    client = client_of(allowed_origins=[SHOP], allowed_headers=["X-One"])

    assert preflight(client, method="DELETE").text == "Disallowed CORS method"
    assert preflight(client, **{"Access-Control-Request-Headers": "X-Two"}).text == "Disallowed CORS headers"


def test_preflight_may_be_forgotten_at_once() -> None:
    assert preflight(client_of(max_age=0)).headers["access-control-max-age"] == "0"


def test_patterns_let_in_what_fits() -> None:
    client = client_of(allowed_origin_patterns=["https://*.example.com"], allow_credentials=True)

    fitting = client.get("/hello", headers={"Origin": SHOP})
    other = client.get("/hello", headers={"Origin": "https://evilexample.com"})

    assert fitting.headers["access-control-allow-origin"] == SHOP
    assert "access-control-allow-origin" not in other.headers


def test_private_network_has_to_be_allowed() -> None:
    asked = {"Access-Control-Request-Private-Network": "true"}

    refused = preflight(client_of(), **asked)
    allowed = preflight(client_of(allow_private_network=True), **asked)

    assert (refused.status_code, refused.text) == (400, "Disallowed CORS private-network")
    assert allowed.headers["access-control-allow-private-network"] == "true"


def test_null_origin_is_let_in_where_it_is_named() -> None:
    answer = client_of(allowed_origins=["null"]).get("/hello", headers={"Origin": "null"})

    assert answer.headers["access-control-allow-origin"] == "null"


def test_options_without_a_preflight_reaches_the_application() -> None:
    assert client_of().options("/hello", headers={"Origin": SHOP}).status_code == 405
