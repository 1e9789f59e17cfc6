# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime

import pytest

from pyfly.kernel import (
    ConflictException,
    ErrorCategory,
    ErrorResponse,
    ErrorSeverity,
    FieldError,
    PyFlyException,
    RateLimitException,
    ServiceUnavailableException,
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


def test_retry_after_comes_from_the_context() -> None:
    error = RateLimitException("slow down", context={"retry_after": 7.9})
    assert ErrorResponse.from_exception(error, path="/x").retry_after == 7


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
