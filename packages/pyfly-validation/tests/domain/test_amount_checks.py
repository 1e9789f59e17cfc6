# SPDX-License-Identifier: Apache-2.0
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.validation.domain import (
    is_valid_amount,
    is_valid_interest_rate,
    valid_amount,
    valid_interest_rate,
)


@given(st.integers(1, 10**18 - 1), st.integers(0, 6))
def test_amount_is_accepted_in_every_form(units: int, places: int) -> None:
    amount = Decimal(units).scaleb(-places)

    assert is_valid_amount(amount)
    assert is_valid_amount(f"{amount:f}")
    assert is_valid_amount(units)
    assert valid_amount(amount) is amount


@pytest.mark.parametrize("value", [0.01, "0.01", "1e3", ".5", "5.", "+7", "999999999999999999.99"])
def test_number_above_zero_is_accepted(value: float | str) -> None:
    assert is_valid_amount(value)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        -1,
        "-0.01",
        float("nan"),
        float("inf"),
        "nan",
        "Infinity",
        Decimal("sNaN"),
        "1_000",
        "1,5",
        " 1",
        "1\n",
        "\uff11",
        "1e9999999999",
        "",
        None,
        [1],
        b"1",
        1 + 0j,
    ],
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    assert not is_valid_amount(value)


def test_refusal_says_what_is_wrong_with_the_amount() -> None:
    with pytest.raises(ValueError, match=r"^invalid amount$"):
        valid_amount("-1")


@pytest.mark.parametrize("zero", [0, 0.0, -0.0, "0.00", Decimal("0E+20")])
def test_zero_is_an_amount_only_when_allowed(zero: object) -> None:
    assert not is_valid_amount(zero)
    assert is_valid_amount(zero, allow_zero=True)


def test_digits_before_the_point_are_limited() -> None:
    assert is_valid_amount(10**18 - 1)
    assert not is_valid_amount(10**18)
    assert not is_valid_amount("1e18")
    assert is_valid_amount("99.9999", max_digits=2)
    assert not is_valid_amount("100", max_digits=2)


def test_precision_of_text_is_kept() -> None:
    assert not is_valid_amount("100.00000000000000000001", max_digits=2)
    assert not is_valid_interest_rate("100.00000000000000000001")


@pytest.mark.parametrize("value", [0, 100, 3.75, "3.75", Decimal("0.1")])
def test_rate_within_the_band_is_accepted(value: float | str | Decimal) -> None:
    assert valid_interest_rate(value) == value


@pytest.mark.parametrize("value", [-0.1, "100.01", True, None, "nan", float("inf"), "3%"])
def test_what_is_no_rate_is_refused(value: object) -> None:
    assert not is_valid_interest_rate(value)


def test_band_is_an_option_and_its_ends_belong_to_it() -> None:
    assert is_valid_interest_rate("0.1", min_pct=0.1, max_pct=0.3)
    assert is_valid_interest_rate(0.3, min_pct=0.1, max_pct=Decimal("0.3"))
    with pytest.raises(ValueError, match=r"^interest rate out of range$"):
        valid_interest_rate("0.31", min_pct=0.1, max_pct=0.3)
