# SPDX-License-Identifier: Apache-2.0
import copy
import logging
import pickle
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pyfly.logging.redaction import RedactionFilter, Redactor, RegexRedactor
from pyfly.logging.structured_logger import StructuredEvent

ENTITIES = ["EMAIL", "BEARER_TOKEN", "URL_CREDENTIALS", "PHONE"]


class Counting(Redactor):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def redact(self, text: Any) -> Any:
        self.seen.append(text)
        return f"[{text}]"


class Failing(Redactor):
    def redact(self, text: Any) -> Any:
        raise RuntimeError(text)


class Broken(Mapping[str, object]):
    def __getitem__(self, key: str) -> object:
        raise RuntimeError("ann@example.com")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("ann@example.com")

    def __len__(self) -> int:
        return 1


def redaction(allow: tuple[str, ...] = (), deny: tuple[str, ...] = ("password", "token")) -> RedactionFilter:
    return RedactionFilter(RegexRedactor(ENTITIES), allow, deny)


def record_of(message: object, *args: object, **extra: object) -> logging.LogRecord:
    record = logging.getLogger("shop").makeRecord("shop", logging.INFO, "f.py", 1, message, args, None)
    vars(record).update(extra)
    return record


class TestPlainRecords:
    def test_rendered_message_is_redacted(self) -> None:
        record = record_of("to %s by %s", "ann@example.com", "bob")

        assert redaction().filter(record) is True

        assert record.getMessage() == "to <EMAIL> by bob"
        assert record.msg == "to <EMAIL> by bob"
        assert not record.args

    def test_named_arguments(self) -> None:
        record = record_of("to %(to)s", {"to": "ann@example.com"})

        redaction().filter(record)

        assert record.getMessage() == "to <EMAIL>"

    def test_secret_that_only_the_rendered_message_shows(self) -> None:
        record = record_of("password=%s", "s3cr3t")

        redaction().filter(record)

        assert record.getMessage() == "password=<REDACTED>"

    def test_arguments_that_do_not_fit_are_kept_redacted(self) -> None:
        record = record_of("sent %s %s", "ann@example.com")

        redaction().filter(record)

        assert record.getMessage() == "sent %s %s | positional_args=('<EMAIL>',)"

    def test_percent_signs_of_a_message_without_arguments(self) -> None:
        record = record_of("100% of ann@example.com %s")

        redaction().filter(record)

        assert record.getMessage() == "100% of <EMAIL> %s"

    def test_message_that_is_an_object(self) -> None:
        record = record_of(ValueError("ann@example.com"))

        redaction().filter(record)

        assert record.getMessage() == "<EMAIL>"

    def test_extra_is_redacted_by_its_name_and_its_values(self) -> None:
        record = record_of("x", dbPassword="s3cr3t", to="ann@example.com", order_id="5551234567", n=7)
        record.__dict__["body"] = {"token": "s3cr3t", "lines": ["ann@example.com"]}

        redaction().filter(record)

        shown = vars(record)
        assert shown["dbPassword"] == "<REDACTED>"
        assert shown["to"] == "<EMAIL>"
        assert shown["order_id"] == "5551234567"
        assert shown["n"] == 7
        assert shown["body"] == {"token": "<REDACTED>", "lines": ["<EMAIL>"]}

    def test_extra_outside_of_the_allowed_is_left_alone(self) -> None:
        record = record_of("to ann@example.com", to="ann@example.com", note="ann@example.com", token="x")

        redaction(allow=("note",)).filter(record)

        shown = vars(record)
        assert (record.getMessage(), shown["to"], shown["note"], shown["token"]) == (
            "to <EMAIL>",
            "ann@example.com",
            "<EMAIL>",
            "<REDACTED>",
        )

    def test_coloured_wording_is_rendered_and_redacted(self) -> None:
        record = record_of("to %s", "ann@example.com", color_message="\x1b[1mto %s\x1b[0m")

        redaction().filter(record)

        assert vars(record)["color_message"] == "\x1b[1mto <EMAIL>\x1b[0m"

    def test_facts_about_the_record_stay(self) -> None:
        record = record_of("x")
        before = {name: value for name, value in vars(record).items() if name not in ("msg", "args")}

        redaction().filter(record)

        assert {name: vars(record)[name] for name in before} == before
        assert len(vars(record)) == len(before) + 2


class TestEvents:
    def test_event_and_fields_are_redacted(self) -> None:
        event = StructuredEvent("to %s", ("ann@example.com",), {"password": "x", "order_id": "5551234567"})
        record = record_of(event)

        redaction().filter(record)

        shown: Any = record.msg
        assert isinstance(shown, StructuredEvent)
        assert shown.event == "to <EMAIL>"
        assert shown.fields == {"password": "<REDACTED>", "order_id": "5551234567"}
        assert record.getMessage() == "to <EMAIL> | password=<REDACTED> order_id=5551234567"

    def test_event_that_was_logged_stays_as_it_is(self) -> None:
        event = StructuredEvent("paid", (), {"password": "x"})

        redaction().filter(record_of(event))

        assert event.fields == {"password": "x"}


class TestExceptions:
    @staticmethod
    def failed(message: str) -> logging.LogRecord:
        try:
            raise ValueError(message)
        except ValueError:
            return logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})

    def test_traceback_becomes_redacted_text(self) -> None:
        record = self.failed("to ann@example.com")

        redaction().filter(record)

        assert record.exc_text is not None
        assert record.exc_text.startswith("Traceback (most recent call last):\n")
        assert record.exc_text.endswith("\nValueError: to <EMAIL>")

    def test_exception_with_a_secret_is_gone_for_handlers_that_would_write_it_anew(self) -> None:
        record = self.failed("to ann@example.com")

        redaction().filter(record)

        assert record.exc_info is None
        assert "ann@example.com" not in logging.Formatter().format(record)

    def test_exception_without_secrets_stays_for_handlers_that_report_it(self) -> None:
        record = self.failed("no such order")
        given = record.exc_info

        redaction().filter(record)

        assert record.exc_info == given
        assert record.exc_text is not None
        assert record.exc_text.endswith("\nValueError: no such order")

    def test_exception_without_a_secret_stays_for_handlers_that_report_exceptions(self) -> None:
        record = self.failed("out of stock")
        before = record.exc_info

        redaction().filter(record)

        assert record.exc_info is before
        assert record.exc_text is not None
        assert record.exc_text.endswith("\nValueError: out of stock")

    def test_text_that_a_formatter_has_kept_is_redacted(self) -> None:
        record = self.failed("to ann@example.com")
        logging.Formatter().format(record)

        redaction().filter(record)

        line = logging.Formatter().format(record)
        assert line.startswith("failed\nTraceback")
        assert "ann@example.com" not in repr(vars(record))

    def test_stack_is_redacted(self) -> None:
        record = record_of("x")
        record.stack_info = "Stack (most recent call last):\n  login(password='s3cr3t')"

        redaction().filter(record)

        assert record.stack_info == "Stack (most recent call last):\n  login(password='<REDACTED>')"

    @pytest.mark.parametrize("exc_info", [True, (None, None, None), ("a",), 7])
    def test_exception_that_is_none_does_no_harm(self, exc_info: Any) -> None:
        record = record_of("to ann@example.com")
        record.exc_info = exc_info

        assert redaction().filter(record) is True

        assert "ann" not in logging.Formatter().format(record)


class TestOnce:
    def test_second_filter_has_nothing_to_do(self) -> None:
        first, second = Counting(), Counting()
        record = record_of("x", note="y")

        RedactionFilter(first, [], []).filter(record)
        RedactionFilter(second, [], []).filter(record)

        assert first.seen == ["x", "y"]
        assert second.seen == []
        assert record.getMessage() == "[x]"

    def test_nothing_is_added_to_the_record(self) -> None:
        record = record_of("x")
        names = set(vars(record))

        redaction().filter(record)

        assert set(vars(record)) == names

    @pytest.mark.parametrize("message", ["to ann@example.com", StructuredEvent("x", (), {"token": "y"})])
    def test_redacted_record_can_be_copied_and_sent(self, message: object) -> None:
        record = record_of(message)
        redaction().filter(record)

        for taken in (copy.copy(record), pickle.loads(pickle.dumps(record))):
            assert taken.getMessage() == record.getMessage()
            second = Counting()
            RedactionFilter(second, [], []).filter(taken)
            assert second.seen == []


class TestFailures:
    def test_failing_redactor_shows_nothing(self) -> None:
        record = record_of("to %s", "ann@example.com", note="ann@example.com")

        assert RedactionFilter(Failing(), [], []).filter(record) is True

        assert record.getMessage() == "<REDACTION_FAILED>"
        assert "ann" not in repr(vars(record))

    def test_event_with_fields_of_a_broken_class_shows_nothing(self) -> None:
        record = record_of(StructuredEvent("ann@example.com", (), Broken()), note="ann@example.com")

        assert redaction().filter(record) is True

        assert record.getMessage() == "<REDACTION_FAILED>"
        assert "ann" not in repr(vars(record))

    def test_without_a_redactor_nothing_is_touched(self) -> None:
        record = record_of("to %s", "ann@example.com", password="x")
        before = dict(vars(record))

        assert RedactionFilter(None, [], ["password"]).filter(record) is True

        assert vars(record) == before


def test_whole_way_through_a_logger(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("pyfly.test_redaction_filter")
    logger.propagate = False
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(redaction())
    logger.addHandler(handler)
    try:
        logger.warning("sent %s to %s", "Bearer abc-1", "ann@example.com")
    finally:
        logger.removeHandler(handler)

    assert capsys.readouterr().out == "sent <BEARER_TOKEN> to <EMAIL>\n"
