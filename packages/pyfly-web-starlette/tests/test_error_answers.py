# SPDX-License-Identifier: Apache-2.0
import logging
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pyfly.container.ordering import order
from pyfly.container.types import Scope
from pyfly.kernel import (
    ConflictException,
    ForbiddenException,
    PyFlyException,
    ResourceNotFoundException,
    ServiceUnavailableException,
)
from pyfly.web import (
    Valid,
    controller_advice,
    exception_handler,
    get_mapping,
    post_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.adapters.starlette.app import create_app


class Login(BaseModel):
    user: str
    password: str


class Unwanted(Exception):
    pass


class AppError(Exception):
    pass


@rest_controller
@request_mapping("/fail")
class Failing:
    @get_mapping("/missing")
    async def missing(self) -> None:
        raise ResourceNotFoundException("No order 7", code="ORDER_NOT_FOUND", context={"order": 7})

    @get_mapping("/busy")
    async def busy(self) -> None:
        raise ServiceUnavailableException("Try later", context={"retry_after": 30})

    @get_mapping("/bug")
    async def bug(self) -> None:
        raise RuntimeError("secret detail")

    @get_mapping("/sync-bug")
    def sync_bug(self) -> None:
        raise RuntimeError("secret detail")

    @get_mapping("/slow")
    async def slow(self) -> None:
        raise TimeoutError

    @get_mapping("/http")
    async def http(self) -> None:
        raise HTTPException(418, "short and stout", headers={"x-tea": "green"})

    @get_mapping("/app")
    async def app(self) -> None:
        raise AppError("known to the application")

    @get_mapping("/forbidden")
    async def forbidden(self) -> None:
        raise ForbiddenException("not for you")

    @get_mapping("/conflict")
    async def conflict(self) -> None:
        raise ConflictException("twice")

    @get_mapping("/unwanted")
    async def unwanted(self) -> None:
        raise Unwanted

    @get_mapping("/no-file")
    async def no_file(self) -> FileResponse:
        return FileResponse("/does/not/exist")

    @get_mapping("/broken-stream")
    async def broken_stream(self) -> StreamingResponse:
        async def chunks() -> Any:
            yield "a"
            raise RuntimeError("too late")

        return StreamingResponse(chunks())

    @post_mapping("/login")
    async def login(self, login: Valid[Login]) -> str:
        return login.user


@rest_controller
@request_mapping("/own")
class WithHandlers:
    def __init__(self) -> None:
        self.name = "own"

    @get_mapping("/conflict")
    async def conflict(self) -> None:
        raise ConflictException("twice")

    @get_mapping("/forbidden")
    async def forbidden(self) -> None:
        raise ForbiddenException("not for you")

    @get_mapping("/unwanted")
    async def unwanted(self) -> None:
        raise Unwanted

    @exception_handler(PyFlyException)
    async def ours(self, exc: PyFlyException) -> dict[str, str]:
        return {"by": self.name, "message": str(exc)}

    @exception_handler(ConflictException)
    def conflicts(self, exc: ConflictException, request: Request) -> tuple[int, dict[str, str]]:
        return 409, {"path": request.url.path}


@rest_controller(scope=Scope.REQUEST)
class Unbuildable:
    def __init__(self) -> None:
        raise RuntimeError("secret detail")

    @get_mapping("/unbuildable")
    async def get(self) -> None: ...

    @exception_handler(Exception)
    async def anything(self, exc: Exception) -> str:
        return "never asked"


@controller_advice
@order(1)
class FirstAdvice:
    @exception_handler(Unwanted)
    async def unwanted(self, exc: Unwanted) -> JSONResponse:
        return JSONResponse("first", status_code=410)


@controller_advice
@order(2)
class SecondAdvice:
    @exception_handler(Unwanted)
    async def unwanted(self, exc: Unwanted) -> str:
        return "second"

    @exception_handler(HTTPException, status_code=404)
    async def http(self, exc: HTTPException) -> dict[str, int]:
        return {"advised": exc.status_code}


@controller_advice
class FailingAdvice:
    @exception_handler(ConflictException)
    async def conflict(self, exc: ConflictException) -> None:
        raise ResourceNotFoundException("worse")


async def extra_failure(request: Request) -> None:
    raise ConflictException("from an extra route")


def test_exception_becomes_a_problem(serve: Any) -> None:
    with serve(Failing) as client:
        response = client.get("/fail/missing", headers={"x-request-id": "r-1"})

    body = response.json()
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == "r-1"
    assert (body["detail"], body["code"], body["instance"]) == (
        "No order 7",
        "ORDER_NOT_FOUND",
        "/fail/missing",
    )
    assert (body["context"], body["requestId"]) == ({"order": 7}, "r-1")


def test_infrastructure_failure_says_when_to_retry(serve: Any) -> None:
    with serve(Failing) as client:
        response = client.get("/fail/busy")

    assert (response.status_code, response.headers["retry-after"]) == (503, "30")
    assert "context" not in response.json()


@pytest.mark.parametrize("path", ["/fail/bug", "/fail/sync-bug"])
def test_bug_is_logged_once_and_tells_nothing(
    serve: Any, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with serve(Failing) as client:
        response = client.get(path)

    assert response.status_code == 500
    assert (response.json()["detail"], response.json()["code"]) == ("Internal server error", "INTERNAL_ERROR")
    assert "secret" not in response.text
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info is not None
    assert "secret detail" in str(record.exc_info[1])


def test_debug_shows_the_exception(serve: Any) -> None:
    with serve(Failing, debug=True) as client:
        body = client.get("/fail/bug").json()

    assert body["exception"] == "RuntimeError('secret detail')"
    assert any("in bug" in line for line in body["trace"])


def test_foreign_exception_is_translated(serve: Any) -> None:
    with serve(Failing) as client:
        response = client.get("/fail/slow")

    assert (response.status_code, response.json()["code"]) == (504, "OPERATION_TIMEOUT")


def test_http_exception_keeps_status_and_headers(serve: Any) -> None:
    with serve(Failing) as client:
        response = client.get("/fail/http")

    assert (response.status_code, response.headers["x-tea"]) == (418, "green")
    assert (response.json()["detail"], response.json()["code"]) == ("short and stout", "IM_A_TEAPOT")


def test_bad_body_names_the_field_and_hides_the_input(serve: Any) -> None:
    with serve(Failing) as client:
        response = client.post("/fail/login", json={"password": "hunter2"})

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["user"]
    assert "hunter2" not in response.text


def test_own_handler_of_the_controller_answers(serve: Any) -> None:
    with serve(WithHandlers) as client:
        response = client.get("/own/forbidden")

    assert (response.status_code, response.json()) == (200, {"by": "own", "message": "not for you"})


def test_handler_may_ask_for_the_request_and_set_the_status(serve: Any) -> None:
    with serve(WithHandlers) as client:
        response = client.get("/own/conflict")

    assert (response.status_code, response.json()) == (409, {"path": "/own/conflict"})


def test_controller_that_cannot_be_made_is_an_internal_error(serve: Any) -> None:
    with serve(Unbuildable) as client:
        response = client.get("/unbuildable")

    assert (response.status_code, response.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in response.text


def test_handlers_of_one_controller_do_not_serve_another(serve: Any) -> None:
    with serve(WithHandlers, Failing) as client:
        assert client.get("/fail/forbidden").status_code == 403


@pytest.mark.parametrize("beans", [(FirstAdvice, SecondAdvice), (SecondAdvice, FirstAdvice)])
def test_advice_is_asked_in_order(serve: Any, beans: tuple[type, ...]) -> None:
    with serve(*beans, Failing, WithHandlers) as client:
        for path in ("/fail/unwanted", "/own/unwanted"):
            response = client.get(path)

            assert (response.status_code, response.json()) == (410, "first")


def test_advice_may_answer_for_unknown_paths(serve: Any) -> None:
    with serve(SecondAdvice, Failing) as client:
        response = client.get("/nothing")

    assert (response.status_code, response.json()) == (404, {"advised": 404})


def test_failure_of_a_handler_is_answered_itself(serve: Any) -> None:
    with serve(FailingAdvice, Failing) as client:
        response = client.get("/fail/conflict")

    assert (response.status_code, response.json()["detail"]) == (404, "worse")


def test_exception_handlers_of_the_application_take_part(serve: Any) -> None:
    async def handle(request: Request, exc: Exception) -> PlainTextResponse:
        return PlainTextResponse(f"{request.url.path}: {exc}", status_code=400)

    def teapot(request: Request, exc: Exception) -> PlainTextResponse:
        return PlainTextResponse("teapot", status_code=418)

    def prepare(app: Starlette) -> None:
        app.add_exception_handler(AppError, handle)
        app.add_exception_handler(418, teapot)

    with serve(Failing, prepare=prepare) as client:
        assert client.get("/fail/app").text == "/fail/app: known to the application"
        assert client.get("/fail/http").text == "teapot"
        assert client.get("/fail/missing").json()["code"] == "ORDER_NOT_FOUND"


def test_last_resort_of_the_application_gets_only_the_unexpected(serve: Any) -> None:
    def oops(request: Request, exc: Exception) -> PlainTextResponse:
        return PlainTextResponse("oops", status_code=500)

    with serve(Failing, prepare=lambda app: app.add_exception_handler(Exception, oops)) as client:
        assert client.get("/fail/bug").text == "oops"
        assert client.get("/fail/missing").json()["code"] == "ORDER_NOT_FOUND"


def test_failure_of_an_extra_route_is_a_problem(serve: Any) -> None:
    with serve(Failing, extra_routes=[Route("/extra", extra_failure)]) as client:
        response = client.get("/extra")

    assert (response.status_code, response.json()["detail"]) == (409, "from an extra route")


def test_response_that_fails_before_its_head_is_a_problem(serve: Any) -> None:
    with serve(Failing) as client:
        response = client.get("/fail/no-file")

    assert (response.status_code, response.json()["code"]) == (500, "INTERNAL_ERROR")


def test_response_that_fails_after_its_head_reaches_the_server(serve: Any) -> None:
    with serve(Failing) as client, pytest.raises(RuntimeError, match="too late"):
        client.get("/fail/broken-stream")


def test_failure_of_middleware_is_a_problem_too(new_context: Any) -> None:
    class Broken:
        def __init__(self, app: Any) -> None: ...

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            raise RuntimeError("secret detail")

    app = create_app(context=new_context(Failing))
    app.add_middleware(Broken)

    response = TestClient(app, raise_server_exceptions=False).get("/fail/missing")

    assert (response.status_code, response.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in response.text
