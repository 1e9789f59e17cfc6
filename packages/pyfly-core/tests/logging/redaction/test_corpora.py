# SPDX-License-Identifier: Apache-2.0
"""A corpus of secrets of which none may show, and one of harmless texts of which none may change."""

import io
import json
import logging
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from pyfly.config.properties.logging import RedactionProperties
from pyfly.logging.redaction import (
    FieldRedactor,
    RedactingTextIO,
    RedactionFilter,
    build_redactor,
    make_structlog_redactor,
)

HERE = Path(__file__).parent
SECRETS = json.loads((HERE / "secrets.json").read_text("utf-8"))["texts"]
HARMLESS = json.loads((HERE / "harmless.json").read_text("utf-8"))

PROPERTIES = RedactionProperties(engine="regex")
REDACTOR = build_redactor(PROPERTIES)
DENIED = PROPERTIES.deny_fields
FIELDS = FieldRedactor(REDACTOR, [], DENIED)

each_secret = pytest.mark.parametrize(
    ("text", "secret"), [case[1:] for case in SECRETS], ids=[case[0] for case in SECRETS]
)
each_harmless_text = pytest.mark.parametrize("text", HARMLESS["texts"])


@dataclass
class Login:
    user: str
    password: str


class Vault:
    def __str__(self) -> str:
        return "Vault(token=s3cr3t)"


class Pair(NamedTuple):
    user: str
    password: str


NESTED: dict[str, Callable[[], object]] = {
    "mapping": lambda: {"password": "s3cr3t"},
    "mapping in a mapping": lambda: {"a": {"b": {"Password": "s3cr3t"}}},
    "mapping in a list": lambda: [{"access_token": "s3cr3t"}],
    "mapping in a tuple in a list": lambda: [("x", {"apiKey": "s3cr3t"})],
    "ordered mapping": lambda: OrderedDict(client_secret="s3cr3t"),
    "read-only mapping": lambda: MappingProxyType({"X-Auth-Token": "s3cr3t"}),
    "mapping with keys of bytes": lambda: {b"authorization": b"Basic s3cr3t"},
    "list under a denied key": lambda: {"passwords": ["s3cr3t", "t0"]},
    "mapping under a denied key": lambda: {"credentials": {"user": "s3cr3t"}},
    "number under a denied key": lambda: {"password": 53737},
    "header": lambda: [("authorization", "s3cr3t")],
    "header of bytes": lambda: [(b"cookie", b"s3cr3t")],
    "headers in lists": lambda: [["Set-Cookie", "s3cr3t"]],
    "name and value": lambda: {"name": "X-API-Key", "value": "s3cr3t"},
    "named tuple": lambda: Pair("a", "s3cr3t"),
    "dataclass": lambda: Login("a", "s3cr3t"),
    "dataclass in a list": lambda: [Login("a", "s3cr3t")],
    "object": Vault,
    "exception": lambda: ValueError("password=s3cr3t"),
    "exception in a mapping": lambda: {"error": RuntimeError("https://app:s3cr3t@host/")},
    "group of exceptions": lambda: ExceptionGroup("token=s3cr3t", [ValueError("x")]),
    "text in a list": lambda: ["ok", "Bearer s3cr3t"],
    "text in a set": lambda: {"Bearer s3cr3t"},
    "text in a frozen set": lambda: frozenset({"Bearer s3cr3t"}),
    "e-mail in a key": lambda: {"s3cr3t@example.com": 1},
    "bytes": lambda: b"password=s3cr3t",
    "bytes that are no text": lambda: b"\xff\xfe password=s3cr3t",
    "array of bytes": lambda: bytearray(b"password=s3cr3t"),
    "view of bytes": lambda: memoryview(b"password=s3cr3t"),
    "JSON in a list": lambda: ['{"password": "s3cr3t"}'],
    "below what is copied": lambda: [[[[[[[[[["Bearer s3cr3t"]]]]]]]]]],
    "after what is copied": lambda: [*range(2_000), "Bearer s3cr3t"],
    "card as a number": lambda: {"card": 4111111111111111},
}
SHOWN = ("s3cr3t", "t0'", "53737", "4111111111111111")


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except type(error) as caught:
        return caught


def chained() -> BaseException:
    try:
        try:
            raise ValueError("password=s3cr3t")
        except ValueError as cause:
            raise KeyError("token=s3cr3t") from cause
    except KeyError as error:
        return error


EXCEPTIONS: dict[str, Callable[[], BaseException]] = {
    "message": lambda: raised(ValueError("password=s3cr3t")),
    "URL": lambda: raised(ConnectionError("postgres://app:s3cr3t@db/shop")),
    "argument that is a mapping": lambda: raised(ValueError({"password": "s3cr3t"})),
    "cause": chained,
    "context": lambda: _with_context(),
    "note": lambda: _with_note(),
    "group": lambda: raised(
        ExceptionGroup("several", [ValueError("token=s3cr3t"), ValueError("Bearer s3cr3t")])
    ),
    "group in a group": lambda: raised(
        ExceptionGroup("several", [ExceptionGroup("more", [ValueError("api_key=s3cr3t")])])
    ),
}


def _with_context() -> BaseException:
    try:
        try:
            raise ValueError("password=s3cr3t")
        finally:
            raise KeyError("x")
    except KeyError as error:
        return error


def _with_note() -> BaseException:
    error = ValueError("x")
    error.add_note("password=s3cr3t")
    return raised(error)


class TestSecrets:
    @each_secret
    def test_text(self, text: str, secret: str) -> None:
        assert secret in text
        assert secret not in FIELDS.redact_text(text)

    @each_secret
    def test_value_of_a_field(self, text: str, secret: str) -> None:
        assert secret not in repr(FIELDS.redact({"note": text}))

    @each_secret
    def test_deep_in_a_field(self, text: str, secret: str) -> None:
        assert secret not in repr(FIELDS.redact({"body": {"parts": [{"text": text}]}}))

    @each_secret
    def test_exception(self, text: str, secret: str) -> None:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": (ValueError, ValueError(text), None)})

        RedactionFilter(REDACTOR, [], DENIED).filter(record)

        assert secret not in logging.Formatter().format(record)

    @each_secret
    def test_argument_of_a_record(self, text: str, secret: str) -> None:
        record = logging.makeLogRecord({"msg": "got %s", "args": (text,)})

        RedactionFilter(REDACTOR, [], DENIED).filter(record)

        assert secret not in logging.Formatter().format(record)

    @each_secret
    def test_printed(self, text: str, secret: str) -> None:
        target = io.StringIO()
        assert REDACTOR is not None

        # Line by line nothing is known of the line before.
        print(text.replace("\n", " "), file=RedactingTextIO(target, REDACTOR))

        assert secret not in target.getvalue()

    @pytest.mark.parametrize("make", NESTED.values(), ids=NESTED)
    def test_nested(self, make: Callable[[], object]) -> None:
        shown = repr(FIELDS.redact({"context": make()}))

        assert not [secret for secret in SHOWN if secret in shown]

    @pytest.mark.parametrize("make", NESTED.values(), ids=NESTED)
    def test_nested_in_a_processor(self, make: Callable[[], object]) -> None:
        processor = make_structlog_redactor(REDACTOR, [], DENIED)

        shown = repr(processor(None, "info", {"event": "x", "context": make()}))

        assert not [secret for secret in SHOWN if secret in shown]

    @pytest.mark.parametrize("make", EXCEPTIONS.values(), ids=EXCEPTIONS)
    def test_traceback(self, make: Callable[[], BaseException]) -> None:
        error = make()
        record = logging.makeLogRecord(
            {"msg": "failed", "exc_info": (type(error), error, error.__traceback__)}
        )

        RedactionFilter(REDACTOR, [], DENIED).filter(record)

        line = logging.Formatter().format(record)
        assert "Traceback" in line
        assert "s3cr3t" not in line


class TestHarmless:
    @each_harmless_text
    def test_text(self, text: str) -> None:
        assert FIELDS.redact_text(text) == text

    @each_harmless_text
    def test_value_of_a_field(self, text: str) -> None:
        assert FIELDS.redact({"note": text, "order_id": text}) == {"note": text, "order_id": text}

    @each_harmless_text
    def test_printed(self, text: str) -> None:
        target = io.StringIO()
        assert REDACTOR is not None

        print(text, file=RedactingTextIO(target, REDACTOR))

        assert target.getvalue() == f"{text}\n"

    @pytest.mark.parametrize(("key", "value"), HARMLESS["fields"].items())
    def test_field(self, key: str, value: object) -> None:
        assert FIELDS.redact({key: value}) == {key: value}

    def test_traceback_of_source_lines(self) -> None:
        try:
            int("x")
        except ValueError:
            record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})

        plain = logging.Formatter().formatException(record.exc_info)  # type: ignore[arg-type]  # set above
        RedactionFilter(REDACTOR, [], DENIED).filter(record)

        assert record.exc_text == plain


def test_corpora_are_large() -> None:
    assert len(SECRETS) + len(NESTED) + len(EXCEPTIONS) >= 80
    assert len(HARMLESS["texts"]) + len(HARMLESS["fields"]) >= 80
