# SPDX-License-Identifier: Apache-2.0
import pickle

import pytest

from pyfly import kernel
from pyfly.kernel import (
    BusinessException,
    CircuitBreakerException,
    ConflictException,
    ErrorCategory,
    ErrorSeverity,
    ForbiddenException,
    InfrastructureException,
    PyFlyException,
    ServiceUnavailableException,
    is_expected_error,
)

STATUSES = {
    "PyFlyException": 500,
    "BusinessException": 400,
    "ValidationException": 422,
    "ResourceNotFoundException": 404,
    "ConflictException": 409,
    "PreconditionFailedException": 412,
    "GoneException": 410,
    "InvalidRequestException": 400,
    "DataIntegrityException": 409,
    "ConcurrencyException": 409,
    "LockedResourceException": 423,
    "MethodNotAllowedException": 405,
    "UnsupportedMediaTypeException": 415,
    "PayloadTooLargeException": 413,
    "SecurityException": 403,
    "UnauthorizedException": 401,
    "ForbiddenException": 403,
    "AuthorizationException": 403,
    "InfrastructureException": 502,
    "ServiceUnavailableException": 503,
    "CircuitBreakerException": 503,
    "RateLimitException": 429,
    "QuotaExceededException": 429,
    "BulkheadException": 503,
    "OperationTimeoutException": 504,
    "RetryExhaustedException": 502,
    "DegradedServiceException": 503,
    "NotImplementedException": 501,
    "ExternalServiceException": 502,
    "ThirdPartyServiceException": 502,
    "BadGatewayException": 502,
    "GatewayTimeoutException": 504,
    "PluginException": 500,
    "PluginLoadError": 500,
    "PluginStartError": 500,
    "PluginStopError": 500,
    "PluginStateError": 500,
}


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_each_class_carries_its_status(name: str, status: int) -> None:
    assert getattr(kernel, name).http_status == status


def test_every_exported_exception_has_a_status_in_the_table() -> None:
    exported = [
        name
        for name in kernel.__all__
        if isinstance(getattr(kernel, name), type) and issubclass(getattr(kernel, name), Exception)
    ]
    assert sorted(exported) == sorted(STATUSES)


def test_message_is_the_text_of_the_error() -> None:
    assert str(ConflictException("already paid")) == "already paid"


def test_code_and_context_are_empty_unless_given() -> None:
    error = PyFlyException("failed")
    assert (error.code, error.context) == (None, {})


def test_each_instance_has_a_context_of_its_own() -> None:
    assert PyFlyException("a").context is not PyFlyException("a").context


def test_context_is_copied() -> None:
    facts = {"order": "o-1"}
    error = PyFlyException("failed", context=facts)
    facts["order"] = "o-2"
    assert error.context == {"order": "o-1"}


def test_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(ConflictException("already paid", "ORDER_PAID", {"order": "o-1"})))
    assert (str(error), error.code, error.context) == ("already paid", "ORDER_PAID", {"order": "o-1"})


def test_subclass_inherits_the_facts_it_does_not_override() -> None:
    class OutOfStock(ConflictException):
        severity = ErrorSeverity.HIGH

    assert (OutOfStock.http_status, OutOfStock.category, OutOfStock.severity) == (
        409,
        ErrorCategory.RESOURCE,
        ErrorSeverity.HIGH,
    )


def test_errors_that_may_pass_are_retryable() -> None:
    assert ServiceUnavailableException.retryable
    assert CircuitBreakerException.category is ErrorCategory.CIRCUIT_BREAKER
    assert not ForbiddenException.retryable


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BusinessException("x"), True),
        (ForbiddenException("x"), True),
        (InfrastructureException("x"), False),
        (PyFlyException("x"), False),
        (ValueError("x"), False),
    ],
)
def test_expected_errors_are_those_of_business_and_security(error: Exception, expected: bool) -> None:
    assert is_expected_error(error) is expected
