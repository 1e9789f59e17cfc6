# SPDX-License-Identifier: Apache-2.0
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyfly.kernel import (
    BadGatewayException,
    ConflictException,
    InfrastructureException,
    PluginException,
    PyFlyException,
    ServiceUnavailableException,
)
from pyfly.kernel.disclosure import looks_internal, public_code, public_message, public_text

HARMLESS = [
    "Try again later",
    "The bank does not answer",
    "The payment provider is down for maintenance until 18:30",
    "Orders are closed; we are back on 2026-12-31 at 9:00",
    "Order 7 could not be stored",
    "Order o-17 could not be sent to the warehouse",
    "Only 3.5 of 10 km/h measured, e.g. because of ice",
    "Prices are unknown: the price list (2 of 3) is missing",
    "Could not create the invoice and/or the receipt!",
    "The service is busy. Please wait a minute.",
    "Die Bank antwortet nicht, bitte später versuchen",
    "C'est fermé : réessayez plus tard",
    "銀行が応答しません",
    "100% of the seats are taken",
    "It costs $5 more than expected",
    "Could not create user account",
    "The export of the year 2026/27 is not ready",
]

INTERNAL = [
    "",
    "   ",
    "two\nlines",
    "a \x1b[31mcolour",
    "x" * 201,
    "see https://internal.example.com/wiki",
    "redis://:pw@cache",
    "no route to db.internal",
    "payments.svc.cluster.local is down",
    "cannot reach 10.0.0.7",
    "cannot reach fe80::1",
    "cannot reach 2001:db8:0:0:1:0:0:1",
    "[Errno 111] Connection refused",
    "connect to db:5432 failed",
    "localhost refused",
    "the broker on port 9092 refused",
    "mail to ops@example.com failed",
    "cannot open /etc/passwd",
    "cannot open ./settings",
    "cannot open ~/settings",
    "cannot open 'C:\\Windows\\win'",
    "cannot open app/models/orders",
    "cannot open .env",
    "failed in app.repositories",
    "failed in a1.py",
    "psycopg.OperationalError",
    "TimeoutError while saving",
    "KeyError",
    "MyAppException was raised",
    'File "orders"',
    "<Order object at 7f1c>",
    "pointer 0x7f3a",
    "{'order': 7}",
    "[1, 2]",
    "select name from users",
    "SELECT * FROM users WHERE id = 7",
    "INSERT INTO orders VALUES (1)",
    "update orders set paid",
    "delete from orders",
    "DROP TABLE orders",
    'relation "orders" does not exist',
    "no such table: orders",
    "UNIQUE constraint failed",
    "duplicate key value violates unique constraint",
    "ORA-00942",
    "Traceback (most recent call last):",
    "syntax error at line 3",
    "password=hunter2",
    "user = admin",
    "the password was hunter2",
    "Bearer abc",
    "Basic dXNlcjpwdw==",
    "Authorization: abc",
    "api key k1",
    "your token is k1",
    "eyJhbGciOiJIUzI1NiJ9",
    "AKIAIOSFODNN7EXAMPLE",
    "hash 5d41402abc4b2a76b9719d911017c592",
    "users_email_key",
    "call of save() failed",
    "$HOME is not set",
    "%(name)s",
    "pyfly::core",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_an_application_tells_its_callers_is_told(text: str) -> None:
    assert not looks_internal(text)
    assert public_message(ServiceUnavailableException(text)) == text


@pytest.mark.parametrize("text", INTERNAL)
def test_what_looks_internal_gives_way_to_the_phrase_of_the_status(text: str) -> None:
    assert looks_internal(text)
    assert public_message(ServiceUnavailableException(text)) == "Service Unavailable"


@pytest.mark.parametrize("secret", INTERNAL[5:])
def test_harmless_words_around_it_do_not_help(secret: str) -> None:
    assert public_message(BadGatewayException(f"Could not store the order: {secret}")) == "Bad Gateway"
    assert public_message(BadGatewayException(f"Sorry ({secret})")) == "Bad Gateway"


@pytest.mark.parametrize("text", INTERNAL)
def test_below_500_the_message_is_told_as_it_is(text: str) -> None:
    assert public_message(ConflictException(text)) == text
    assert public_text(text, 404) == text


@pytest.mark.parametrize(
    ("status", "phrase"),
    [(500, "Internal server error"), (503, "Service Unavailable"), (599, "Internal server error")],
)
def test_phrase_is_that_of_the_status(status: int, phrase: str) -> None:
    assert public_text("see /var/log", status) == phrase


@pytest.mark.parametrize("error", [KeyError("x"), RuntimeError("Try again later"), KeyboardInterrupt()])
def test_foreign_exception_tells_nothing(error: BaseException) -> None:
    assert (public_message(error), public_code(error)) == ("Internal server error", "INTERNAL_ERROR")


@pytest.mark.parametrize("text", ["Name or service not known", "db-7", "hunter2", "no pg_hba entry for app"])
def test_message_that_quotes_its_cause_stays_inside(text: str) -> None:
    error = InfrastructureException(f"Could not store the order, {text}")
    error.__cause__ = OSError(text)

    assert public_message(error) == "Bad Gateway"


def test_message_that_quotes_what_lies_further_back_stays_inside() -> None:
    error = InfrastructureException("Sorry, Name or service not known")
    error.__context__ = RuntimeError("lookup")
    error.__context__.__cause__ = OSError(-2, "Name or service not known")

    assert public_message(error) == "Bad Gateway"


def test_cause_that_is_not_quoted_does_no_harm() -> None:
    error = InfrastructureException("Could not store the order")
    error.__cause__ = OSError("Name or service not known")
    assert public_message(error) == "Could not store the order"


def test_word_of_a_cause_may_be_part_of_the_sentence() -> None:
    error = InfrastructureException("The order cannot be stored: timed out")
    error.__cause__ = TimeoutError("timed out")
    assert public_message(error) == "The order cannot be stored: timed out"


def test_suppressed_context_is_no_cause() -> None:
    error = InfrastructureException("The warehouse of Berlin-7 is closed")
    error.__context__ = OSError("Berlin-7")
    error.__suppress_context__ = True
    assert public_message(error) == "The warehouse of Berlin-7 is closed"


def test_circle_of_causes_ends() -> None:
    error, other = PluginException("Closed for today"), OSError("x-1-y")
    error.__context__ = other
    other.__context__ = error
    assert public_message(error) == "Closed for today"


def test_cause_that_cannot_be_printed_does_no_harm() -> None:
    class Unprintable(Exception):
        def __str__(self) -> str:
            raise LookupError

    error = PluginException("Closed for today")
    error.__cause__ = Unprintable()
    assert public_message(error) == "Closed for today"


def test_analysis_for_the_operator_stays_inside() -> None:
    class NotConfigured(PyFlyException):
        description = "The mail server is not configured"
        action = "Set the address of the server."

    assert public_message(NotConfigured("The mail server is not configured")) == "Internal server error"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("BANK_DOWN", "BANK_DOWN"),
        ("orders.bank-down", "orders.bank-down"),
        (None, "ServiceUnavailableException"),
        ("db:5432", "ServiceUnavailableException"),
        ("10.0.0.7", "ServiceUnavailableException"),
        ("could not connect", "ServiceUnavailableException"),
        ("app.models.Order", "ServiceUnavailableException"),
        ("AKIAIOSFODNN7EXAMPLE", "ServiceUnavailableException"),
        ("X" * 81, "ServiceUnavailableException"),
    ],
)
def test_code_from_500_on_is_a_plain_name(code: str | None, told: str) -> None:
    assert public_code(ServiceUnavailableException("x", code=code)) == told


def test_code_below_500_is_told_as_it_is() -> None:
    assert public_code(ConflictException("x", code="order/7")) == "order/7"


@pytest.mark.parametrize(
    "unit",
    ["a.", "select from ", "a/", "::", "a@", "update ", "/", "=", "[", "0x", "a_", "where =", "\\", "1."],
)
def test_long_texts_are_judged_in_no_time(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    start = time.perf_counter()

    assert looks_internal(text)
    assert public_message(InfrastructureException(text)) == "Bad Gateway"

    # A generous bound: a pattern that backtracks takes minutes.
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "unit", ["a", "a ", "select ", "ab-", "a1 ", "update x ", "1.", "-/", "Basic a", "where "]
)
def test_texts_of_the_longest_told_length_are_judged_in_no_time(unit: str) -> None:
    text = (unit * 200)[:200]
    start = time.perf_counter()

    for _ in range(20):
        looks_internal(text)

    assert time.perf_counter() - start < 1


@given(st.text(max_size=80), st.sampled_from(INTERNAL[5:]), st.text(max_size=80))
@example("", "10.0.0.7", "")
def test_no_text_around_it_lets_something_internal_out(before: str, secret: str, after: str) -> None:
    told = public_message(InfrastructureException(f"{before} {secret} {after}"))
    assert told == "Bad Gateway"
