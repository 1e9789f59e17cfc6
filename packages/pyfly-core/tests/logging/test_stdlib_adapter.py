# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import logging
import re
from typing import Any

import pytest

from pyfly.config.errors import BindingError
from pyfly.config.store import Config
from pyfly.logging import StdlibLoggingAdapter, StructuredLogger


def logger_of(name: str) -> StructuredLogger:
    return StdlibLoggingAdapter().get_logger(name)


def configured(**settings: Any) -> StdlibLoggingAdapter:
    adapter = StdlibLoggingAdapter()
    adapter.configure(Config({"pyfly": {"logging": settings}}))
    return adapter


def level_of(name: str) -> int:
    return logging.getLogger(name).level


class TestConsole:
    def test_line_has_time_level_logger_event_and_fields(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop.orders").info("order_placed", id=7, customer="ann")

        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[INFO\] shop\.orders: "
            r"order_placed \| id=7 customer=ann\n",
            capsys.readouterr().out,
        )

    def test_extra_of_plain_loggers_is_shown(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logging.getLogger("shop").warning("slow query %s", "q1", extra={"seconds": 2, "color_message": "x"})

        assert capsys.readouterr().out.endswith("[WARNING] shop: slow query q1 | seconds=2\n")

    def test_extra_beside_fields(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()
        logger = logging.LoggerAdapter(logging.getLogger("shop"), {"request": "r1"})

        logger.info("paid | id=7")

        assert capsys.readouterr().out.endswith("shop: paid | id=7 request=r1\n")

    def test_control_characters_cannot_forge_a_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop").info("login\n", user="eve\r\n[INFO] root: granted\x1b[2J\u2028\x85")

        [line] = capsys.readouterr().out.splitlines()
        assert line.endswith(r"login\n | user=eve\r\n[INFO] root: granted\x1b[2J\u2028\x85")

    def test_text_in_any_language_stays_readable(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop").info("größe\n", ort="東京")

        assert capsys.readouterr().out.endswith("größe\\n | ort=東京\n")

    def test_traceback_follows_indented(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        try:
            raise ValueError("broken\n2026-01-01 [INFO] root: forged\x1b")
        except ValueError:
            logger_of("shop").exception("payment_failed", id=7)

        head, *block = capsys.readouterr().out.splitlines()
        assert head.endswith("[ERROR] shop: payment_failed | id=7")
        assert block[0] == "  Traceback (most recent call last):"
        assert block[-2:] == ["  ValueError: broken", r"  2026-01-01 [INFO] root: forged\x1b"]

    def test_traceback_of_a_given_exception(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop").warning("retrying", exc_info=ValueError("broken"), attempt=2)

        assert capsys.readouterr().out.endswith("retrying | attempt=2\n  ValueError: broken\n")

    def test_output_that_cannot_show_a_character(self) -> None:
        configured()
        terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

        with contextlib.redirect_stdout(terminal):
            logger_of("shop").info("größe")

        terminal.seek(0)
        assert terminal.read().endswith("gr\\xf6\\xdfe\n")

    def test_follows_a_redirected_stdout(self) -> None:
        configured()

        with contextlib.redirect_stdout(io.StringIO()) as elsewhere:
            logger_of("shop").info("here")

        assert elsewhere.getvalue().endswith("shop: here\n")


class TestStructuredLogger:
    def test_bound_fields_come_first_and_can_be_overridden(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()
        log = logger_of("shop").bind(request="r1", step=1)

        log.info("paid", step=2)

        assert capsys.readouterr().out.endswith("paid | request=r1 step=2\n")

    def test_positional_arguments_fill_the_event(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop").info("paid %s of %d", "half", 10, id=7)

        assert capsys.readouterr().out.endswith("paid half of 10 | id=7\n")

    def test_arguments_that_do_not_fit_are_kept_as_a_field(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop").info("paid %d", "half", id=7)

        assert capsys.readouterr().out.endswith("paid %d | id=7 positional_args=('half',)\n")

    def test_single_mapping_fills_named_places(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop").info("paid %(part)s", {"part": "half"})

        assert capsys.readouterr().out.endswith("shop: paid half\n")

    def test_percent_sign_without_arguments_is_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()

        logger_of("shop").info("100%s done")

        assert capsys.readouterr().out.endswith("100%s done\n")

    def test_record_names_the_line_of_the_caller(self, caplog: pytest.LogCaptureFixture) -> None:
        logger_of("shop").warning("here")

        assert caplog.records[0].funcName == "test_record_names_the_line_of_the_caller"

    def test_every_level_has_a_method(self, caplog: pytest.LogCaptureFixture) -> None:
        configured(level={"shop": "debug"})
        log = logger_of("shop")

        for method in (log.debug, log.info, log.warning, log.error, log.critical, log.exception):
            method("x")

        assert [it.levelname for it in caplog.records] == [
            "DEBUG",
            "INFO",
            "WARNING",
            "ERROR",
            "CRITICAL",
            "ERROR",
        ]

    def test_disabled_level_renders_nothing(self) -> None:
        class Costly:
            def __str__(self) -> str:
                raise AssertionError

        configured(level={"root": "warn"})

        logger_of("shop").info("x", value=Costly())

    def test_name(self) -> None:
        assert logger_of("shop").name == "shop"
        assert logger_of("ROOT").name == "root"


class TestLevels:
    def test_root_is_info_by_default(self) -> None:
        configured()

        assert level_of("root") == logging.INFO

    @pytest.mark.parametrize(
        ("name", "number"),
        [
            ("TRACE", 5),
            ("debug", 10),
            ("Info", 20),
            ("WARN", 30),
            ("warning", 30),
            ("ERROR", 40),
            ("critical", 50),
            ("FATAL", 50),
            ("off", 1000),
            (False, 1000),
        ],
    )
    def test_one_table(self, name: str | bool, number: int) -> None:
        adapter = configured(level={"shop": name})
        assert level_of("shop") == number

        adapter.set_level("shop.orders", str(name) if name else "OFF")
        assert level_of("shop.orders") == number

    def test_dotted_and_nested_names(self) -> None:
        configured(level={"ROOT": "ERROR", "shop.orders": "DEBUG", "shop": {"orders": {"db": "TRACE"}}})

        assert level_of("root") == logging.ERROR
        assert level_of("shop.orders") == logging.DEBUG
        assert level_of("shop.orders.db") == 5

    def test_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_LOGGING_LEVEL_ROOT", "ERROR")
        monkeypatch.setenv("PYFLY_LOGGING_LEVEL_SHOP_ORDERS", "DEBUG")

        configured(level={"root": "INFO", "shop.orders.db": "TRACE"})

        assert level_of("root") == logging.ERROR
        assert level_of("shop.orders") == logging.DEBUG
        assert level_of("shop.orders.db") == 5

    def test_unknown_level_is_a_warning_and_changes_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured(level={"shop": "LOUD"})

        assert level_of("shop") == logging.NOTSET
        assert "unknown_log_level | key=pyfly.logging.level.shop level=LOUD" in capsys.readouterr().out

    def test_unknown_level_at_run_time_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="Unknown log level 'LOUD'; use one of TRACE, DEBUG, INFO"):
            StdlibLoggingAdapter().set_level("shop", "LOUD")

    @pytest.mark.parametrize("name", ["root", "ROOT", ""])
    def test_names_of_the_root_logger(self, name: str) -> None:
        configured().set_level(name, "ERROR")

        assert level_of("root") == logging.ERROR

    def test_level_counts_for_loggers_that_exist(self, capsys: pytest.CaptureFixture[str]) -> None:
        log = logger_of("shop")
        adapter = configured()

        adapter.set_level("shop", "DEBUG")
        log.debug("seen")

        assert "[DEBUG] shop: seen" in capsys.readouterr().out

    def test_trace_is_shown_by_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured(level={"shop": "TRACE"})

        logging.getLogger("shop").log(5, "detail")

        assert "[TRACE] shop: detail" in capsys.readouterr().out


class TestConfigure:
    def test_again_replaces_the_console_and_the_levels(self, capsys: pytest.CaptureFixture[str]) -> None:
        adapter = configured(level={"shop": "ERROR"})

        adapter.configure(Config({}))
        logger_of("shop").info("once")

        assert capsys.readouterr().out.count("once") == 1

    def test_second_adapter_takes_over_the_console(self, capsys: pytest.CaptureFixture[str]) -> None:
        configured()
        configured()

        logger_of("shop").info("once")

        assert capsys.readouterr().out.count("once") == 1

    def test_handlers_of_others_stay(self) -> None:
        other = logging.NullHandler()
        logging.getLogger().addHandler(other)

        configured()

        assert other in logging.getLogger().handlers

    @pytest.mark.parametrize("off", [False, "no"])
    def test_disabled_leaves_logging_as_it_is(self, off: object) -> None:
        before = logging.getLogger().handlers[:]

        configured(enabled=off, level={"shop": "ERROR"})

        assert logging.getLogger().handlers == before
        assert level_of("shop") == logging.NOTSET

    def test_console_in_any_case(self) -> None:
        configured(format="Console")

    @pytest.mark.parametrize(
        ("settings", "problem"),
        [
            (
                {"format": "xml"},
                "pyfly.logging.format: expected one of console, json, logfmt, got 'xml'"
                " (from applicationConfig)",
            ),
            (
                {"level": "DEBUG"},
                "pyfly.logging.level: expected a mapping, got 'DEBUG' (from applicationConfig)",
            ),
            (
                {"enabled": "maybe"},
                "pyfly.logging.enabled: expected true or false, got 'maybe' (from applicationConfig)",
            ),
        ],
    )
    def test_wrong_setting_is_refused_and_changes_nothing(
        self, settings: dict[str, Any], problem: str
    ) -> None:
        before = logging.getLogger().handlers[:]

        with pytest.raises(BindingError) as caught:
            configured(**settings)

        assert [str(it) for it in caught.value.problems] == [problem]
        assert logging.getLogger().handlers == before
