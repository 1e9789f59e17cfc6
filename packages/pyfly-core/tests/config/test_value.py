# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pyfly.config.errors import ConfigurationError, UnresolvedPlaceholderError
from pyfly.config.store import Config
from pyfly.config.value import Value


def provider(config: Config) -> Callable[[type], Any]:
    beans: dict[type, Any] = {Config: config}
    return beans.__getitem__


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("${port}", 80),
        ("${missing:8080}", "8080"),
        ("${missing:}", ""),
        ("http://${host}:${port}", "http://h:80"),
        ("${missing:${host}}", "h"),
        ("#{${port} * 2}", 160),
        ("as it is", "as it is"),
    ],
)
def test_expression_is_resolved(expression: str, expected: object) -> None:
    assert Value(expression).resolve(Config({"host": "h", "port": 80})) == expected


def test_missing_key_is_named() -> None:
    with pytest.raises(KeyError, match=r"a\.b"):
        Value("${a.b}").resolve(Config())


def test_broken_setting_is_not_a_missing_one() -> None:
    with pytest.raises(UnresolvedPlaceholderError):
        Value("${a}").resolve(Config({"a": "${b}"}))


def test_variable_set_later_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"port": 80})
    monkeypatch.setenv("PYFLY_PORT", "81")
    assert Value("${port}").resolve(config) == 81


@pytest.mark.parametrize(
    ("expression", "target", "expected"),
    [
        ("${missing:8080}", int, 8080),
        ("${text}", int, 3),
        ("${text}", Any, "3"),
        ("${missing:a, b}", list[str], ["a", "b"]),
        ("${missing:}", int | None, None),
        ("${missing:5m}", timedelta, timedelta(minutes=5)),
        ("${flag}", bool, True),
    ],
)
def test_value_becomes_what_the_target_asks_for(expression: str, target: Any, expected: object) -> None:
    config = Config({"text": "3", "flag": "yes"})
    assert Value(expression).__pyfly_provide__(provider(config), target) == expected


def test_value_that_does_not_fit_is_shown() -> None:
    with pytest.raises(ConfigurationError, match=r"\$\{port\}: expected an integer, got 'http'"):
        Value("${port}").__pyfly_provide__(provider(Config({"port": "http"})), int)


def test_expression_is_kept() -> None:
    assert Value("${a}").expression == "${a}"
