# SPDX-License-Identifier: Apache-2.0
import pytest
from pydantic import BaseModel

from pyfly.kernel import ValidationException
from pyfly.validation import validate_model


class Address(BaseModel):
    city: str


class Customer(BaseModel):
    name: str
    address: Address


def test_fitting_data_becomes_the_model() -> None:
    customer = validate_model(Customer, {"name": "Ada", "address": {"city": "London"}})

    assert customer == Customer(name="Ada", address=Address(city="London"))


def test_faults_are_listed_with_their_location() -> None:
    with pytest.raises(ValidationException) as caught:
        validate_model(Customer, {"address": {"city": 7}})

    assert caught.value.code == "VALIDATION_ERROR"
    assert [fault["loc"] for fault in caught.value.context["errors"]] == [("name",), ("address", "city")]


def test_message_joins_all_faults() -> None:
    with pytest.raises(ValidationException) as caught:
        validate_model(Customer, {"address": {"city": 7}})

    assert str(caught.value) == (
        "Validation failed: name: Field required; address.city: Input should be a valid string"
    )


def test_faults_do_not_advertise_a_url() -> None:
    with pytest.raises(ValidationException) as caught:
        validate_model(Customer, {})

    assert all("url" not in fault for fault in caught.value.context["errors"])
