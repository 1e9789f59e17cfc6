# SPDX-License-Identifier: Apache-2.0
import re
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from pyfly.kernel import ValidationException
from pyfly.validation import domain, validate_model
from pyfly.validation.domain import (
    Amount,
    Bic,
    CreditCardNumber,
    CurrencyCode,
    Iban,
    InterestRate,
    Pin,
    amount,
    date_text,
    interest_rate,
    is_valid_amount,
    pin,
    strong_password,
)

TYPES: dict[str, tuple[object, str]] = {
    "AccountNumber": ("12345678", "1234"),
    "Amount": ("12.50", "-1"),
    "Bic": ("DEUTDEFF", "DEUT"),
    "CreditCardNumber": ("4111111111111111", "4111111111111112"),
    "CurrencyCode": ("EUR", "eur"),
    "Cvv": ("123", "12"),
    "DateText": ("2020-01-31", "2020-1-31"),
    "DateTimeText": ("2020-01-31T10:20:30Z", "2020-01-31"),
    "Iban": ("NO9386011117947", "NO9386011117948"),
    "InterestRate": ("3.5", "100.5"),
    "NationalId": ("12345678Z", "1234"),
    "PhoneNumber": ("+442079460000", "0"),
    "Pin": ("1234", "12345"),
    "SortCode": ("200000", "20000"),
    "StrongPassword": ("Passw0rd!", "password"),
    "TaxId": ("DE123456789", "D"),
}

PATTERN = TypeAdapter(Amount).json_schema()["pattern"]
PATTERN_WITH_ZERO = TypeAdapter(Annotated[Decimal, amount(allow_zero=True, max_digits=3)]).json_schema()[
    "pattern"
]


class Transfer(BaseModel):
    to: Iban
    bank: Bic | None = None
    amount: Amount
    currency: CurrencyCode = "EUR"


def test_every_type_has_a_sample_here() -> None:
    assert sorted(TYPES) == [name for name in domain.__all__ if name[0].isupper()]


@pytest.mark.parametrize("name", TYPES)
def test_type_takes_what_fits_and_refuses_what_does_not(name: str) -> None:
    good, bad = TYPES[name]
    adapter: TypeAdapter[Any] = TypeAdapter(getattr(domain, name))

    assert str(adapter.validate_python(good)) == good
    with pytest.raises(ValidationError):
        adapter.validate_python(bad)


@pytest.mark.parametrize("name", TYPES)
def test_type_describes_itself_in_json_schema(name: str) -> None:
    schema = TypeAdapter(getattr(domain, name)).json_schema()

    assert schema["format"]
    assert schema["description"].endswith(".")


def test_model_keeps_the_text_as_it_came_and_reads_the_amount_exactly() -> None:
    transfer = Transfer.model_validate({"to": "GB82 WEST 1234 5698 7654 32", "amount": "0.10"})

    assert transfer.to == "GB82 WEST 1234 5698 7654 32"
    assert transfer.amount == Decimal("0.10")


def test_fault_has_a_code_of_its_own_and_the_message_of_the_check() -> None:
    with pytest.raises(ValidationException) as caught:
        validate_model(Transfer, {"to": "GB82", "amount": True, "currency": "euro"})

    told = [(fault["loc"], fault["type"], fault["msg"]) for fault in caught.value.context["errors"]]
    assert told == [
        (("to",), "invalid_iban", "invalid IBAN"),
        (("amount",), "invalid_amount", "invalid amount"),
        (("currency",), "invalid_currency_code", "invalid currency code"),
    ]


def test_what_is_no_text_is_told_to_be_none() -> None:
    with pytest.raises(ValidationException, match="to: Input should be a valid string"):
        validate_model(Transfer, {"to": 82, "amount": 1})


def test_rules_take_the_options_of_their_checks() -> None:
    class Card(BaseModel):
        code: Annotated[str, pin(length=6)]
        balance: Annotated[Decimal, amount(allow_zero=True, max_digits=3)]
        until: Annotated[str, date_text(fmt="%m/%y")]
        rate: Annotated[Decimal, interest_rate(min_pct=1, max_pct=2)]

    card = Card.model_validate({"code": "123456", "balance": 0, "until": "01/30", "rate": "1.5"})

    assert card.model_dump(mode="json") == {"code": "123456", "balance": "0", "until": "01/30", "rate": "1.5"}
    with pytest.raises(ValidationError) as caught:
        Card.model_validate({"code": "1234", "balance": "1000", "until": "2030-01", "rate": 3})

    assert caught.value.error_count() == 4


@pytest.mark.parametrize("sent", ['"12.50"', "12.5"])
def test_strict_model_reads_amounts_from_json(sent: str) -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(strict=True)

        amount: Amount

    assert Strict.model_validate_json(f'{{"amount": {sent}}}').amount == Decimal("12.5")
    with pytest.raises(ValidationError, match="invalid amount"):
        Strict.model_validate_json('{"amount": true}')


@pytest.mark.parametrize("text", ["1_000", " 1", "\uff11", "1,5"])
def test_amount_is_no_text_that_only_the_conversion_would_accept(text: str) -> None:
    with pytest.raises(ValidationError, match="invalid amount"):
        TypeAdapter(Amount).validate_python(text)


@pytest.mark.parametrize("text", ["0", "0.00", "-1", "1000000000000000000", "1e18", "", "."])
def test_pattern_of_amounts_does_not_fit_what_is_none(text: str) -> None:
    assert not re.search(PATTERN, text)


@given(st.decimals(min_value=0, max_value=10**18 - 1, allow_nan=False).filter(bool))
def test_pattern_fits_amounts_as_they_are_written(value: Decimal) -> None:
    assert re.search(PATTERN, str(value))


@given(st.from_regex(PATTERN, fullmatch=True, alphabet="+.0123456789eE-"))
def test_what_fits_the_pattern_is_an_amount(text: str) -> None:
    assert is_valid_amount(text)


@given(st.from_regex(PATTERN_WITH_ZERO, fullmatch=True, alphabet="+.0123456789eE-"))
def test_what_fits_the_pattern_with_zero_is_an_amount_or_zero(text: str) -> None:
    assert is_valid_amount(text, allow_zero=True, max_digits=3)


def test_secret_is_checked_and_stays_one() -> None:
    class Login(BaseModel):
        password: Annotated[SecretStr, strong_password(min_length=10)]

    login = Login.model_validate({"password": "Passw0rd!!"})

    assert "Passw0rd" not in repr(login)
    with pytest.raises(ValidationError):
        Login.model_validate({"password": "Passw0rd!"})


def test_field_can_add_its_own_description() -> None:
    class Payment(BaseModel):
        card: Annotated[CreditCardNumber, Field(description="The card to charge.")]
        code: Pin

    card = Payment.model_json_schema()["properties"]["card"]

    assert card["description"] == "The card to charge."
    assert card["format"] == "credit-card"


def test_limits_are_part_of_the_schema() -> None:
    assert TypeAdapter(Amount).json_schema()["exclusiveMinimum"] == 0
    assert TypeAdapter(InterestRate).json_schema()["maximum"] == 100
    assert TypeAdapter(Pin).json_schema()["pattern"] == "^[0-9]{4}$"
