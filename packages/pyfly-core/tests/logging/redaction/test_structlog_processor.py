# SPDX-License-Identifier: Apache-2.0
import sys
from typing import Any

import pytest

from pyfly.logging.redaction import RegexRedactor, make_structlog_redactor

ENTITIES = ["EMAIL", "URL_CREDENTIALS", "PHONE"]


def processed(event_dict: dict[str, Any], allow: tuple[str, ...] = ()) -> dict[str, Any]:
    processor = make_structlog_redactor(RegexRedactor(ENTITIES), allow, ("password", "trace_id"))
    return dict(processor(None, "info", event_dict))


def test_texts_are_redacted_and_denied_keys_masked() -> None:
    shown = processed({"event": "to ann@example.com", "Password": "x", "n": 7, "who": "ann@example.com"})

    assert shown == {"event": "to <EMAIL>", "Password": "<REDACTED>", "n": 7, "who": "<EMAIL>"}


@pytest.mark.parametrize("key", ["trace_id", "span_id", "trace_flags", "correlationId"])
def test_ids_of_the_trace_are_never_touched(key: str) -> None:
    assert processed({key: "+1 555 123 4567"}) == {key: "+1 555 123 4567"}


def test_only_allowed_keys_and_the_event_are_searched() -> None:
    shown = processed(
        {"event": "ann@example.com", "a": "ann@example.com", "b": "ann@example.com"}, allow=("a",)
    )

    assert shown == {"event": "<EMAIL>", "a": "<EMAIL>", "b": "ann@example.com"}


def test_event_that_is_given_stays_as_it_is() -> None:
    given = {"event": "ann@example.com", "nested": {"password": "x"}}

    processed(given)

    assert given == {"event": "ann@example.com", "nested": {"password": "x"}}


def test_exception_is_written_out_redacted() -> None:
    shown = processed({"event": "failed", "exc_info": ValueError("to ann@example.com")})

    assert shown == {"event": "failed", "exception": "ValueError: to <EMAIL>"}


def test_exception_that_is_being_handled_is_found() -> None:
    try:
        raise ValueError("to ann@example.com")
    except ValueError:
        shown = processed({"event": "failed", "exc_info": True})
        given = processed({"event": "failed", "exc_info": sys.exc_info()})

    assert shown["exception"].startswith("Traceback")
    assert shown["exception"].endswith("ValueError: to <EMAIL>")
    assert shown == given


def test_traceback_that_is_there_already_is_redacted() -> None:
    shown = processed({"event": "x", "exception": "ValueError: ann@example.com", "exc_info": None})

    assert shown == {"event": "x", "exception": "ValueError: <EMAIL>"}


def test_what_structlog_keeps_for_itself_stays() -> None:
    record = object()

    shown = processed({"event": "x", "_record": record, "_from_structlog": False})

    assert shown["_record"] is record
    assert shown["_from_structlog"] is False


def test_without_a_redactor_nothing_is_touched() -> None:
    given = {"event": "ann@example.com", "password": "x"}

    assert make_structlog_redactor(None, [], ["password"])(None, "info", given) is given
