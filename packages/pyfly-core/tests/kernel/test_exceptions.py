# SPDX-License-Identifier: Apache-2.0
import copy
import pickle
from http import HTTPStatus

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

EXCEPTIONS = [
    found
    for found in (getattr(kernel, name) for name in kernel.__all__)
    if isinstance(found, type) and issubclass(found, Exception)
]


class OutOfStock(ConflictException):
    """An error of an application: with a constructor, a status and facts of its own."""

    severity = ErrorSeverity.HIGH

    def __init__(self, sku: str, *, left: int) -> None:
        super().__init__(f"{left} of {sku} left", code="OUT_OF_STOCK", context={"sku": sku})
        self.left = left


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


@pytest.mark.parametrize("kind", EXCEPTIONS)
def test_error_survives_pickling(kind: type[PyFlyException]) -> None:
    error = kind("already paid", "ORDER_PAID", {"order": "o-1", "lines": [1, {"sku": "s"}]})

    restored = pickle.loads(pickle.dumps(error))

    assert type(restored) is kind
    assert (str(restored), restored.code, restored.context) == (str(error), error.code, error.context)


def test_error_with_a_constructor_of_its_own_survives_pickling_and_copying() -> None:
    error = OutOfStock("tea", left=2)
    error.add_note("seen by the till")

    for restored in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(restored) is OutOfStock
        assert (str(restored), restored.left, restored.code) == ("2 of tea left", 2, "OUT_OF_STOCK")
        assert (restored.context, restored.__notes__) == ({"sku": "tea"}, ["seen by the till"])


def test_subclass_inherits_the_facts_it_does_not_override() -> None:
    assert (OutOfStock.http_status, OutOfStock.category, OutOfStock.severity) == (
        409,
        ErrorCategory.RESOURCE,
        ErrorSeverity.HIGH,
    )


def test_status_may_be_a_member_of_the_standard_library() -> None:
    class PaymentRequired(BusinessException):
        http_status = HTTPStatus.PAYMENT_REQUIRED

    assert type(PaymentRequired.http_status) is int
    assert PaymentRequired.http_status == 402


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        ("http_status", 200, "Odd.http_status: expected a status from 400 to 599, got 200"),
        ("http_status", "404", "Odd.http_status: expected a status from 400 to 599, got '404'"),
        ("category", "BUSINESS", "Odd.category: expected an ErrorCategory, got 'BUSINESS'"),
        ("severity", 3, "Odd.severity: expected an ErrorSeverity, got 3"),
        ("retryable", "no", "Odd.retryable: expected True or False, got 'no'"),
    ],
)
def test_wrong_fact_is_found_where_the_class_is_written(fact: str, value: object, text: str) -> None:
    with pytest.raises(TypeError) as caught:
        type("Odd", (BusinessException,), {fact: value})

    assert str(caught.value) == text


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
