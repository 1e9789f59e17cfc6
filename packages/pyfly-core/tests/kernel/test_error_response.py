# SPDX-License-Identifier: Apache-2.0
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pyfly.kernel import (
    BusinessException,
    ConflictException,
    ErrorCategory,
    ErrorResponse,
    ErrorSeverity,
    FieldError,
    PyFlyException,
    RateLimitException,
    ServiceUnavailableException,
    ValidationException,
)


def response(**overrides: object) -> ErrorResponse:
    values: dict[str, object] = {
        "timestamp": "2026-01-01T00:00:00+00:00",
        "status": 409,
        "error": "Conflict",
        "message": "already paid",
        "code": "ORDER_PAID",
        "path": "/orders/1",
    }
    return ErrorResponse(**{**values, **overrides})  # type: ignore[arg-type]  # the values fit their names


def test_what_is_not_set_is_left_out() -> None:
    assert response().to_dict() == {
        "timestamp": "2026-01-01T00:00:00+00:00",
        "status": 409,
        "error": "Conflict",
        "message": "already paid",
        "code": "ORDER_PAID",
        "path": "/orders/1",
        "category": "TECHNICAL",
        "severity": "MEDIUM",
        "retryable": False,
    }


def test_what_is_set_is_shown() -> None:
    body = response(
        transaction_id="t-1",
        retry_after=5,
        category=ErrorCategory.BUSINESS,
        severity=ErrorSeverity.LOW,
        field_errors=[FieldError("amount", "must be positive", -1)],
    ).to_dict()
    assert body["transaction_id"] == "t-1"
    assert body["retry_after"] == 5
    assert (body["category"], body["severity"]) == ("BUSINESS", "LOW")
    assert body["field_errors"] == [{"field": "amount", "message": "must be positive", "rejected_value": -1}]


def test_field_errors_are_not_shared_between_responses() -> None:
    assert response().field_errors is not response().field_errors


def test_exception_is_described_by_the_facts_of_its_class() -> None:
    found = ErrorResponse.from_exception(
        ConflictException("already paid", "ORDER_PAID", {"order": 1}), path="/x"
    )
    assert (found.status, found.error, found.code) == (409, "Conflict", "ORDER_PAID")
    assert found.category is ErrorCategory.RESOURCE
    assert found.debug_info == {"order": 1}


def test_exception_without_a_code_is_called_by_its_class() -> None:
    assert ErrorResponse.from_exception(ConflictException("x"), path="/x").code == "ConflictException"


def test_context_of_a_fault_stays_inside() -> None:
    error = ServiceUnavailableException("database down", context={"dsn": "secret"})
    assert ErrorResponse.from_exception(error, path="/x").debug_info is None


def test_foreign_exception_reveals_nothing() -> None:
    found = ErrorResponse.from_exception(KeyError("password"), path="/x")
    assert (found.status, found.code, found.message) == (500, "INTERNAL_ERROR", "Internal server error")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (7, 7),
        (7.1, 8),
        (-3, 0),
        (timedelta(minutes=2), 120),
        (True, None),
        (float("inf"), None),
        (float("nan"), None),
        ("soon", None),
    ],
)
def test_retry_after_comes_from_the_context_in_whole_seconds(given: object, told: int | None) -> None:
    error = RateLimitException("slow down", context={"retry_after": given})
    assert ErrorResponse.from_exception(error, path="/x").retry_after == told


def test_context_is_made_ready_for_json() -> None:
    class Unprintable:
        def __str__(self) -> str:
            raise LookupError

    endless: dict[str, object] = {}
    endless["self"] = endless
    facts: dict[Any, object] = {
        "ids": {1},
        2: (1.5, None, float("nan")),
        "when": date(2026, 1, 1),
        "odd": Unprintable(),
    }
    error = ConflictException("x", context={**facts, "endless": endless})

    body = ErrorResponse.from_exception(error, path="/x").to_dict()["debug_info"]

    assert json.loads(json.dumps(body)) == body
    assert {key: body[key] for key in ("ids", "2", "when", "odd")} == {
        "ids": [1],
        "2": [1.5, None, "nan"],
        "when": "2026-01-01",
        "odd": "<Unprintable>",
    }


FAULTS = [
    {"type": "missing", "loc": ("lines", 0, "sku"), "msg": "Field required", "input": {"card": "4111"}},
    {
        "type": "value_error",
        "loc": ("password",),
        "msg": "Value error, hunter2 is too short",
        "input": "hunter2",
        "ctx": {"error": ValueError("hunter2 is too short")},
        "url": "https://errors.pydantic.dev/2/v/value_error",
    },
]


def test_faults_become_field_errors_without_the_rejected_input() -> None:
    message = "Validation failed: lines.0.sku: Field required; password: Value error, hunter2 is too short"
    error = ValidationException(message, context={"errors": FAULTS, "form": "login"})

    body = ErrorResponse.from_exception(error, path="/x").to_dict()

    assert body["field_errors"] == [
        {"field": "lines.0.sku", "message": "Field required", "rejected_value": None},
        {"field": "password", "message": "Value error, ****** is too short", "rejected_value": None},
    ]
    assert body["message"].endswith("password: Value error, ****** is too short")
    assert body["debug_info"] == {"form": "login"}
    assert "hunter2" not in str(body)
    assert "4111" not in str(body)


def test_errors_of_another_shape_stay_in_the_context() -> None:
    error = ValidationException("x", context={"errors": ["no good", {"why": "bad", "input": "hunter2"}]})
    body = ErrorResponse.from_exception(error, path="/x").to_dict()
    assert body["debug_info"] == {"errors": ["no good", {"why": "bad"}]}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("amount", -1, -1),
        ("name", "x", "x"),
        ("name", None, None),
        ("day", date(2026, 1, 1), "2026-01-01"),
        ("price", Decimal("1.50"), "1.50"),
        ("password", "hunter2", "******"),
        ("user.apiKey", "k-1", "******"),
        ("card_pin", 1234, "******"),
        ("order", {"password": "hunter2"}, "******"),
        ("file", b"content", "******"),
    ],
)
def test_rejected_value_is_shown_unless_it_may_be_a_secret(field: str, value: object, told: object) -> None:
    body = response(field_errors=[FieldError(field, "is wrong", value)]).to_dict()
    assert body["field_errors"] == [{"field": field, "message": "is wrong", "rejected_value": told}]


def test_context_stays_inside_when_an_expected_error_has_a_status_of_faults() -> None:
    class Closed(BusinessException):
        http_status = 503

    found = ErrorResponse.from_exception(Closed("Closed for today", context={"host": "db-7"}), path="/x")
    assert (found.status, found.message, found.debug_info) == (503, "Closed for today", None)


def test_status_outside_the_standard_has_a_plain_reason() -> None:
    class Odd(PyFlyException):
        http_status = 599

    assert ErrorResponse.from_exception(Odd("x"), path="/x").error == "Error"


def test_timestamp_is_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    found = datetime.fromisoformat(ErrorResponse.from_exception(PyFlyException("x"), path="/x").timestamp)
    assert before <= found <= datetime.now(UTC)


def test_field_error_cannot_be_changed() -> None:
    error = FieldError("amount", "must be positive")
    with pytest.raises(AttributeError):
        error.field = "other"  # type: ignore[misc]  # that it fails is the point
