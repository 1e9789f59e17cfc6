# SPDX-License-Identifier: Apache-2.0
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.validation.domain import (
    is_valid_account_number,
    is_valid_bic,
    is_valid_iban,
    is_valid_sort_code,
    valid_account_number,
    valid_bic,
    valid_iban,
    valid_sort_code,
)

DIGITS = string.digits
LETTERS_AND_DIGITS = string.ascii_uppercase + DIGITS
LENGTHS = {"AT": 20, "BE": 16, "DE": 22, "FR": 27, "LC": 32, "MT": 31, "NO": 15, "RU": 33}


@st.composite
def ibans(draw: st.DrawFn, alphabet: str = LETTERS_AND_DIGITS) -> str:
    """Build a number by the algorithm of ISO 7064: the check digits are 98 less the rest of 97."""
    country = draw(st.sampled_from(sorted(LENGTHS)))
    size = LENGTHS[country] - 4
    account = draw(st.text(alphabet, min_size=size, max_size=size))
    number = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{country}{98 - int(number) % 97:02d}{account}"


@given(ibans())
def test_iban_with_right_check_digits_is_accepted(iban: str) -> None:
    assert is_valid_iban(iban)
    assert is_valid_iban(iban.lower())
    assert is_valid_iban(f"{iban[:4]} {iban[4:8]} {iban[8:]}")
    assert valid_iban(iban) == iban


@given(ibans(DIGITS), st.data())
def test_iban_with_one_wrong_digit_is_refused(iban: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(2, len(iban) - 1))
    digit = data.draw(st.sampled_from(DIGITS.replace(iban[place], "")))

    assert not is_valid_iban(f"{iban[:place]}{digit}{iban[place + 1 :]}")


@given(ibans(DIGITS), st.data())
def test_iban_with_two_neighbours_exchanged_is_refused(iban: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(2, len(iban) - 2))
    exchanged = iban[:place] + iban[place + 1] + iban[place] + iban[place + 2 :]

    assert is_valid_iban(exchanged) == (exchanged == iban)


@pytest.mark.parametrize(
    "iban",
    [
        "BI4210000100010000332045181",
        "DJ2100010000000154000100186",
        "FK88SC123456789012",
        "LY83002048000020100120361",
        "MN121234123456789123",
        "NI45BAPR00000013000003558124",
        "OM810180000001299123456",
        "RU0304452522540817810538091310419",
        "SC18SSCB11010000000000001497USD",
        "SD8811123456789012",
        "SO211000001001000100141",
        "ST23000100010051845310146",
        "SV62CENR00000000000000700025",
        "TL380080012345678910157",
        "VA59001123000012345678",
        "YE15CBYE0001018861234567891234",
    ],
)
def test_example_of_the_registry_is_accepted(iban: str) -> None:
    assert is_valid_iban(iban)


@pytest.mark.parametrize(
    "value",
    [
        "GB82WEST1234569876543",  # too short for the country
        "GB82WEST123456987654321",  # too long for it
        "XX82WEST12345698765432",  # no such country
        "GB82WEST12345698765431",  # the check digits say no
        "DE00500105170648489890",  # 00 is never issued, though its rest is 1
        "NO9386011117947\n",
        "NO938601111794\uff17",
        "",
    ],
)
def test_what_is_no_iban_is_refused(value: str) -> None:
    assert not is_valid_iban(value)
    with pytest.raises(ValueError, match=r"^invalid IBAN$"):
        valid_iban(value)


@pytest.mark.parametrize("value", ["DEUTDEFF", "deutdeff500", "NEDSZAJJXXX"])
def test_bic_of_eight_or_eleven_characters_is_accepted(value: str) -> None:
    assert valid_bic(value) == value


@pytest.mark.parametrize(
    "value", ["DEUTDEF", "DEUTDEFF5", "DEUT1EFF", "DEUTDEFF\n", "DEUT DEFF", "DEUTDEF\u0660"]
)
def test_what_is_no_bic_is_refused(value: str) -> None:
    assert not is_valid_bic(value)
    with pytest.raises(ValueError, match=r"^invalid BIC$"):
        valid_bic(value)


@pytest.mark.parametrize("value", ["200000", "20-00-00", "20 00 00"])
def test_sort_code_of_six_digits_is_accepted(value: str) -> None:
    assert valid_sort_code(value) == value


@pytest.mark.parametrize("value", ["20-00-0", "20.00.00", "2000000", "20-00-0\u0660", "200000\n"])
def test_what_is_no_sort_code_is_refused(value: str) -> None:
    assert not is_valid_sort_code(value)
    with pytest.raises(ValueError, match=r"^invalid sort code$"):
        valid_sort_code(value)


@pytest.mark.parametrize("value", ["123456", "GB29NWBK60161331926819", "a" * 34])
def test_account_number_of_letters_and_digits_is_accepted(value: str) -> None:
    assert valid_account_number(value) == value


@pytest.mark.parametrize("value", ["12345", "a" * 35, "123-456", "12345\u00b2", "123456\n"])
def test_what_is_no_account_number_is_refused(value: str) -> None:
    assert not is_valid_account_number(value)
    with pytest.raises(ValueError, match=r"^invalid account number$"):
        valid_account_number(value)
