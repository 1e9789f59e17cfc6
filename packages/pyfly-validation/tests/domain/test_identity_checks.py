# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.validation.domain import (
    is_valid_national_id,
    is_valid_phone_number,
    is_valid_tax_id,
    valid_national_id,
    valid_phone_number,
    valid_tax_id,
)


@pytest.mark.parametrize(
    "value", ["+44 20 7946 0000", "4915112345678", "+1-202-555-0143", "1234567", "1" * 15]
)
def test_phone_number_is_accepted(value: str) -> None:
    assert valid_phone_number(value) == value


@pytest.mark.parametrize(
    "value",
    ["0201234567", "123456", "1" * 16, "++441234567", "44(20)79460000", "1234567\n", "123456\u0667", "+"],
)
def test_what_is_no_phone_number_is_refused(value: str) -> None:
    assert not is_valid_phone_number(value)
    with pytest.raises(ValueError, match=r"^invalid phone number$"):
        valid_phone_number(value)


@pytest.mark.parametrize("value", ["B12345678", "de123456789", "abc"])
def test_tax_id_is_accepted(value: str) -> None:
    assert valid_tax_id(value) == value


@pytest.mark.parametrize("value", ["ab", "a" * 21, "DE 123", "DE123\n", "\u00df\u00df\u00df", "12\u00b2"])
def test_what_is_no_tax_id_is_refused(value: str) -> None:
    assert not is_valid_tax_id(value)
    with pytest.raises(ValueError, match=r"^invalid tax id$"):
        valid_tax_id(value)


@pytest.mark.parametrize("value", ["12345678-z", "QQ 12 34 56 C", "12345"])
def test_national_id_is_accepted(value: str) -> None:
    assert valid_national_id(value) == value


@pytest.mark.parametrize("value", ["1234", "- - - -", "a" * 21, "12345\n", "1234\u00e9"])
def test_what_is_no_national_id_is_refused(value: str) -> None:
    assert not is_valid_national_id(value)
    with pytest.raises(ValueError, match=r"^invalid national id$"):
        valid_national_id(value)
