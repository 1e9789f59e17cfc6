# SPDX-License-Identifier: Apache-2.0
"""The framework's own filters, called as ordinary ones."""

import logging
from typing import Any
from uuid import UUID

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pyfly.context.request_context import RequestContext
from pyfly.kernel import ResourceNotFoundException
from pyfly.logging.testing import captured_logs
from pyfly.web.adapters.starlette.filters import (
    CorrelationFilter,
    RequestContextFilter,
    RequestLoggingFilter,
    SecurityHeadersFilter,
    TransactionIdFilter,
)
from pyfly.web.security_headers import SecurityHeadersConfig


def request_with(*headers: tuple[str, str], scheme: str = "http") -> Request:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "method": "GET", "path": "/x", "scheme": scheme, "headers": raw})


async def answering(request: Request) -> Response:
    return PlainTextResponse("ok")


async def failing(request: Request) -> Response:
    raise RuntimeError("broken")


async def test_transaction_id_is_taken_left_and_sent_back() -> None:
    request = request_with(("x-transaction-id", "t-1"))

    response = await TransactionIdFilter().do_filter(request, answering)

    assert response.headers["x-transaction-id"] == "t-1"
    assert request.state.transaction_id == "t-1"


async def test_missing_transaction_id_is_made_up() -> None:
    response = await TransactionIdFilter().do_filter(request_with(), answering)

    assert UUID(response.headers["x-transaction-id"])


async def test_transaction_id_of_the_handler_stays() -> None:
    async def with_own(request: Request) -> Response:
        return PlainTextResponse("ok", headers={"X-Transaction-Id": "own"})

    response = await TransactionIdFilter().do_filter(request_with(), with_own)

    assert response.headers.getlist("x-transaction-id") == ["own"]


async def test_ids_are_echoed_or_made_up() -> None:
    request = request_with(
        ("x-correlation-id", "c-1"), ("traceparent", "00-abc-def-01"), ("x-tenant-id", "acme")
    )

    response = await CorrelationFilter().do_filter(request, answering)

    assert response.headers["x-correlation-id"] == "c-1"
    assert UUID(response.headers["x-request-id"])
    assert response.headers["traceparent"] == "00-abc-def-01"
    assert response.headers["x-tenant-id"] == "acme"
    assert "tracestate" not in response.headers
    state = request.state
    assert (state.correlation_id, state.tenant_id, state.traceparent, state.tracestate) == (
        "c-1",
        "acme",
        "00-abc-def-01",
        "",
    )


@pytest.mark.parametrize("sent", ["x\x00y", "x\r\ny: z", "7" * 513])
async def test_dangerous_trace_is_not_echoed(sent: str) -> None:
    response = await CorrelationFilter().do_filter(request_with(("traceparent", sent)), answering)

    assert "traceparent" not in response.headers


async def test_context_lives_as_long_as_the_request() -> None:
    seen: list[str] = []

    async def looking(request: Request) -> Response:
        context = RequestContext.current()
        assert context is not None
        seen.append(context.request_id)
        return PlainTextResponse("ok")

    await RequestContextFilter().do_filter(request_with(("x-request-id", "r-1")), looking)

    assert seen == ["r-1"]
    assert RequestContext.current() is None


async def test_context_ends_with_an_error_too() -> None:
    with pytest.raises(RuntimeError, match="broken"):
        await RequestContextFilter().do_filter(request_with(), failing)

    assert RequestContext.current() is None


async def test_protecting_headers_are_added_and_not_doubled() -> None:
    async def framed(request: Request) -> Response:
        return PlainTextResponse("ok", headers={"X-Frame-Options": "SAMEORIGIN"})

    response = await SecurityHeadersFilter().do_filter(request_with(scheme="https"), framed)

    assert response.headers.getlist("x-frame-options") == ["SAMEORIGIN"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_protecting_headers_follow_their_configuration() -> None:
    config = SecurityHeadersConfig(content_security_policy="default-src 'self'", x_frame_options=None)

    response = await SecurityHeadersFilter(config).do_filter(request_with(), answering)

    assert response.headers["content-security-policy"] == "default-src 'self'"
    assert "x-frame-options" not in response.headers
    assert "strict-transport-security" not in response.headers


async def test_request_is_logged() -> None:
    with captured_logs() as logs:
        await RequestLoggingFilter().do_filter(request_with(), answering)

    (event,) = [it for it in logs if it["event"] == "http_request"]
    assert (event["method"], event["path"], event["status_code"]) == ("GET", "/x", 200)
    assert isinstance(event["duration_ms"], float)


@pytest.mark.parametrize(
    ("error", "level"),
    [(RuntimeError("broken"), logging.ERROR), (ResourceNotFoundException("none"), logging.WARNING)],
)
async def test_request_that_fails_is_logged_and_fails(error: Exception, level: int) -> None:
    async def raising(request: Request) -> Response:
        raise error

    with captured_logs() as logs, pytest.raises(type(error)):
        await RequestLoggingFilter().do_filter(request_with(), raising)

    (event,) = [it for it in logs if it["event"] == "http_request_failed"]
    assert (event["error"], event["error_type"]) == (str(error), type(error).__name__)
    assert event["level"] == logging.getLevelName(level).lower()


async def test_nothing_is_worked_out_for_a_log_that_is_off(caplog: Any) -> None:
    logging.getLogger("pyfly.web").setLevel(logging.CRITICAL)
    try:
        response = await RequestLoggingFilter().do_filter(request_with(), answering)
    finally:
        logging.getLogger("pyfly.web").setLevel(logging.NOTSET)

    assert response.status_code == 200
    assert caplog.records == []
