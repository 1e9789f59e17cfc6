# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import UnauthorizedException
from pyfly.web import QueryParam, get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.testing import AsgiClient

EVIL = "a%0D%0Aset-cookie:%20evil=1%0D%0A%0D%0A<html>"


@rest_controller
class HeaderController:
    @get_mapping("/response")
    async def response(self, value: QueryParam[str]) -> Response:
        return PlainTextResponse("ok", headers={"x-a": value})

    @get_mapping("/stream")
    async def stream(self, value: QueryParam[str]) -> StreamingResponse:
        return StreamingResponse(iter(["o", "k"]), headers={"x-a": value})

    @get_mapping("/redirect")
    async def redirect(self, value: QueryParam[str]) -> Response:
        return RedirectResponse(f"/to/{value}")

    @get_mapping("/cookie")
    async def cookie(self, value: QueryParam[str]) -> Response:
        response = JSONResponse({})
        response.raw_headers.append((b"set-cookie", f"a={value}".encode()))
        return response

    @get_mapping("/name")
    async def name(self, value: QueryParam[str]) -> Response:
        return PlainTextResponse("ok", headers={value: "v"})

    @get_mapping("/challenge")
    async def challenge(self, value: QueryParam[str]) -> None:
        raise UnauthorizedException("who are you?", context={"www_authenticate": f"Basic realm={value}"})

    @get_mapping("/refusal")
    async def refusal(self, value: QueryParam[str]) -> None:
        raise HTTPException(403, headers={"X-Reason": value, "X-Other": "fine"})


class EchoFilter:
    """Puts into its own header whatever the client has sent."""

    async def do_filter(self, request: Request, call_next: Callable[..., Awaitable[Any]]) -> Any:
        response = await call_next(request)
        response.headers["x-echo"] = request.query_params["value"]
        return response

    def should_not_filter(self, request: Request) -> bool:
        return "filtered" not in request.query_params


async def extra(request: Request) -> Response:
    return PlainTextResponse("ok", headers={"x-a": request.query_params["value"]})


@pytest.fixture(params=["fused", "with a filter"])
async def client(request: pytest.FixtureRequest) -> AsyncIterator[AsgiClient]:
    context = ApplicationContext(Config({}))
    context.register_bean(HeaderController)
    if request.param == "with a filter":
        context.register_bean(EchoFilter)

    await context.start()
    yield AsgiClient(create_app(context=context, extra_routes=[Route("/extra", extra)]))
    await context.stop()


@pytest.mark.parametrize("path", ["/response", "/cookie", "/name", "/extra", "/stream"])
async def test_line_break_in_a_header_is_an_error_and_sends_nothing_of_it(
    client: AsgiClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get(f"{path}?value={EVIL}")

    headers = dict(answer.headers)
    assert (answer.status, answer.json()["code"]) == (500, "INVALID_RESPONSE_HEADER")
    assert "evil" not in answer.text
    assert "set-cookie" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "failed with 500" in caplog.text


async def test_redirect_encodes_line_breaks(client: AsgiClient) -> None:
    answer = await client.get(f"/redirect?value={EVIL}")

    assert answer.status == 307
    assert "\n" not in dict(answer.headers)["location"]


@pytest.mark.parametrize("path", ["/challenge", "/refusal"])
@pytest.mark.parametrize("value", [EVIL, "%E2%82%AC"])
async def test_answer_to_an_error_goes_without_a_bad_header(
    client: AsgiClient, path: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get(f"{path}?value={value}")

    headers = dict(answer.headers)
    assert answer.status in (401, 403)
    assert not headers.keys() & {"www-authenticate", "x-reason", "set-cookie"}
    assert headers.get("x-other", "fine") == "fine"
    assert [
        record.levelno for record in caplog.records if "without one of its headers" in record.message
    ] == [logging.ERROR]


async def test_good_headers_are_sent_as_they_are(client: AsgiClient) -> None:
    assert dict((await client.get("/response?value=na%C3%AFve")).headers)["x-a"] == "naïve"


async def test_header_of_a_filter_is_checked() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(HeaderController)
    context.register_bean(EchoFilter)
    await context.start()
    client = AsgiClient(create_app(context=context))

    answer = await client.get(f"/redirect?filtered=1&value={EVIL}")
    await context.stop()

    assert (answer.status, answer.json()["code"]) == (500, "INVALID_RESPONSE_HEADER")
