# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.validation.domain import is_valid_credit_card, is_valid_cvv, valid_credit_card, valid_cvv

ISSUERS = {
    "4": (13, 16, 19),
    "2221": (16,),
    "2500": (16,),
    "272099": (16,),
    "51": (16,),
    "55": (16,),
    "34": (15,),
    "37": (15,),
    "300": (14, 16, 19),
    "36": (14, 19),
    "3528": (16, 19),
    "3589": (16,),
    "1800": (15,),
    "6011": (16, 19),
    "644": (16,),
    "65": (16, 19),
    "62": (16, 17, 18, 19),
    "8171": (16,),
    "5018": (12, 13, 19),
    "56": (12,),
    "6304": (12, 19),
    "6759": (16,),
}


@st.composite
def cards(draw: st.DrawFn) -> str:
    """Build a number by the algorithm of Luhn: the last digit makes the sum a multiple of ten."""
    issuer = draw(st.sampled_from(sorted(ISSUERS)))
    size = draw(st.sampled_from(ISSUERS[issuer])) - len(issuer) - 1
    number = issuer + draw(st.text("0123456789", min_size=size, max_size=size))
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[::-2])
    return f"{number}{-(doubled + sum(map(int, number[-2::-2]))) % 10}"


@given(cards())
def test_card_with_the_right_check_digit_is_accepted(card: str) -> None:
    assert is_valid_credit_card(card)
    assert is_valid_credit_card(f"{card[:4]} {card[4:8]}-{card[8:]}")
    assert valid_credit_card(card) == card


@given(cards(), st.data())
def test_card_with_one_wrong_digit_is_refused(card: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(card) - 1))
    digit = data.draw(st.sampled_from("0123456789".replace(card[place], "")))

    assert not is_valid_credit_card(f"{card[:place]}{digit}{card[place + 1 :]}")


@pytest.mark.parametrize(
    "card",
    [
        "4111 1111 1111 1111",
        "4222222222222",
        "5555-5555-5555-4444",
        "2223003122003222",
        "378282246310005",
        "6011111111111117",
        "6011000990139424",
        "30569309025904",
        "3530111333300000",
        "6200000000000005",
        "6759649826438453",
    ],
)
def test_test_card_of_a_scheme_is_accepted(card: str) -> None:
    assert is_valid_credit_card(card)


@pytest.mark.parametrize(
    "value",
    [
        "4111111111111112",  # the sum is not a multiple of ten
        "0000000000000000",  # of no scheme
        "2221000000000",  # Mastercard has 16 digits
        "2220000000000000",  # one below the range
        "2721000000000004",  # one above it
        "41111111111",  # too short
        "4111111111111111\n",
        "\u00b2" * 16,
        "\uff14" + "111111111111111",
        "4111.1111.1111.1111",
        "",
    ],
)
def test_what_is_no_card_is_refused(value: str) -> None:
    assert not is_valid_credit_card(value)
    with pytest.raises(ValueError, match=r"^invalid credit card number$"):
        valid_credit_card(value)


@pytest.mark.parametrize("value", ["123", "0000"])
def test_security_code_of_three_or_four_digits_is_accepted(value: str) -> None:
    assert valid_cvv(value) == value


@pytest.mark.parametrize("value", ["12", "12345", "12a", "123\n", "\uff11\uff12\uff13", "1\u00b23"])
def test_what_is_no_security_code_is_refused(value: str) -> None:
    assert not is_valid_cvv(value)
    with pytest.raises(ValueError, match=r"^invalid CVV$"):
        valid_cvv(value)
