# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.validation.domain import (
    is_strong_password,
    is_valid_pin,
    pin,
    valid_pin,
    valid_strong_password,
)


def test_pin_has_exactly_its_digits() -> None:
    assert valid_pin("0123") == "0123"
    assert valid_pin("012345", length=6) == "012345"
    assert not is_valid_pin("012345")
    assert not is_valid_pin("0123", length=6)


@pytest.mark.parametrize("value", ["", "123", "12a4", "1234\n", "123\u00b2", "\uff11\uff12\uff13\uff14"])
def test_what_is_no_pin_is_refused(value: str) -> None:
    assert not is_valid_pin(value)
    with pytest.raises(ValueError, match=r"^invalid pin$"):
        valid_pin(value)


def test_pin_without_digits_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least one digit"):
        pin(length=0)


@pytest.mark.parametrize("value", ["Passw0rd!", "Pässw 0rd", "Пароль 1"])
def test_mixed_password_is_strong(value: str) -> None:
    assert valid_strong_password(value) == value


@pytest.mark.parametrize(
    "value", ["Pa0!", "passw0rd!", "PASSW0RD!", "Password!", "Passw0rdd", "Password\u00b2!"]
)
def test_password_that_lacks_something_is_weak(value: str) -> None:
    assert not is_strong_password(value)
    with pytest.raises(ValueError, match=r"^password is not strong enough$"):
        valid_strong_password(value)


def test_least_length_is_an_option() -> None:
    assert is_strong_password("Pa0!", min_length=4)
    assert not is_strong_password("Passw0rd!", min_length=10)
