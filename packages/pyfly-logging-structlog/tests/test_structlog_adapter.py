# SPDX-License-Identifier: Apache-2.0
import asyncio
import importlib
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

import pyfly.logging
from pyfly.config.store import Config
from pyfly.logging import StructuredLogger, get_logger
from pyfly.logging.adapters.structlog.adapter import StructlogAdapter
from pyfly.logging.adapters.structlog.bound_logger import StructlogLogger

Written = Callable[[], str]


def configured(**settings: Any) -> StructlogAdapter:
    adapter = StructlogAdapter()
    adapter.configure(Config({"pyfly": {"logging": {"format": "json", **settings}}}))
    return adapter


def lines(written: Written) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written().splitlines()]


class TestOwnLoggersOfStructlog:
    def test_join_the_pipeline(self, written: Written) -> None:
        configured()

        structlog.get_logger("shop").bind(order_id=7).info("charged %d times", 2, password="hunter2")

        [line] = lines(written)
        del line["timestamp"]
        assert line == {
            "event": "charged 2 times",
            "level": "info",
            "logger": "shop",
            "order_id": 7,
            "password": "<REDACTED>",
        }

    def test_without_a_name_are_called_as_their_module(self, written: Written) -> None:
        configured()

        structlog.get_logger().info("x")

        assert [line["logger"] for line in lines(written)] == [__name__]

    def test_made_before_the_configuration_follow_it(self, written: Written) -> None:
        log = structlog.get_logger("shop", early=True)

        configured()
        log.info("first")
        configured(format="logfmt", level={"shop": "WARN"})
        log.info("hidden")
        log.warning("second")

        first, second = written().splitlines()
        assert json.loads(first)["early"] is True
        assert "level=warning logger=shop event=second early=true" in second

    def test_follow_a_level_that_changes_at_run_time(self, written: Written) -> None:
        adapter = configured()
        log = structlog.get_logger("shop")
        log.debug("hidden")

        adapter.set_level("shop", "DEBUG")
        log.debug("shown")

        assert [line["event"] for line in lines(written)] == ["shown"]

    def test_context_can_be_asked_for(self) -> None:
        configured()

        assert structlog.get_context(structlog.get_logger("shop").bind(a=1)) == {"a": 1}

    def test_are_captured_by_the_test_helper_of_structlog(self, written: Written) -> None:
        configured()
        log = get_logger("shop").bind(a=1)
        log.info("before")

        with capture_logs() as captured:
            log.info("paid %s", "half", b=2)
            structlog.get_logger("shop").exception("failed")

        log.info("after")
        assert captured == [
            {"a": 1, "b": 2, "event": "paid half", "log_level": "info"},
            {"event": "failed", "exc_info": True, "log_level": "error"},
        ]
        assert [line["event"] for line in lines(written)] == ["before", "after"]

    def test_processor_that_is_added_runs_before_the_pipeline(self, written: Written) -> None:
        configured()
        log = structlog.get_logger("shop").bind(secret_plan="none", kept=1)

        def shorten(logger: Any, method: str, event: Any) -> Any:
            del event["secret_plan"]
            return {**event, "method": method}

        processors = structlog.get_config()["processors"]
        processors.append(shorten)
        try:
            log.warning("x")
        finally:
            processors.remove(shorten)

        [line] = lines(written)
        assert (line["method"], line["kept"], "secret_plan" in line) == ("warning", 1, False)

    def test_renderer_as_last_processor_gives_the_event(self, written: Written) -> None:
        configured()
        processors = structlog.get_config()["processors"]
        processors.append(structlog.processors.KeyValueRenderer(key_order=["event"]))
        try:
            structlog.get_logger("shop").info("x", a=1)
        finally:
            processors.clear()

        assert [line["event"] for line in lines(written)] == ["event='x' a=1"]


class TestContextVariables:
    def test_of_structlog_are_in_the_lines_of_all_loggers(self, written: Written) -> None:
        configured()

        with structlog.contextvars.bound_contextvars(order_id=7):
            get_logger("shop").info("a")
            logging.getLogger("sql").info("b")

        get_logger("shop").info("c")
        assert [line.get("order_id") for line in lines(written)] == [7, 7, None]

    def test_secrets_in_them_are_masked(self, written: Written) -> None:
        configured()

        with structlog.contextvars.bound_contextvars(api_key="hunter2"):
            get_logger("shop").info("a")

        assert "hunter2" not in written()

    async def test_tasks_have_their_own(self, written: Written) -> None:
        configured()

        async def handle(number: int) -> None:
            structlog.contextvars.bind_contextvars(number=number)
            await asyncio.sleep(0)
            await structlog.get_logger("shop").ainfo("handled", expected=number)

        await asyncio.gather(*(handle(number) for number in range(20)))

        found = lines(written)
        assert len(found) == 20
        assert all(line["number"] == line["expected"] for line in found)


class TestAsynchronousMethods:
    async def test_every_level_has_one(self, written: Written) -> None:
        configured(level={"shop": "DEBUG"})
        log = get_logger("shop")

        for method in (log.adebug, log.ainfo, log.awarning, log.awarn, log.aerror, log.acritical, log.afatal):
            await method("x %d", 1, a=2)

        await log.alog(logging.INFO, "x %d", 1, a=2)
        found = lines(written)
        assert [line["level"] for line in found] == [
            "debug",
            "info",
            "warning",
            "warning",
            "error",
            "critical",
            "critical",
            "info",
        ]
        assert {(line["event"], line["a"]) for line in found} == {("x 1", 2)}

    async def test_exception_is_that_of_the_caller(self, written: Written) -> None:
        configured()

        try:
            raise ValueError("broken")
        except ValueError:
            await get_logger("shop").aexception("failed")

        assert lines(written)[0]["exception"].endswith("ValueError: broken")

    async def test_disabled_level_writes_nothing(self, written: Written) -> None:
        configured()

        await get_logger("shop").adebug("x")

        assert written() == ""

    async def test_record_names_the_line_of_the_caller(self, caplog: pytest.LogCaptureFixture) -> None:
        configured()

        await get_logger("shop").awarning("here")

        assert caplog.records[0].funcName == "test_record_names_the_line_of_the_caller"


def test_record_names_the_line_of_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    configured()

    get_logger("shop").warning("here")
    structlog.get_logger("shop").bind(a=1).warning("here")

    assert {it.funcName for it in caplog.records} == {"test_record_names_the_line_of_the_caller"}


def test_disabled_logging_leaves_structlog_alone() -> None:
    configured(enabled=False)

    assert not structlog.is_configured()


class TestSelection:
    def test_get_logger_hands_out_loggers_of_structlog(self) -> None:
        assert isinstance(get_logger("shop"), StructlogLogger)

    def test_adapter_is_a_name_of_the_package(self) -> None:
        from pyfly.logging import StructlogAdapter as found

        assert found is StructlogAdapter
        assert "StructlogAdapter" in pyfly.logging.__all__
        assert "StructlogAdapter" in dir(pyfly.logging)

    def test_without_structlog_the_standard_library_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "structlog", None)
        importlib.reload(pyfly.logging)

        assert type(get_logger("shop")) is StructuredLogger
        assert type(pyfly.logging.get_logger("shop")) is StructuredLogger
        assert "StructlogAdapter" not in pyfly.logging.__all__
        with pytest.raises(ImportError, match="cannot import name 'StructlogAdapter'"):
            from pyfly.logging import StructlogAdapter as _  # noqa: F401  # what is tried here

    def test_redactor_is_looked_up_when_it_is_needed(
        self, written: Written, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pyfly.logging.structlog_adapter.build_redactor", lambda properties: None)

        configured()
        get_logger("shop").info("x", password="shown")

        assert "shown" in written()
