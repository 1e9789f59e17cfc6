# SPDX-License-Identifier: Apache-2.0
import json
import logging
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NoReturn
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyfly.config.store import Config
from pyfly.logging import StdlibLoggingAdapter, StructuredLogger


class Colour(Enum):
    RED = "red"


class Unprintable:
    def __repr__(self) -> NoReturn:
        raise ValueError("no text")


class Hostile(Mapping[str, object]):
    def __getitem__(self, key: str) -> NoReturn:
        raise RuntimeError(key)

    def __iter__(self) -> NoReturn:
        raise RuntimeError("no items")

    def __len__(self) -> int:
        return 1


@pytest.fixture
def log() -> StructuredLogger:
    adapter = StdlibLoggingAdapter()
    # What is redacted is told elsewhere; here a field has to come out as it went in.
    adapter.configure(Config({"pyfly": {"logging": {"format": "JSON", "redaction": {"enabled": False}}}}))
    return adapter.get_logger("shop")


def only_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    assert text.isascii()
    assert text[:-1].isprintable()
    found: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    return found


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("größe\u2028\x00\x7f\x9b", "größe\u2028\x00\x7f\x9b"),
        (None, None),
        (True, True),
        (7, 7),
        (-1.5, -1.5),
        (math.inf, "inf"),
        (math.nan, "nan"),
        (10**40, 10**40),
        ([10**5000], [hex(10**5000)]),
        (Decimal("1.10"), "1.10"),
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01 00:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\xff", "b'\\xff'"),
        (ValueError("x"), "x"),
        (Colour.RED, "Colour.RED"),
        ((1, [2, {"a": {3}}]), [1, [2, {"a": [3]}]]),
        ({1: {(2, 3): math.nan}}, {"1": {"(2, 3)": "nan"}}),
        (Unprintable(), "<Unprintable without a text>"),
        ("\ud800", "\ud800"),
    ],
)
def test_value_of_a_field(
    value: object, written: object, log: StructuredLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    log.info("x", value=value)

    assert only_line(capsys)["value"] == written


def test_what_contains_itself(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    circle: dict[str, object] = {"a": 1}
    circle["self"] = [circle]

    log.info("x", value=circle)

    assert only_line(capsys)["value"] == {"a": 1, "self": ["<contains itself>"]}


def test_what_lies_too_deep(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]

    log.info("x", value=nested, other=1)

    assert only_line(capsys)["other"] == 1


def test_mapping_that_fails(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.info("x", value=Hostile(), other=1)

    assert only_line(capsys)["other"] == 1


def test_fields_with_standard_names_are_kept_under_others(
    log: StructuredLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    log.info(
        "x", event="e", level="l", field_level="f", logger=1, timestamp=2, exception=3, stack=4, message="m"
    )

    line = only_line(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("x", "info", "shop")
    assert line["field_event"] == "e"
    assert (line["field_level"], line["field_field_level"]) == ("f", "l")
    assert (line["field_logger"], line["field_timestamp"]) == (1, 2)
    assert (line["field_exception"], line["field_stack"]) == (3, 4)
    assert line["message"] == "m"


def test_event_that_is_no_text(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.info(None)
    log.info({"a": 1})
    log.info(Unprintable())

    events = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert events == ["None", "{'a': 1}", "<Unprintable without a text>"]


def test_arguments_of_a_plain_logger_that_do_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    StdlibLoggingAdapter().configure(Config({"pyfly": {"logging": {"format": "json"}}}))

    logging.getLogger("shop").info("took %d ms", "long")

    line = only_line(capsys)
    assert (line["event"], line["positional_args"]) == ("took %d ms", ["long"])


@pytest.mark.usefixtures("log")
def test_named_places_of_a_plain_logger(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("shop").info("took %(ms)d ms", {"ms": 3})

    assert only_line(capsys)["event"] == "took 3 ms"


def test_stack(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.info("x", stack_info=True)

    stack = only_line(capsys)["stack"]
    assert stack.startswith("Stack (most recent call last):\n")
    assert stack.endswith('log.info("x", stack_info=True)')


@pytest.mark.usefixtures("log")
def test_group_of_exceptions(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ExceptionGroup("several", [ValueError("a"), KeyError("b")])
    except ExceptionGroup:
        logging.getLogger("shop").exception("failed")

    exception = only_line(capsys)["exception"]
    assert "ValueError: a" in exception
    assert "KeyError: 'b'" in exception


def test_exception_without_one(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    log.exception("failed")

    assert "exception" not in only_line(capsys)


def test_exception_whose_text_fails(log: StructuredLogger, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(Exception):
        def __str__(self) -> NoReturn:
            raise RuntimeError

    log.error("failed", exc_info=Broken())

    assert "Broken" in only_line(capsys)["exception"]


@pytest.mark.usefixtures("log")
def test_record_of_a_class_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    class Record(logging.LogRecord):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self.before = 1
            super().__init__(*args, **kwargs)
            self.after = 2

    logging.setLogRecordFactory(Record)
    try:
        StdlibLoggingAdapter().get_logger("shop").info("x", a=3)
    finally:
        logging.setLogRecordFactory(logging.LogRecord)

    line = only_line(capsys)
    assert (line["before"], line["after"], line["a"]) == (1, 2, 3)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.dates()
    | st.builds(Unprintable),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.none(), inner)
        | st.frozensets(st.integers() | st.text())
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=st.text(), fields=st.dictionaries(st.text(), anything, max_size=6))
def test_any_fields_give_one_line_that_can_be_read(
    event: str, fields: dict[str, Any], log: StructuredLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("exc_info", "stack_info", "stacklevel"):
        fields.pop(name, None)

    log.info(event, **fields)

    line = only_line(capsys)
    assert line["event"] == event
    assert len(line) == 4 + len(fields)
