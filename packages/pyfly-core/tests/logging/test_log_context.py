# SPDX-License-Identifier: Apache-2.0
import asyncio
import json
import logging
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from pyfly.config.store import Config
from pyfly.logging import (
    StdlibLoggingAdapter,
    StructuredLogger,
    bind_log_context,
    clear_log_context,
    log_context,
    register_enricher,
    unbind_log_context,
    unregister_enricher,
)


@pytest.fixture
def log() -> StructuredLogger:
    return logger_with()


@pytest.fixture
def enrichers() -> Iterator[None]:
    yield
    unregister_enricher("test")


def logger_with(**settings: object) -> StructuredLogger:
    adapter = StdlibLoggingAdapter()
    adapter.configure(Config({"pyfly": {"logging": {"format": "json", **settings}}}))
    return adapter.get_logger("shop")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


class TestBoundFields:
    def test_nest_and_end(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        with log_context(tenant="acme", step=1):
            with log_context(step=2):
                log.info("inner")

            log.info("outer")

        log.info("outside")
        found = [(line.get("tenant"), line.get("step")) for line in lines(capsys)]
        assert found == [("acme", 2), ("acme", 1), (None, None)]

    def test_can_be_bound_and_taken_out(
        self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bind_log_context(a=1, b=2)
        unbind_log_context("a", "absent")
        log.info("x")
        clear_log_context()
        log.info("y")

        first, second = lines(capsys)
        assert ("a" in first, first["b"], "b" in second) == (False, 2, False)

    def test_fields_of_the_call_win(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        with log_context(step=1):
            log.info("x", step=2)
            logging.getLogger("shop").info("x", extra={"step": 2})

        assert [line["step"] for line in lines(capsys)] == [2, 2]

    def test_names_of_record_attributes_lose_nothing(
        self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with log_context(name="ann", level="gold", message="hi"):
            log.info("x")
            logging.getLogger("shop").info("x")

        first, second = lines(capsys)
        for line in (first, second):
            assert (line["event"], line["logger"], line["level"]) == ("x", "shop", "info")
            assert line["field_level"] == "gold"

        assert (first["name"], first["message"]) == ("ann", "hi")
        assert (second["field_name"], second["field_message"]) == ("ann", "hi")

    def test_secrets_are_masked(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        with log_context(api_key="hunter2"):
            log.info("x")

        assert "hunter2" not in capsys.readouterr().out

    def test_handlers_of_others_see_them(self, caplog: pytest.LogCaptureFixture) -> None:
        log = logger_with()

        with log_context(correlation_id="c-1"):
            log.info("x", order_id=7)
            logging.getLogger("shop").info("y")

        ours, foreign = caplog.records
        assert ours.getMessage() == "x | order_id=7 correlation_id=c-1"
        assert vars(foreign)["correlation_id"] == "c-1"

    async def test_tasks_have_their_own(
        self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]
    ) -> None:
        async def handle(number: int) -> None:
            bind_log_context(number=number)
            await asyncio.sleep(0)
            await asyncio.to_thread(log.info, "handled", expected=number)

        await asyncio.gather(*(handle(number) for number in range(20)))
        log.info("outside")

        *handled, outside = lines(capsys)
        assert len(handled) == 20
        assert all(line["number"] == line["expected"] for line in handled)
        assert "number" not in outside

    def test_threads_have_their_own(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        def work(number: int) -> None:
            with log_context(number=number):
                for _ in range(50):
                    log.info("worked", expected=number)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()

        for thread in threads:
            thread.join(10)

        found = lines(capsys)
        assert len(found) == 400
        assert all(line["number"] == line["expected"] for line in found)

    def test_is_that_of_the_call_when_another_thread_writes(self, capsys: pytest.CaptureFixture[str]) -> None:
        adapter = StdlibLoggingAdapter()
        adapter.configure(Config({"pyfly": {"logging": {"format": "json", "async": {"enabled": True}}}}))

        with log_context(correlation_id="c-1"):
            adapter.get_logger("shop").info("x")

        adapter.shutdown()
        assert [line["correlation_id"] for line in lines(capsys)] == ["c-1"]


@pytest.mark.usefixtures("enrichers")
class TestEnrichers:
    def test_add_fields_to_every_line(
        self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]
    ) -> None:
        register_enricher("test", lambda: {"request_id": "r-1"})

        log.info("x")
        logging.getLogger("sql").info("y")

        assert [line["request_id"] for line in lines(capsys)] == ["r-1", "r-1"]

    def test_bound_fields_win(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        register_enricher("test", lambda: {"request_id": "r-1"})

        with log_context(request_id="r-2"):
            log.info("x")

        assert [line["request_id"] for line in lines(capsys)] == ["r-2"]

    def test_same_name_is_replaced(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        register_enricher("test", lambda: {"a": 1})
        register_enricher("test", lambda: {"b": 2})

        log.info("x")

        [line] = lines(capsys)
        assert ("a" in line, line["b"]) == (False, 2)

    def test_nothing_to_add(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        register_enricher("test", lambda: None)

        log.info("x")

        assert list(lines(capsys)[0]) == ["event", "level", "logger", "timestamp"]

    def test_failure_breaks_no_line_and_is_told_once(
        self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail() -> NoReturn:
            raise LookupError("gone")

        register_enricher("test", fail)
        log.info("x")
        log.info("y")

        told, first, second = lines(capsys)
        assert (told["event"], told["enricher"]) == ("log_enricher_failed", "test")
        assert told["exception"].endswith("LookupError: gone")
        assert (first["event"], second["event"]) == ("x", "y")

    def test_one_that_logs_ends(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        def enrich() -> dict[str, object]:
            log.info("looking")
            return {"a": 1}

        register_enricher("test", enrich)
        log.info("x")

        looking, line = lines(capsys)
        assert (looking["event"], "a" in looking, line["a"]) == ("looking", False, 1)


class TestTraceIds:
    @pytest.fixture
    def span(self, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
        context = SimpleNamespace(trace_id=0xAB, span_id=0xCD, is_valid=True)
        span = SimpleNamespace(get_span_context=lambda: context)
        trace = SimpleNamespace(get_current_span=lambda: span)
        monkeypatch.setitem(sys.modules, "opentelemetry.trace", trace)
        return context

    @pytest.mark.usefixtures("span")
    def test_of_the_active_span(self, log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
        log.info("x", order_id=7)

        [line] = lines(capsys)
        assert list(line)[4:] == ["order_id", "trace_id", "span_id"]
        assert (line["trace_id"], line["span_id"]) == (f"{0xAB:032x}", f"{0xCD:016x}")

    def test_are_never_redacted(self, span: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
        # Digits that pass for the number of a card.
        span.trace_id = int("4111111111111111" * 2, 16)
        log = logger_with(redaction={"deny-fields": ["trace_id"]})

        log.info("x")

        assert lines(capsys)[0]["trace_id"] == "4111111111111111" * 2

    def test_without_a_valid_span_there_are_none(
        self, span: SimpleNamespace, log: StructuredLogger, capsys: pytest.CaptureFixture[str]
    ) -> None:
        span.is_valid = False

        log.info("x")

        assert "trace_id" not in lines(capsys)[0]
