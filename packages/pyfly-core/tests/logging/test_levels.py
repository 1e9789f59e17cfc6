# SPDX-License-Identifier: Apache-2.0
import logging

import pytest

from pyfly.config.store import Config
from pyfly.logging import StdlibLoggingAdapter
from pyfly.logging.levels import (
    LEVELS,
    LoggerLevel,
    change_level,
    level_name,
    logger_level,
    logger_levels,
    parse_level,
)


def configured(**levels: object) -> StdlibLoggingAdapter:
    adapter = StdlibLoggingAdapter()
    adapter.configure(Config({"pyfly": {"logging": {"level": levels}}}))
    return adapter


@pytest.mark.parametrize("name", LEVELS)
def test_names_and_numbers(name: str) -> None:
    shown = {"WARNING": "WARN", "FATAL": "CRITICAL"}.get(name, name)

    assert level_name(parse_level(name.lower())) == shown


@pytest.mark.parametrize("off", [False, "false", "False", "off"])
def test_what_yaml_makes_of_off(off: str | bool) -> None:
    assert parse_level(off) == LEVELS["OFF"]


def test_number_without_a_name() -> None:
    assert level_name(15) == "Level 15"


def test_levels_of_one_logger() -> None:
    configured(root="WARN", shop="DEBUG")

    assert logger_level("shop") == LoggerLevel("DEBUG", "DEBUG")
    assert logger_level("shop.orders.absent") == LoggerLevel(None, "DEBUG")
    assert logger_level("other.absent") == LoggerLevel(None, "WARN")
    assert logger_level("root") == logger_level("ROOT") == LoggerLevel("WARN", "WARN")


def test_asking_makes_no_logger() -> None:
    logger_level("never.made")

    assert "never.made" not in logging.getLogger().manager.loggerDict


def test_levels_of_all_loggers() -> None:
    configured(root="WARN", shop="DEBUG")
    logging.getLogger("shop.orders")

    levels = logger_levels()

    assert next(iter(levels.items())) == ("ROOT", LoggerLevel("WARN", "WARN"))
    assert levels["shop"] == LoggerLevel("DEBUG", "DEBUG")
    assert levels["shop.orders"] == LoggerLevel(None, "DEBUG")
    assert list(levels)[1:] == sorted(list(levels)[1:])


def test_reset_follows_the_loggers_above() -> None:
    adapter = configured(root="WARN", shop="DEBUG")

    adapter.set_level("shop", None)
    adapter.set_level("root", None)

    assert logger_level("shop") == LoggerLevel(None, "INFO")
    assert logger_level("root") == LoggerLevel("INFO", "INFO")


def test_level_of_run_time_ends_with_the_next_configuration() -> None:
    adapter = configured()
    adapter.set_level("shop", "TRACE")

    adapter.configure(Config({}))

    assert logger_level("shop") == LoggerLevel(None, "INFO")


def test_level_can_be_changed_without_an_adapter() -> None:
    change_level("shop", "error")

    assert logger_level("shop") == LoggerLevel("ERROR", "ERROR")


def test_root_is_info_unless_it_is_named() -> None:
    configured(shop="DEBUG")

    assert logger_level("root") == LoggerLevel("INFO", "INFO")
