# SPDX-License-Identifier: Apache-2.0
"""What a binding that fails tells: every problem, each with its key, rule, value, file and line."""

import logging
import pickle
import traceback
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest
from annotated_types import MinLen
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic.dataclasses import dataclass as validated_dataclass

from pyfly.config.binding import config_properties
from pyfly.config.errors import BindingError, BindingErrors, BindingProblem, ConfigurationError
from pyfly.config.secret import Secret
from pyfly.config.store import Config


@dataclass
class Pool:
    size: int
    idle: timedelta = timedelta(seconds=1)


@config_properties("shop")
@dataclass
class Shop:
    url: str
    port: int = 80
    pool: Pool = field(default_factory=lambda: Pool(1))
    hosts: list[str] = field(default_factory=list)


@config_properties("db")
@dataclass
class Database:
    user: Secret
    code: Annotated[SecretStr, MinLen(10)] | None = None


def error_of(config: Config, cls: type) -> BindingError:
    with pytest.raises(BindingError) as caught:
        config.bind(cls)

    return caught.value


def rendered(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def test_every_problem_is_told_with_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pyfly.yaml"
    path.write_text("shop:\n  port: many\n  pool:\n    idle: soon\n  hosts:\n    - a\n    - [b]\n")
    monkeypatch.setenv("PYFLY_SHOP_POOL_SIZE", "x")
    assert str(error_of(Config.from_file(path), Shop)) == (
        "Configuration validation failed for 'Shop' (prefix='shop'):\n"
        f"  shop.port: expected an integer, got 'many' (from {path}, line 2)\n"
        "  shop.pool.size: expected an integer, got 'x' (from environment variable PYFLY_SHOP_POOL_SIZE)\n"
        "  shop.pool.idle: expected a duration such as 30s, PT30S or a number of seconds, got 'soon' "
        f"(from {path}, line 4)\n"
        f"  shop.hosts[1]: expected text, got a list of 1 item (from {path}, line 7)\n"
        "  shop.url: expected text, got nothing"
    )


def test_problem_has_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "pyfly.toml"
    path.write_text("[shop]\nurl = 'x'\nport = true\n")
    (problem,) = error_of(Config.from_file(path), Shop).problems
    assert (problem.key, problem.expected, problem.got) == ("shop.port", "an integer", "True")
    assert str(problem.source).startswith(str(path))


def test_key_that_looks_like_a_missing_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pyfly.yaml"
    path.write_text("shop:\n  ulr: x\n")
    (problem,) = error_of(Config.from_file(path), Shop).problems
    assert str(problem) == (f"shop.url: expected text, got nothing; shop.ulr looks like it ({path}, line 2)")


def test_value_that_came_through_placeholders_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PORT", "abc")
    error = error_of(Config({"shop": {"url": "x", "port": "${DB_PORT:${other:80}}"}}), Shop)
    assert str(error.problems[0]) == (
        "shop.port: expected an integer, got 'abc' (from applicationConfig through ${DB_PORT}, ${other})"
    )


def test_placeholders_that_lead_nowhere_are_problems_like_others() -> None:
    section = {"url": "${nope}", "port": "x", "pool": {"size": "${shop.pool.size}"}, "hosts": ["${gone}"]}
    error = error_of(Config({"shop": section}), Shop)
    assert [str(problem) for problem in error.problems] == [
        "shop.url: expected a value for ${nope}, got nothing (from applicationConfig)",
        "shop.port: expected an integer, got 'x' (from applicationConfig)",
        "shop.pool.size: expected a value, got a circle: shop.pool.size -> shop.pool.size "
        "(from applicationConfig)",
        "shop.hosts[0]: expected a value for ${gone}, got nothing (from applicationConfig)",
    ]
    assert isinstance(error.__cause__, ConfigurationError)


def test_null_is_a_problem_where_a_value_is_needed() -> None:
    error = error_of(Config({"shop": {"url": None, "hosts": None}}), Shop)
    assert [str(problem) for problem in error.problems] == [
        "shop.url: expected text, got null (from applicationConfig)",
        "shop.hosts: expected a list, got null (from applicationConfig)",
    ]


def test_long_value_is_cut() -> None:
    error = error_of(Config({"shop": {"url": "x", "port": "9" * 5000 + "x"}}), Shop)
    assert len(str(error)) < 500


def test_refusal_by_the_class_is_told_with_its_reason() -> None:
    @config_properties("shop")
    @dataclass
    class Range:
        low: int = 0
        high: int = 0

        def __post_init__(self) -> None:
            if self.low > self.high:
                raise ValueError("low is above high")

    error = error_of(Config({"shop": {"low": 2}}), Range)
    assert str(error.problems[0]).startswith("shop: expected values that ")
    assert str(error.problems[0]).endswith(
        "Range accepts (low is above high), got a mapping (from applicationConfig)"
    )
    assert isinstance(error.__cause__, ValueError)


def test_secret_never_shows() -> None:
    section = {"user": ["hunter2"], "code": "hunter2"}
    error = error_of(Config({"db": section}), Database)
    assert [str(problem) for problem in error.problems] == [
        "db.user: expected text, got a list of 1 item (from applicationConfig)",
        "db.code: expected text of at least 10 characters, got '******' (from applicationConfig)",
    ]
    assert "hunter2" not in rendered(error)


def test_bound_secret_does_not_show() -> None:
    bound = Config({"db": {"user": "hunter2", "code": "hunter2-hunter2"}}).bind(Database)
    assert bound.user.reveal() == "hunter2"
    assert "hunter2" not in repr(bound)


def test_secret_in_a_list_or_a_mapping_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    @config_properties("keys")
    @dataclass
    class Keys:
        pair: tuple[Secret, Secret] = (Secret(""), Secret(""))
        named: dict[str, Secret] = field(default_factory=dict)
        either: Annotated[Secret, MinLen(20)] | None = None

    monkeypatch.setenv("PYFLY_KEYS_PAIR", "hunter2")
    error = error_of(Config({"keys": {"named": "hunter2", "either": "hunter2"}}), Keys)
    assert [problem.got for problem in error.problems] == ["'******'"] * 3


def test_secret_in_what_a_class_says_never_shows() -> None:
    @config_properties("db")
    @dataclass
    class Talkative:
        user: Secret
        password: str = ""

        def __post_init__(self) -> None:
            raise ValueError(f"cannot log in with {self.user.reveal() or self.password}")

    by_type = error_of(Config({"db": {"user": "hunter2"}}), Talkative)
    by_name = error_of(Config({"db": {"user": "", "password": "hunter2"}}), Talkative)
    for error in (by_type, by_name):
        assert "the reason holds a secret" in str(error)
        assert "hunter2" not in rendered(error)


class Login(BaseModel):
    pin: SecretStr = Field(min_length=10)
    password: str = Field(default="", max_length=3)
    own: Secret = Secret("")
    port: int = 0

    @field_validator("pin")
    @classmethod
    def checked(cls, pin: SecretStr) -> SecretStr:
        raise ValueError(f"{pin.get_secret_value()} is weak")


@config_properties("login")
class LoginModel(BaseModel):
    login: Login
    logins: list[Login] = []


@pytest.mark.parametrize("pin", ["hunter2", "hunter2-hunter2"])
def test_secret_of_a_model_never_shows_in_error_or_cause(pin: str) -> None:
    login = {"pin": pin, "password": "hunter2", "own": ["hunter2"], "port": "hunter2"}
    config = Config({"login": {"login": login, "logins": [{**login, "port": 1}]}})
    error = error_of(config, LoginModel)
    cause = error.__cause__
    assert isinstance(cause, ValidationError)
    assert cause.error_count() == len(error.problems) == 7
    # That a port holds the text of a secret cannot be known.
    assert rendered(error).replace("login.login.port: expected", "").count("hunter2") == 1
    assert "hunter2" not in str(cause)
    assert "hunter2" not in repr(cause.errors())


def test_dataclass_of_pydantic_is_told_like_a_model() -> None:
    @config_properties("login")
    @validated_dataclass
    class Checked:
        pin: SecretStr = Field(min_length=10)
        port: int = Field(default=1, ge=1)

    error = error_of(Config({"login": {"pin": "hunter2", "port": 0}}), Checked)
    assert [problem.key for problem in error.problems] == ["login.pin", "login.port"]
    assert "hunter2" not in rendered(error)


def test_empty_variable_is_passed_over_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PYFLY_SHOP_POOL_IDLE", " ")
    caplog.set_level(logging.WARNING, "pyfly.config")
    config = Config({"shop": {"url": "x", "pool": {"size": 1, "idle": 5}}})
    assert config.bind(Shop).pool.idle == config.bind(Shop).pool.idle == timedelta(seconds=5)
    assert caplog.messages == [
        "environment variable PYFLY_SHOP_POOL_IDLE is empty and counts as not set: "
        "shop.pool.idle takes a duration such as 30s, PT30S or a number of seconds"
    ]


def test_problems_of_several_classes_are_one_error() -> None:
    config = Config({"shop": {"port": "x"}})
    first, second = error_of(config, Shop), error_of(config, Database)
    error = BindingErrors([first, BindingErrors([second])])
    assert str(error) == (
        "Configuration validation failed for 'Shop' (prefix='shop'):\n"
        "  shop.port: expected an integer, got 'x' (from applicationConfig)\n"
        "  shop.url: expected text, got nothing\n"
        "Configuration validation failed for 'Database' (prefix='db'):\n"
        "  db.user: expected text, got nothing"
    )
    assert error.errors == (first, second)
    assert error.problems == (*first.problems, *second.problems)
    assert isinstance(error, ValueError)
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_problem_may_have_a_hint() -> None:
    problem = BindingProblem("a", "text", None, None, "b looks like it")
    assert str(problem) == "a: expected text, got nothing; b looks like it"


def test_single_value_of_a_secret_key_does_not_show() -> None:
    from pyfly.config.value import Value

    value: Any = Value("${db.password}")
    with pytest.raises(ConfigurationError) as caught:
        value.__pyfly_provide__(lambda _: Config({"db": {"password": "hunter2"}}), int)

    assert str(caught.value) == "${db.password}: expected an integer, got '******'"
