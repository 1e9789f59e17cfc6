# SPDX-License-Identifier: Apache-2.0
"""What type checkers make of user code: checked by `hatch run types`, never run."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated, assert_type

from pydantic import BaseModel, SecretStr

from pyfly.validation import validate_arguments, validate_input, validate_model, validator
from pyfly.validation.domain import (
    Amount,
    CurrencyCode,
    Iban,
    is_valid_amount,
    is_valid_iban,
    pin,
    strong_password,
    valid_amount,
    valid_iban,
)


class Transfer(BaseModel):
    to: Iban
    amount: Amount
    currency: CurrencyCode = "EUR"
    code: Annotated[str, pin(length=6)]
    password: Annotated[SecretStr, strong_password()]


async def is_known(transfer: Transfer) -> bool:
    return bool(transfer.to)


@validate_input(Transfer, "transfer")
async def send(transfer: Transfer) -> int:
    return len(transfer.to)


@validate_arguments
def convert(amount: Amount, rate: Decimal = Decimal(1)) -> Decimal:
    return amount * rate


@validator(is_known, message="unknown")
async def stream(transfer: Transfer) -> AsyncIterator[str]:
    yield transfer.to


async def use(transfer: Transfer, anything: object) -> None:
    assert_type(transfer.to, str)
    assert_type(transfer.amount, Decimal)
    assert_type(transfer.password, SecretStr)
    assert_type(await send(transfer), int)
    assert_type(convert(Decimal(2)), Decimal)
    assert_type(validate_model(Transfer, {}), Transfer)
    assert_type(is_valid_iban(anything), bool)
    assert_type(is_valid_amount(None), bool)
    assert_type(valid_iban("x"), str)
    assert_type(valid_amount(Decimal(1)), Decimal)
    async for text in stream(transfer):
        assert_type(text, str)

    convert("two")  # type: ignore[arg-type]
    await send()  # type: ignore[call-arg]
