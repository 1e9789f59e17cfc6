# SPDX-License-Identifier: Apache-2.0
"""What every `LoggingPort` does."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pyfly.config.store import Config
from pyfly.logging.context import log_context
from pyfly.logging.port import LoggingPort

_NAME = "pyfly_logging_contract"


class LoggingPortContract:
    """Derive a test class from this and define two fixtures.

    - ``adapter``: the port under test, made for each test and not configured yet. After the test, logging is
      as it was.
    - ``written``: returns what was written to standard output since it was last called, as text.

    The tests log as JSON, on loggers below ``pyfly_logging_contract``.
    """

    def test_is_the_port(self, adapter: LoggingPort) -> None:
        assert isinstance(adapter, LoggingPort)
        assert LoggingPort in type(adapter).__mro__

    def test_line_is_an_object_with_event_level_logger_time_and_fields(
        self, adapter: LoggingPort, written: Callable[[], str]
    ) -> None:
        configure(adapter)

        adapter.get_logger(_NAME).warning("order_placed", order_id=7, customer="ann")

        [line] = objects(written())
        assert list(line)[:4] == ["event", "level", "logger", "timestamp"]
        moment = datetime.fromisoformat(line.pop("timestamp"))
        assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
        assert line == {
            "event": "order_placed",
            "level": "warning",
            "logger": _NAME,
            "order_id": 7,
            "customer": "ann",
        }

    def test_record_of_a_plain_logger_looks_the_same(
        self, adapter: LoggingPort, written: Callable[[], str]
    ) -> None:
        configure(adapter)

        logging.getLogger(f"{_NAME}.sql").info("took %d ms", 3, extra={"statement": "select 1"})

        [line] = objects(written())
        del line["timestamp"]
        assert line == {
            "event": "took 3 ms",
            "level": "info",
            "logger": f"{_NAME}.sql",
            "statement": "select 1",
        }

    def test_bound_fields_and_arguments(self, adapter: LoggingPort, written: Callable[[], str]) -> None:
        configure(adapter)
        log = adapter.get_logger(_NAME).bind(tenant="acme", step=1)

        log.info("paid %s of %d", "half", 10, step=2)
        log.unbind("step").try_unbind("absent").info("shipped")
        log.new(carrier="dove").info("arrived")

        paid, shipped, arrived = objects(written())
        assert (paid["event"], paid["tenant"], paid["step"]) == ("paid half of 10", "acme", 2)
        assert (shipped["tenant"], "step" in shipped) == ("acme", False)
        assert (arrived["carrier"], "tenant" in arrived) == ("dove", False)

    def test_traceback_with_its_causes(self, adapter: LoggingPort, written: Callable[[], str]) -> None:
        configure(adapter)

        try:
            try:
                raise KeyError("cause")
            except KeyError as cause:
                raise ValueError("effect") from cause
        except ValueError:
            adapter.get_logger(_NAME).exception("failed")
            logging.getLogger(_NAME).exception("failed as well")

        for line in objects(written()):
            assert line["level"] == "error"
            assert "KeyError: 'cause'" in line["exception"]
            assert line["exception"].endswith("ValueError: effect")

    def test_logged_text_forges_no_line(self, adapter: LoggingPort, written: Callable[[], str]) -> None:
        configure(adapter)

        adapter.get_logger(_NAME).info('a\n{"event": "forged"}', user="eve\r\n\u2028\x1b[2J")

        [line] = objects(written())
        assert line["event"] == 'a\n{"event": "forged"}'
        assert line["user"] == "eve\r\n\u2028\x1b[2J"

    def test_context_of_the_caller(self, adapter: LoggingPort, written: Callable[[], str]) -> None:
        configure(adapter)

        with log_context(correlation_id="c-1"):
            adapter.get_logger(_NAME).info("inside")
            logging.getLogger(_NAME).info("inside")

        adapter.get_logger(_NAME).info("outside")

        assert [line.get("correlation_id") for line in objects(written())] == ["c-1", "c-1", None]

    def test_secrets_are_masked(self, adapter: LoggingPort, written: Callable[[], str]) -> None:
        configure(adapter)

        adapter.get_logger(_NAME).info("signed_in", password="hunter2", nested={"access_token": "hunter2"})
        logging.getLogger(_NAME).info("signed in", extra={"Password": "hunter2"})

        text = written()
        assert len(objects(text)) == 2
        assert "hunter2" not in text

    def test_level_by_logger(self, adapter: LoggingPort, written: Callable[[], str]) -> None:
        configure(adapter, level={"root": "WARN", _NAME: {"orders": "DEBUG"}})

        adapter.get_logger(_NAME).info("hidden")
        adapter.get_logger(f"{_NAME}.orders").debug("shown")

        assert [line["event"] for line in objects(written())] == ["shown"]

    def test_level_changes_at_once_for_loggers_that_exist(
        self, adapter: LoggingPort, written: Callable[[], str]
    ) -> None:
        configure(adapter)
        log = adapter.get_logger(_NAME)
        log.debug("hidden")

        adapter.set_level(_NAME, "debug")
        log.debug("shown")
        adapter.set_level(_NAME, "OFF")
        log.critical("hidden")

        assert [line["event"] for line in objects(written())] == ["shown"]

    def test_unknown_level_is_refused_at_run_time(self, adapter: LoggingPort) -> None:
        refusal = ""
        try:
            adapter.set_level(_NAME, "LOUD")
        except ValueError as error:
            refusal = str(error)

        assert "LOUD" in refusal

    def test_logger_made_before_honours_the_configuration(
        self, adapter: LoggingPort, written: Callable[[], str]
    ) -> None:
        log = adapter.get_logger(_NAME).bind(early=True)

        configure(adapter, level={_NAME: "DEBUG"})
        log.debug("first")
        adapter.configure(Config({"pyfly": {"logging": {"format": "logfmt", "level": {_NAME: "INFO"}}}}))
        log.debug("hidden")
        log.info("second")

        first, second = written().splitlines()
        assert json.loads(first)["early"] is True
        assert "event=second early=true" in second

    def test_configuring_again_writes_no_line_twice(
        self, adapter: LoggingPort, written: Callable[[], str]
    ) -> None:
        configure(adapter)
        configure(adapter)

        adapter.get_logger(_NAME).info("once")

        assert len(objects(written())) == 1

    def test_handlers_of_others_stay_and_get_no_secrets(self, adapter: LoggingPort) -> None:
        other = _Collecting()
        logging.getLogger().addHandler(other)

        configure(adapter)
        adapter.get_logger(_NAME).info("signed_in", password="hunter2")

        assert len(other.texts) == 1
        assert "hunter2" not in other.texts[0]

    def test_disabled_leaves_logging_alone(self, adapter: LoggingPort) -> None:
        root = logging.getLogger()
        before = root.handlers[:], root.level

        configure(adapter, enabled=False)

        assert (root.handlers, root.level) == before


def configure(adapter: LoggingPort, **settings: object) -> None:
    """Configure an adapter to log as JSON.

    Args:
        adapter: The adapter.
        settings: Further settings under ``pyfly.logging``.
    """
    adapter.configure(Config({"pyfly": {"logging": {"format": "json", **settings}}}))


def objects(text: str) -> list[dict[str, Any]]:
    """Read lines of JSON.

    Args:
        text: The lines.

    Raises:
        ValueError: A line is not one object.
    """
    return [json.loads(line) for line in text.splitlines()]


class _Collecting(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.getMessage()} {vars(record)}")
