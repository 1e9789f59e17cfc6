# SPDX-License-Identifier: Apache-2.0
"""Pieces of the web layer in applications that `create_app` has not made."""

from typing import Any
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pyfly.kernel import ConflictException, ServiceUnavailableException
from pyfly.logging.testing import captured_logs
from pyfly.web import SecurityHeadersConfig
from pyfly.web.adapters.starlette import (
    RequestLoggingMiddleware,
    SecurityHeadersMiddleware,
    global_exception_handler,
)

FAILURES = {
    "conflict": ConflictException("There is one already", code="TWICE"),
    "busy": ServiceUnavailableException("Come back later", context={"retry_after": 3}),
    "bug": RuntimeError("secret"),
    "http": HTTPException(410, "It was here"),
}


async def fail(request: Request) -> Response:
    raise FAILURES[request.path_params["way"]]


async def answer(request: Request) -> Response:
    return PlainTextResponse("ok", headers={"X-Frame-Options": "SAMEORIGIN"})


def client_of(*middleware: Middleware, **state: Any) -> TestClient:
    app = Starlette(
        routes=[Route("/fail/{way}", fail), Route("/ok", answer)],
        middleware=middleware,
        exception_handlers={Exception: global_exception_handler, HTTPException: global_exception_handler},
    )
    app.state._state.update(state)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("way", "status", "code", "detail"),
    [
        ("conflict", 409, "TWICE", "There is one already"),
        ("busy", 503, "ServiceUnavailableException", "Come back later"),
        ("bug", 500, "INTERNAL_ERROR", "Internal server error"),
        ("http", 410, "GONE", "It was here"),
    ],
)
def test_handler_answers_any_error(way: str, status: int, code: str, detail: str) -> None:
    response = client_of().get(f"/fail/{way}")

    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, body["code"], body["detail"], body["instance"]) == (
        status,
        code,
        detail,
        f"/fail/{way}",
    )
    assert UUID(body["requestId"])


def test_handler_sends_the_headers_of_the_error() -> None:
    assert client_of().get("/fail/busy").headers["retry-after"] == "3"


def test_handler_sends_the_form_that_the_application_has_chosen() -> None:
    error = client_of(pyfly_problem_details=False).get("/fail/conflict").json()["error"]

    assert (error["code"], error["message"], error["status"]) == ("TWICE", "There is one already", 409)


async def test_handler_needs_nothing_but_the_request() -> None:
    request = Request({"type": "http", "method": "GET", "path": "/x", "headers": []})

    response = await global_exception_handler(request, ValueError("secret"))

    assert response.status_code == 500
    assert b"secret" not in response.body


def test_protecting_headers_replace_those_of_the_application() -> None:
    config = SecurityHeadersConfig(content_security_policy="default-src 'none'")
    response = client_of(Middleware(SecurityHeadersMiddleware, config=config)).get("/ok")

    assert response.headers.get_list("x-frame-options") == ["DENY"]
    assert response.headers["content-security-policy"] == "default-src 'none'"


def test_requests_to_any_application_are_logged() -> None:
    with captured_logs() as logs:
        client = client_of(Middleware(RequestLoggingMiddleware))
        client.get("/ok")
        client.get("/fail/bug")

    lines = [it for it in logs if str(it["event"]).startswith("http_request")]
    assert [(it["event"], it["path"]) for it in lines] == [
        ("http_request", "/ok"),
        ("http_request_failed", "/fail/bug"),
    ]
    assert lines[0]["status_code"] == 200
    assert lines[1]["error_type"] == "RuntimeError"
