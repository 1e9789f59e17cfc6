# SPDX-License-Identifier: Apache-2.0
import copy
import json
import logging
import pickle
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from pyfly.config.secret import Secret

SECRET = Secret("hunter2")


@dataclass(frozen=True)
class Account:
    user: str
    password: Secret


class Login(BaseModel):
    password: Secret


@pytest.mark.parametrize(
    "text",
    [
        repr(SECRET),
        str(SECRET),
        f"{SECRET}",
        f"{SECRET!r:>30}",
        f"{SECRET:>10}",
        repr([SECRET]),
    ],
)
def test_no_text_shows_it(text: str) -> None:
    assert "hunter2" not in text
    assert "******" in text


def test_what_holds_it_does_not_show_it() -> None:
    assert repr(Account("ann", SECRET)) == "Account(user='ann', password=Secret('******'))"


def test_log_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("shop").warning("password %s, %r", SECRET, SECRET)
    assert caplog.messages == ["password ******, Secret('******')"]


def test_json_does_not_show_it() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(SECRET)


def test_text_is_revealed_on_demand() -> None:
    assert SECRET.reveal() == "hunter2"


@given(st.text(), st.text())
def test_secrets_are_equal_when_their_texts_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert Secret(one) == Secret(one)
    assert hash(Secret(one)) == hash(Secret(one))
    assert Secret(one) != one
    assert bool(Secret(one)) is bool(one)


def test_hash_is_not_the_hash_of_the_text() -> None:
    assert hash(SECRET) != hash("hunter2")


def test_copies_are_equal() -> None:
    assert copy.copy(SECRET) is copy.deepcopy(SECRET) is SECRET
    assert asdict(Account("ann", SECRET)) == {"user": "ann", "password": SECRET}
    assert pickle.loads(pickle.dumps(SECRET)) == SECRET


def test_attributes_cannot_be_listed() -> None:
    with pytest.raises(TypeError):
        vars(SECRET)


def test_only_text_can_be_hidden() -> None:
    with pytest.raises(TypeError, match=r"^expected text to hide, got an object of type bytes$"):
        Secret(b"hunter2")  # type: ignore[arg-type]  # what is tested


def test_model_reads_text_and_writes_nothing_of_it() -> None:
    login = Login.model_validate({"password": "hunter2"})
    assert login.password == SECRET == Login(password=SECRET).password
    assert login.model_dump_json() == '{"password":"******"}'
    assert "hunter2" not in repr(login)


def test_model_refuses_what_is_no_text() -> None:
    with pytest.raises(ValidationError, match="expected text to hide"):
        Login.model_validate({"password": 5})
