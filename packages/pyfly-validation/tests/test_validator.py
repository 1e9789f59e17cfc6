# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from pyfly.kernel import ValidationException
from pyfly.validation import validator


async def is_known(name: str) -> bool:
    return name == "ada"


def test_true_predicate_lets_the_call_through() -> None:
    @validator(lambda amount: amount > 0)
    def pay(amount: int) -> int:
        return amount

    assert pay(3) == 3


def test_false_predicate_refuses_with_the_message() -> None:
    @validator(lambda amount: amount > 0, message="amount must be positive")
    def pay(amount: int) -> int:
        return amount

    with pytest.raises(ValidationException) as caught:
        pay(0)

    assert str(caught.value) == "amount must be positive"
    assert caught.value.code == "VALIDATION_ERROR"
    assert caught.value.context == {}


def test_predicate_of_a_method_sees_self() -> None:
    class Account:
        open = False

        @validator(lambda self, amount: self.open)
        def pay(self, amount: int) -> int:
            return amount

    with pytest.raises(ValidationException, match="Validation failed"):
        Account().pay(3)


def test_topmost_validator_runs_first() -> None:
    @validator(lambda amount: amount > 0, message="outer")
    @validator(lambda amount: amount > 1, message="inner")
    def pay(amount: int) -> int:
        return amount

    with pytest.raises(ValidationException, match="outer"):
        pay(0)


async def test_coroutine_function_is_guarded() -> None:
    @validator(lambda amount: amount > 0)
    async def pay(amount: int) -> int:
        return amount

    with pytest.raises(ValidationException):
        await pay(0)


async def test_asynchronous_predicate_is_awaited() -> None:
    @validator(is_known, message="unknown")
    async def greet(name: str) -> str:
        return f"hello {name}"

    assert await greet("ada") == "hello ada"
    with pytest.raises(ValidationException, match="unknown"):
        await greet("bob")


def test_asynchronous_predicate_cannot_guard_a_plain_function() -> None:
    with pytest.raises(TypeError, match="cannot await its predicate"):

        @validator(is_known)
        def greet(name: str) -> str:
            return name


def test_predicate_that_turns_out_asynchronous_is_an_error_not_a_pass() -> None:
    @validator(lambda name: is_known(name))
    def greet(name: str) -> str:
        return name

    with pytest.raises(TypeError, match="cannot await its predicate"):
        greet("bob")


def test_generator_is_guarded_when_iterated() -> None:
    @validator(lambda count: count > 0)
    def numbers(count: int) -> Iterator[int]:
        yield from range(count)

    assert list(numbers(2)) == [0, 1]
    with pytest.raises(ValidationException):
        list(numbers(0))
