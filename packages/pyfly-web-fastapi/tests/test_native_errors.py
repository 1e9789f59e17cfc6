# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, HTTPException, Query
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field
from starlette.requests import Request

from pyfly.container.stereotypes import controller_advice
from pyfly.kernel.exceptions import ConflictException, ValidationException
from pyfly.web import exception_handler
from pyfly.web.adapters.fastapi.errors import register_exception_handlers


class Line(BaseModel):
    amount: int = Field(gt=0)


class Order(BaseModel):
    name: str
    lines: list[Line] = []
    password: str = ""


class Own(Exception):
    pass


def add_natives(app: FastAPI) -> None:
    @app.post("/orders")
    async def order(order: Order, page: Annotated[int, Query(ge=1)] = 1) -> str:
        return order.name

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "short and stout", headers={"x-tea": "1"})

    @app.get("/facts")
    async def facts() -> None:
        raise HTTPException(409, {"taken": ["a", "b"]})

    @app.get("/list")
    async def listed() -> None:
        raise HTTPException(400, ["a", "b"])

    @app.get("/internal")
    async def internal() -> None:
        raise HTTPException(503, "db.local:5432 is down")

    @app.get("/conflict")
    async def conflict() -> None:
        raise ConflictException("taken", code="TAKEN")

    @app.get("/own")
    async def own() -> None:
        raise Own


@controller_advice
class Advice:
    @exception_handler(ValidationException)
    async def invalid(self, exc: ValidationException) -> tuple[int, dict[str, Any]]:
        return 400, {"faults": len(exc.context["errors"])}


@pytest.fixture
def client(serve: Any) -> Any:
    with serve(prepare=add_natives) as client:
        yield client


def test_faults_are_told_as_controllers_tell_them(client: TestClient) -> None:
    response = client.post("/orders?page=0", json={"lines": [{"amount": 0}], "password": "hunter2"})

    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "VALIDATION_ERROR")
    assert response.headers["content-type"] == "application/problem+json"
    assert [(fault["field"], fault["loc"], fault["type"]) for fault in problem["errors"]] == [
        ("query.page", ["query", "page"], "greater_than_equal"),
        ("name", ["name"], "missing"),
        ("lines.0.amount", ["lines", 0, "amount"], "greater_than"),
    ]
    assert "hunter2" not in response.text


def test_body_that_is_no_json_is_told_with_its_position(client: TestClient) -> None:
    response = client.post("/orders", content=b'{"name": }', headers={"content-type": "application/json"})

    assert (response.status_code, response.json()["code"]) == (422, "VALIDATION_ERROR")
    assert response.json()["errors"][0]["loc"] == ["body", 9]


def test_http_exception_is_a_problem(client: TestClient) -> None:
    response = client.get("/teapot", headers={"x-request-id": "r-1"})

    assert (response.status_code, response.headers["x-tea"]) == (418, "1")
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.json()["detail"], response.json()["requestId"]) == ("short and stout", "r-1")


def test_detail_that_is_no_text_is_context(client: TestClient) -> None:
    facts, listed = client.get("/facts").json(), client.get("/list").json()

    assert (facts["detail"], facts["context"]) == ("Conflict", {"taken": ["a", "b"]})
    assert (listed["detail"], listed["context"]) == ("Bad Request", {"detail": ["a", "b"]})


def test_internal_detail_is_not_told(client: TestClient) -> None:
    response = client.get("/internal")

    assert response.status_code == 503
    assert "db.local" not in response.text


def test_errors_of_the_kernel_are_problems(client: TestClient) -> None:
    response = client.get("/conflict")

    assert (response.status_code, response.json()["code"]) == (409, "TAKEN")


def test_advice_answers_for_faults(serve: Any) -> None:
    with serve(Advice, prepare=add_natives) as client:
        response = client.post("/orders", json={})

    assert (response.status_code, response.json()) == (400, {"faults": 1})


def test_handler_of_the_application_answers_for_faults(serve: Any) -> None:
    def prepare(app: FastAPI) -> None:
        add_natives(app)

        @app.exception_handler(RequestValidationError)
        async def invalid(request: Request, exc: RequestValidationError) -> PlainTextResponse:
            return PlainTextResponse(f"{len(exc.errors())} faults", 400)

    with serve(prepare=prepare) as client:
        response = client.post("/orders", json={})

    assert (response.status_code, response.text) == (400, "1 faults")


def test_handler_of_the_application_answers_for_its_own_errors(serve: Any) -> None:
    def prepare(app: FastAPI) -> None:
        add_natives(app)

        @app.exception_handler(Own)
        def own(request: Request, exc: Own) -> PlainTextResponse:
            return PlainTextResponse("own", 409)

        @app.exception_handler(404)
        async def missing(request: Request, exc: HTTPException) -> PlainTextResponse:
            return PlainTextResponse("missing", 404)

    with serve(prepare=prepare) as client:
        assert (client.get("/own").status_code, client.get("/own").text) == (409, "own")
        assert client.get("/nothing").text == "missing"
        assert client.get("/nothing").headers["x-frame-options"] == "DENY"


def test_envelope_is_used_if_configured(serve: Any) -> None:
    config = {"pyfly": {"web": {"problem-details": {"enabled": False}}}}

    with serve(prepare=add_natives, config=config) as client:
        error = client.post("/orders", json={}).json()["error"]

    assert (error["status"], error["code"]) == (422, "VALIDATION_ERROR")


def test_application_of_the_factory_is_left_as_it_is(serve: Any) -> None:
    def prepare(app: FastAPI) -> None:
        add_natives(app)
        register_exception_handlers(app)

    with serve(Advice, prepare=prepare) as client:
        assert client.post("/orders", json={}).json() == {"faults": 1}


def test_other_application_of_fastapi_answers_with_problem_documents() -> None:
    app = FastAPI()
    add_natives(app)
    register_exception_handlers(app)
    client = TestClient(app, raise_server_exceptions=False)

    invalid, unknown, broken = client.post("/orders", json={}), client.get("/nothing"), client.get("/own")

    assert (invalid.status_code, invalid.json()["errors"][0]["field"]) == (422, "name")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")
    assert (broken.status_code, broken.json()["code"]) == (500, "INTERNAL_ERROR")
    assert (client.get("/conflict").status_code, client.get("/teapot").status_code) == (409, 418)
