# SPDX-License-Identifier: Apache-2.0
from datetime import datetime, timedelta
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, field_validator

from pyfly.container.exceptions import BeanCreationException
from pyfly.kernel import (
    BusinessException,
    ConflictException,
    MethodNotAllowedException,
    RateLimitException,
    ResourceNotFoundException,
    ServiceUnavailableException,
    UnauthorizedException,
    ValidationException,
)
from pyfly.validation.errors import validation_exception
from pyfly.web.problems import Problem, problem_of


class Login(BaseModel):
    user: str
    password: str


def problem(exc: Exception) -> Problem:
    return problem_of(exc, path="/orders/7", request_id="r-1")


def test_members_of_a_problem() -> None:
    body = problem(ResourceNotFoundException("No order 7", code="ORDER_NOT_FOUND")).body

    assert datetime.fromisoformat(body.pop("timestamp")).utcoffset() is not None
    assert body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "No order 7",
        "instance": "/orders/7",
        "code": "ORDER_NOT_FOUND",
        "category": "RESOURCE",
        "requestId": "r-1",
    }


def test_code_defaults_to_the_class() -> None:
    assert problem(ConflictException("x")).body["code"] == "ConflictException"


def test_status_of_a_subclass_is_its_own() -> None:
    class TeapotException(ConflictException):
        http_status = 418

    assert problem(TeapotException("short and stout")).status == 418


def test_facts_are_told_in_json() -> None:
    body = problem(ConflictException("x", context={"ids": (1, 2), 3: object, "n": float("nan")})).body

    assert body["context"] == {"ids": [1, 2], "3": str(object), "n": "nan"}


def test_foreign_exception_tells_nothing() -> None:
    body = problem(RuntimeError("password=hunter2")).body

    assert (body["status"], body["detail"], body["code"]) == (500, "Internal server error", "INTERNAL_ERROR")
    assert "hunter2" not in str(body)


def test_failure_to_build_a_bean_tells_nothing() -> None:
    found = problem(BeanCreationException("resolution", "OrderService", "no database"))

    assert found.status == 500
    assert "OrderService" not in str(found.body)


@pytest.mark.parametrize(
    "text", ["host db:5432 is down", "SELECT name FROM users", "see https://wiki.local/x"]
)
def test_internal_text_of_a_fault_gives_way_to_the_phrase_of_the_status(text: str) -> None:
    body = problem(ServiceUnavailableException(text, code="BANK_DOWN")).body

    assert (body["status"], body["detail"], body["code"]) == (503, "Service Unavailable", "BANK_DOWN")
    assert text not in str(body)


def test_business_error_with_a_status_of_faults_keeps_its_facts_inside() -> None:
    class Closed(BusinessException):
        http_status = 503

    body = problem(Closed("Closed for today", context={"host": "db-7", "errors": ["db-7"]})).body

    assert body["detail"] == "Closed for today"
    assert "db-7" not in str(body)


def test_infrastructure_failure_keeps_its_facts_inside() -> None:
    body = problem(ServiceUnavailableException("Try again later", context={"host": "10.0.0.7"})).body

    assert (body["status"], body["detail"]) == (503, "Try again later")
    assert "10.0.0.7" not in str(body)


def test_faults_name_their_field_and_never_the_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Login.model_validate({"password": "hunter2"})

    body = problem(validation_exception(caught.value)).body

    assert body["errors"] == [{"type": "missing", "loc": ["user"], "msg": "Field required", "field": "user"}]
    assert "context" not in body
    assert "hunter2" not in str(body)


class Account(BaseModel):
    password: str
    pin: int
    nick: str

    @field_validator("password", "pin", "nick")
    @classmethod
    def refuse(cls, value: object) -> object:
        raise ValueError(f"{value} is not good enough")


def test_message_of_a_fault_does_not_repeat_the_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Account.model_validate({"password": "hunter2", "pin": 4711, "nick": "leet-name"})

    body = problem(validation_exception(caught.value)).body

    assert [(fault["field"], fault["msg"], fault["type"]) for fault in body["errors"]] == [
        ("password", "Value error, ****** is not good enough", "value_error"),
        ("pin", "Value error, ****** is not good enough", "value_error"),
        ("nick", "Value error, ****** is not good enough", "value_error"),
    ]
    assert body["detail"].startswith("Validation failed: password: Value error, ****** is not good enough;")
    for rejected in ("hunter2", "4711", "leet-name", "ctx", "input"):
        assert rejected not in str(body)


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


def test_rejected_tag_of_a_union_is_hidden() -> None:
    pets = TypeAdapter[Cat | Dog](Annotated[Cat | Dog, Field(discriminator="kind")])
    with pytest.raises(ValidationError) as caught:
        pets.validate_python({"kind": "tok-4711"})

    body = problem(validation_exception(caught.value)).body

    assert (
        "'******' found using 'kind' does not match any of the expected tags: 'cat', 'dog'" in body["detail"]
    )
    assert "tok-4711" not in str(body)


def test_message_keeps_words_that_merely_contain_the_input() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(int).validate_python("put")

    (fault,) = problem(validation_exception(caught.value)).body["errors"]

    assert fault["msg"] == "Input should be a valid integer, unable to parse string as an integer"


def test_faults_of_any_shape_are_rendered() -> None:
    assert problem(ValidationException("x", context={"errors": ["no good"]})).body["errors"] == ["no good"]


@pytest.mark.parametrize(
    ("exc", "headers"),
    [
        (RateLimitException("slow down", context={"retry_after": 1.2}), {"Retry-After": "2"}),
        (
            ServiceUnavailableException("x", context={"retry_after": timedelta(minutes=1)}),
            {"Retry-After": "60"},
        ),
        (
            UnauthorizedException("who?", context={"www_authenticate": "Bearer"}),
            {"WWW-Authenticate": "Bearer"},
        ),
        (MethodNotAllowedException("no", context={"allow": ["GET", "PUT"]}), {"Allow": "GET, PUT"}),
        (ConflictException("x", context={"retry_after": "soon"}), {}),
    ],
)
def test_headers_come_from_the_facts(exc: Exception, headers: dict[str, str]) -> None:
    assert problem(exc).headers == headers
