# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.validation.domain import is_valid_currency_code, valid_currency_code


@pytest.mark.parametrize("code", ["EUR", "USD", "JPY", "ZWG", "XCG", "SLE", "VED", "XAU", "CHE"])
def test_active_code_is_accepted(code: str) -> None:
    assert valid_currency_code(code) == code


@pytest.mark.parametrize("code", ["HRK", "ANG", "BGN", "CUC", "SLL", "ZWL", "DEM"])
def test_withdrawn_code_is_refused(code: str) -> None:
    assert not is_valid_currency_code(code)


@pytest.mark.parametrize(
    "value", ["eur", "EU", "EURO", "EUR\n", " EUR", "XXX", "XTS", "", None, 978, ["EUR"]]
)
def test_what_is_no_currency_is_refused(value: object) -> None:
    assert not is_valid_currency_code(value)


def test_refusal_says_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"^invalid currency code$"):
        valid_currency_code("euro")
