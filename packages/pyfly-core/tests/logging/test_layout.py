# SPDX-License-Identifier: Apache-2.0
import logging
import pickle
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.logging import StructuredLogger
from pyfly.logging.layout import PatternError, PatternFormatter, compile_pattern

# 2026-03-01T12:04:05.678Z
MOMENT = 1772366645.678


def record(message: object = "paid", *args: object, **attributes: Any) -> logging.LogRecord:
    made = logging.LogRecord("shop.orders", logging.INFO, "/app/orders.py", 12, message, args, None, "pay")
    made.created, made.msecs = MOMENT, 678.0
    vars(made).update(attributes)
    return made


def logged(caplog: pytest.LogCaptureFixture, **fields: Any) -> logging.LogRecord:
    StructuredLogger(logging.getLogger("shop")).warning("order_placed", **fields)
    return caplog.records[-1]


class TestCompilePattern:
    @pytest.mark.parametrize(
        ("pattern", "layout", "date"),
        [
            ("%level %logger{10} %msg%n", "%(levelname)s %(name)s %(message)s\n", None),
            ("%p|%c|%m", "%(levelname)s|%(name)s|%(message)s", None),
            ("%le %lo %message", "%(levelname)s %(name)s %(message)s", None),
            ("[%t] [%thread]", "[%(threadName)s] [%(threadName)s]", None),
            ("%d %m", "%(asctime)s %(message)s", None),
            ("%d{} %date", "%(asctime)s %(asctime)s", None),
            ("%d{%H:%M:%S} %m", "%(asctime)s %(message)s", "%H:%M:%S"),
            ("%d{HH:mm:ss}", "%(asctime)s", "%H:%M:%S"),
            ('%d{"HH:mm"}', "%(asctime)s", "%H:%M"),
            ("%d{HH:mm:ss.SSS} %m", "%(asctime)s%(msecs)03d %(message)s", "%H:%M:%S."),
            ("%d{ISO8601}", "%(asctime)s%(msecs)03d", "%Y-%m-%d %H:%M:%S,"),
            ("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC}", "%(asctime)s%(msecs)03dZ", "%Y-%m-%dT%H:%M:%S."),
            ("%d{EEE, dd MMM ''yy}", "%(asctime)s", "%a, %d %b '%y"),
            (
                "%-5level|%20logger|%.8msg|%5.-8p",
                "%(levelname)-5s|%(name)20s|%(message).8s|%(levelname)5.8s",
                None,
            ),
            ("%method %file:%line %pid", "%(funcName)s %(filename)s:%(lineno)s %(process)s", None),
            ("%X{request_id} %mdc{user:-nobody}", "%(request_id)s %(user)s", None),
            ("%m%n%ex", "%(message)s\n", None),
            ("%n{}Hello", "\nHello", None),
            ("100%% of 50% (sic) %5 %", "100%% of 50%% (sic) %%5 %%", None),
            ("plain text: {10}", "plain text: {10}", None),
            ("", "", None),
        ],
    )
    def test_translates_each_conversion(self, pattern: str, layout: str, date: str | None) -> None:
        assert compile_pattern(pattern) == (layout, date)

    def test_result_is_fit_for_a_formatter_of_the_standard_library(self) -> None:
        formatter = logging.Formatter(*compile_pattern("%d{yyyy:HH.SSS} 100%% %-7level|%8.4logger|%msg%n"))

        assert re.fullmatch(r"2026:\d\d\.678 100% INFO   \|    shop\|paid\n", formatter.format(record()))

    def test_second_date_is_refused(self) -> None:
        with pytest.raises(PatternError, match="column 8: expected the one date again"):
            compile_pattern("%d{HH} %d{mm}")

    def test_width_of_milliseconds_is_refused(self) -> None:
        with pytest.raises(PatternError, match="column 1: expected no width"):
            compile_pattern("%20d{ss.SSS}")


class TestWrongPatterns:
    @pytest.mark.parametrize(
        ("pattern", "column", "reason"),
        [
            ("%m %clr", 4, "got %clr"),
            ("%nHello", 1, "got %nHello; for %n and the text 'Hello' write %n{}Hello"),
            ("%levels", 1, "got %levels; for %level and the text 's' write %level{}s"),
            ("%m %d{HH:mm", 4, "expected a closing brace after %d{, got none"),
            ("%X %m", 1, "expected the name of a field, as in %X{request_id}, got none"),
            ("%-30(%d %t) %m", 1, "expected a conversion word after %, got a group"),
            ("%d{HH:nn}", 1, "got nn"),
            ("%d{SSS mm}", 1, "expected nothing but text and the zone after SSS, got mm"),
            ("%d{HH:mm, Europe/Madrid}", 1, "expected the zone UTC, as all times are, got Europe/Madrid"),
        ],
    )
    @pytest.mark.parametrize("use", [compile_pattern, PatternFormatter])
    def test_is_refused_with_its_place(self, use: Any, pattern: str, column: int, reason: str) -> None:
        with pytest.raises(PatternError) as caught:
            use(pattern)

        assert (caught.value.pattern, caught.value.column) == (pattern, column)
        assert caught.value.reason.endswith(reason)
        assert str(caught.value) == f"Log pattern {pattern!r}, column {column}: {caught.value.reason}"

    def test_error_names_the_known_words_and_the_keys(self) -> None:
        with pytest.raises(PatternError) as caught:
            compile_pattern("%foo")

        assert str(caught.value) == (
            "Log pattern '%foo', column 1: expected one of %d, %date, %p, %le, %level, %c, %lo, %logger, %m, "
            "%msg, %message, %t, %thread, %n, %X, %mdc, %ex, %exception, %throwable, %pid, %F, %file, %L, "
            "%line, %M, %method, got %foo"
        )
        assert caught.value.action == (
            "Correct pyfly.logging.pattern.console or pyfly.logging.pattern.file; %% is a percent sign."
        )

    def test_error_survives_pickling(self) -> None:
        error = PatternError("%foo", 1, "expected %m, got %foo")

        again = pickle.loads(pickle.dumps(error))

        assert (str(again), again.pattern, again.column, again.reason) == (
            str(error),
            "%foo",
            1,
            "expected %m, got %foo",
        )


class TestPatternFormatter:
    @pytest.mark.parametrize(
        ("pattern", "line"),
        [
            ("%d{HH:mm:ss} %-5level %logger{8} - %msg%n", "12:04:05 INFO  shop.orders - paid"),
            ("%d %m", "2026-03-01 12:04:05,678 paid"),
            ("%d{yyyy-MM-dd'T'HH:mm:ss.SSSX} %m", "2026-03-01T12:04:05.678Z paid"),
            ("%d{%d.%m.%Y} %d{SSS}", "01.03.2026 678"),
            ("%d{HH:mm:ss.SSS, UTC}", "12:04:05.678"),
            ("%14d{HH:mm:ss.SSS}|%-14d{HH:mm:ss.SSS}|", "  12:04:05.678|12:04:05.678  |"),
            ("%file:%line %method", "orders.py:12 pay"),
            ("%.6logger|%.-6logger|%8.4p|%-8.3p|", "orders|shop.o|    INFO|NFO     |"),
            ("%t %m%n%m", "MainThread paid\npaid"),
            ("100%% %m", "100% paid"),
        ],
    )
    def test_lays_a_record_out(self, pattern: str, line: str) -> None:
        assert PatternFormatter(pattern).format(record()) == line

    def test_fields_follow_the_event(self, caplog: pytest.LogCaptureFixture) -> None:
        made = logged(caplog, id=7, customer="ada")

        assert PatternFormatter("%p %m").format(made) == "WARNING order_placed | id=7 customer=ada"

    def test_extra_and_arguments_of_plain_loggers(self) -> None:
        made = record("paid %s | id=1", "half", request="r1")

        assert PatternFormatter("%m").format(made) == "paid half | id=1 request=r1"

    def test_named_field_has_its_own_place(self, caplog: pytest.LogCaptureFixture) -> None:
        made = logged(caplog, id=7, request_id="r1")

        assert PatternFormatter("[%-4X{request_id}] %m").format(made) == "[r1  ] order_placed | id=7"

    def test_named_field_that_a_record_lacks(self) -> None:
        assert (
            PatternFormatter("[%X{request_id}] [%X{user:-nobody}] %m").format(record()) == "[] [nobody] paid"
        )

    def test_without_a_message_nothing_else_shows(self, caplog: pytest.LogCaptureFixture) -> None:
        assert PatternFormatter("%p").format(logged(caplog, id=7)) == "WARNING"

    def test_logged_text_cannot_forge_a_line(self) -> None:
        made = record("in\n%s", "x\r\x1b[2J", threadName="t\n1", request="r\u2028")
        made.name = "shop\n"

        line = PatternFormatter("%c %t %X{request} %m").format(made)

        assert line == r"shop\n t\n1 r\u2028 in\nx\r\x1b[2J"

    def test_traceback_follows_the_line(self, caplog: pytest.LogCaptureFixture) -> None:
        made = logged(caplog, exc_info=ValueError("broken\nline\x1b"))

        assert PatternFormatter("%m%n").format(made) == ("order_placed\n  ValueError: broken\n  line\\x1b")

    def test_traceback_in_its_place(self, caplog: pytest.LogCaptureFixture) -> None:
        made = logged(caplog, exc_info=ValueError("broken"))

        assert PatternFormatter("%m%n%ex%n--%n").format(made) == "order_placed\n  ValueError: broken\n--"

    def test_place_for_a_traceback_without_one(self) -> None:
        assert PatternFormatter("%m%n%ex").format(record()) == "paid"

    def test_stack_follows_the_traceback(self, caplog: pytest.LogCaptureFixture) -> None:
        made = logged(caplog, exc_info=ValueError("broken"), stack_info=True)

        _, error, stack, *_ = PatternFormatter("%m").format(made).split("\n")
        assert error == "  ValueError: broken"
        assert stack == "  Stack (most recent call last):"

    @given(st.text(), st.text())
    def test_text_around_conversions_passes_through(self, before: str, after: str) -> None:
        spec = f"{before.replace('%', '%%')}%m{{}}{after.replace('%', '%%')}!"

        assert PatternFormatter(spec).format(record()) == f"{before}paid{after}!"

    @given(st.text(alphabet="%{}()-.'dmXnSHpex5 ,"))
    def test_any_pattern_is_followed_or_refused(self, spec: str) -> None:
        try:
            PatternFormatter(spec).format(record())
            column = 1
        except PatternError as refused:
            column = refused.column

        assert 1 <= column <= max(1, len(spec))
