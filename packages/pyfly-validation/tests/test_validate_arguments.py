# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from pyfly.kernel import ValidationException
from pyfly.validation import validate_arguments
from pyfly.validation.domain import Iban


class Payment(BaseModel):
    to: Iban


class Account:
    @validate_arguments
    def pay(
        self, payment: Payment, amount: Annotated[int, Field(gt=0)], *, note: str = ""
    ) -> tuple[Any, ...]:
        return payment, amount, note

    @validate_arguments
    def merge(self, other: "Account", share: Annotated[int, Field(le=100)] = 100) -> "Account":
        return other


@validate_arguments
async def later(count: int) -> int:
    return count


@validate_arguments
def numbers(count: int) -> Iterator[int]:
    yield from range(count)


@validate_arguments
async def stream(count: int) -> AsyncIterator[int]:
    yield count


def test_arguments_are_converted_to_their_annotations() -> None:
    paid = Account().pay({"to": "NO9386011117947"}, "3", note="rent")  # type: ignore[arg-type]

    assert paid == (Payment(to="NO9386011117947"), 3, "rent")


def test_faults_begin_with_the_name_of_the_parameter_however_it_was_given() -> None:
    with pytest.raises(ValidationException) as caught:
        Account().pay({"to": "NO"}, amount=0)  # type: ignore[arg-type]

    assert caught.value.code == "VALIDATION_ERROR"
    assert [fault["loc"] for fault in caught.value.context["errors"]] == [("payment", "to"), ("amount",)]


def test_missing_and_unknown_arguments_are_faults() -> None:
    with pytest.raises(ValidationException) as caught:
        Account().pay(amount=1, until="today")  # type: ignore[call-arg]

    assert [fault["loc"] for fault in caught.value.context["errors"]] == [("payment",), ("until",)]


def test_annotation_may_name_the_class_itself() -> None:
    account = Account()

    assert Account().merge(account) is account
    with pytest.raises(ValidationException, match="share: Input should be less than or equal to 100"):
        account.merge(account, 101)


async def test_coroutine_function_is_validated() -> None:
    assert await later("3") == 3  # type: ignore[arg-type]
    with pytest.raises(ValidationException, match="count"):
        await later("many")  # type: ignore[arg-type]


async def test_generators_are_validated_when_iterated() -> None:
    assert list(numbers("2")) == [0, 1]  # type: ignore[arg-type]
    assert [item async for item in stream("2")] == [2]  # type: ignore[arg-type]
    with pytest.raises(ValidationException, match="count"):
        list(numbers("many"))  # type: ignore[arg-type]


def test_fault_inside_the_function_is_not_taken_for_one_of_its_arguments() -> None:
    @validate_arguments
    def broken(count: int) -> Payment:
        return Payment(to=str(count))

    with pytest.raises(ValueError, match="1 validation error for Payment"):
        broken(1)
