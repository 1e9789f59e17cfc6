# SPDX-License-Identifier: Apache-2.0
import copy
import datetime
import decimal
import enum
import uuid
from collections import deque
from typing import Any, NamedTuple

import pytest

from pyfly.logging.redaction import FieldRedactor, Redactor, RegexRedactor

ENTITIES = ["EMAIL", "CREDIT_CARD", "IBAN", "US_SSN", "JWT", "BEARER_TOKEN", "URL_CREDENTIALS", "PHONE"]
FIELDS = FieldRedactor(RegexRedactor(ENTITIES), [], ["password", "token", "secret"])


class Point(NamedTuple):
    x: int
    password: str


class Colour(enum.StrEnum):
    RED = "ann@example.com"


class Failing(Redactor):
    def redact(self, text: Any) -> Any:
        raise RuntimeError(text)


class Shouting(Redactor):
    def redact(self, text: Any) -> Any:
        return text.upper() if isinstance(text, str) else text


class Unreadable:
    def __str__(self) -> str:
        raise ValueError("ann@example.com")

    __repr__ = __str__


class TestKeys:
    @pytest.mark.parametrize(
        "key",
        [
            "password",
            "Password",
            "PASSWORD",
            "user_password",
            "dbPassword",
            "X-Password",
            "db.password",
            "dbpassword",
            "password2",
            "password_1",
            "password_hash",
            "new_password",
            "password_confirmation",
            "passwords",
            "token",
            "access_token",
            "refreshToken",
            "X-Auth-Token",
            "TOKEN",
            "token_value",
            "accesstoken",
            "JWTToken",
            "secret",
            "client_secret",
            "clientSecret",
            "secrets",
            "authorization",
            "Authorization",
            "Proxy-Authorization",
            "authorization_header",
            "cookie",
            "cookies",
            "Set-Cookie",
            "api_key",
            "apikey",
            "apiKey",
            "API_KEY",
            "X-API-Key",
            "private_key",
            "secret_key",
            "AWS_SECRET_ACCESS_KEY",
            "passwd",
            "pwd",
            "db_pwd",
            "passphrase",
            "credential",
            "credentials",
            "cvv",
        ],
    )
    def test_value_of_a_denied_key_never_shows(self, key: str) -> None:
        assert FIELDS.redact({key: "x"}) == {key: "<REDACTED>"}

    @pytest.mark.parametrize(
        "key",
        [
            "token_count",
            "token_type",
            "token_bucket_rate",
            "tokenizer",
            "password_policy",
            "password_length",
            "secret_name",
            "secretary",
            "cookie_consent",
            "authorization_code_flow",
            "keyboard",
            "key",
            "primary_key",
            "upwd",
            "event",
        ],
    )
    def test_value_of_any_other_key_shows(self, key: str) -> None:
        assert FIELDS.redact({key: "x"}) == {key: "x"}

    @pytest.mark.parametrize(("value", "shown"), [(4096, 4096), (1.5, 1.5), ("4096", "<REDACTED>")])
    def test_many_may_be_how_many(self, value: object, shown: object) -> None:
        assert FIELDS.redact({"max_tokens": value}) == {"max_tokens": shown}

    def test_denied_value_is_masked_whatever_it_is(self) -> None:
        given = {"password": None, "token": 7, "secret": ["x"], "dbPassword": {"a": "b"}}

        assert set(FIELDS.redact(given).values()) == {"<REDACTED>"}

    @pytest.mark.parametrize(
        "key",
        [
            "trace_id",
            "span_id",
            "trace_flags",
            "correlationId",
            "correlation_id",
            "request_id",
            "requestId",
            "transaction_id",
            "transactionId",
            "timestamp",
            "level",
            "logger",
            "pid",
            "port",
        ],
    )
    def test_id_of_the_log_is_never_touched(self, key: str) -> None:
        fields = FieldRedactor(RegexRedactor(ENTITIES), [], [key])

        assert fields.redact({key: "+1 555 123 4567"}) == {key: "+1 555 123 4567"}

    def test_what_is_within_such_an_id_is_redacted(self) -> None:
        assert FIELDS.redact({"request_id": {"note": "ann@example.com"}}) == {
            "request_id": {"note": "<EMAIL>"}
        }

    @pytest.mark.parametrize("key", ["order_id", "orderId", "id", "ids", "created_at", "invoice_no", "REF"])
    def test_id_is_no_telephone_number(self, key: str) -> None:
        assert FIELDS.redact({key: "555-123-4567"}) == {key: "555-123-4567"}

    def test_secret_under_an_id_is_masked(self) -> None:
        assert FIELDS.redact({"session_id": "Bearer abc-1", "user_id": "ann@example.com"}) == {
            "session_id": "<BEARER_TOKEN>",
            "user_id": "<EMAIL>",
        }

    @pytest.mark.parametrize(
        "key", ["phone", "Phone", "customer_phone", "phoneNumber", "mobile", "fax_no", "tel"]
    )
    @pytest.mark.parametrize("value", ["5551234567", "030 123456", "0151/23456789", 5551234567])
    def test_number_under_a_telephone_key_is_masked(self, key: str, value: object) -> None:
        assert FIELDS.redact({key: value}) == {key: "<PHONE>"}

    def test_number_of_a_card_is_no_id(self) -> None:
        assert FIELDS.redact({"card_number": "4000000000000000006"}) == {"card_number": "<CREDIT_CARD>"}

    def test_own_denied_keys_follow_the_same_rule(self) -> None:
        fields = FieldRedactor(RegexRedactor([]), [], ["pin", "tax_number"])

        shown = fields.redact({"card_pin": "1", "spin": "2", "taxNumber": "3", "pin_code": "4"})

        assert shown == {"card_pin": "<REDACTED>", "spin": "2", "taxNumber": "<REDACTED>", "pin_code": "4"}

    def test_keys_that_are_no_texts(self) -> None:
        assert FIELDS.redact({"a": {1: "x", None: "y", ("token",): "z"}}) == {
            "a": {1: "x", None: "y", ("token",): "<REDACTED>"}
        }

    def test_many_keys_are_decided_alike(self) -> None:
        shown = FIELDS.redact({f"token_{number}": "x" for number in range(5_000)})

        assert set(shown.values()) == {"<REDACTED>"}


class TestAllowedFields:
    FIELDS = FieldRedactor(RegexRedactor(ENTITIES), ["note"], ["token"])

    def test_only_they_and_the_event_are_searched(self) -> None:
        given = {"event": "ann@example.com", "note": "ann@example.com", "other": "ann@example.com"}

        assert self.FIELDS.redact(given) == {
            "event": "<EMAIL>",
            "note": "<EMAIL>",
            "other": "ann@example.com",
        }

    def test_denied_keys_stay_denied(self) -> None:
        assert self.FIELDS.redact({"token": "x", "other": {"token": "x", "a": ["b@example.com"]}}) == {
            "token": "<REDACTED>",
            "other": {"token": "<REDACTED>", "a": ["b@example.com"]},
        }

    def test_all_within_an_allowed_one_is_searched(self) -> None:
        assert self.FIELDS.redact({"note": {"other": "ann@example.com"}}) == {"note": {"other": "<EMAIL>"}}

    def test_spelling_does_not_matter(self) -> None:
        fields = FieldRedactor(RegexRedactor(ENTITIES), ["customer-note"])

        assert fields.redact({"customerNote": "ann@example.com"}) == {"customerNote": "<EMAIL>"}


class TestValues:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            7,
            10**30,
            1.5,
            datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
            datetime.timedelta(1),
            decimal.Decimal("1.50"),
            uuid.UUID(int=5),
        ],
    )
    def test_fact_stays_what_it_is(self, value: object) -> None:
        assert FIELDS.redact({"fact": value})["fact"] is value

    def test_types_of_containers_are_kept(self) -> None:
        given = {
            "list": ["ann@example.com"],
            "tuple": ("ann@example.com", 1),
            "set": {"ann@example.com"},
            "frozen": frozenset({"ann@example.com"}),
            "named": Point(1, "x"),
            "mapping": {"a": "ann@example.com"},
        }

        assert FIELDS.redact(given) == {
            "list": ["<EMAIL>"],
            "tuple": ("<EMAIL>", 1),
            "set": {"<EMAIL>"},
            "frozen": frozenset({"<EMAIL>"}),
            "named": Point(1, "<REDACTED>"),
            "mapping": {"a": "<EMAIL>"},
        }

    def test_queue_becomes_a_list(self) -> None:
        assert FIELDS.redact({"a": deque(["ann@example.com"])}) == {"a": ["<EMAIL>"]}

    def test_other_objects_become_their_redacted_text(self) -> None:
        assert FIELDS.redact({"error": ValueError("ann@example.com"), "colour": Colour.RED}) == {
            "error": "<EMAIL>",
            "colour": "<EMAIL>",
        }

    def test_object_without_a_text_is_named(self) -> None:
        assert FIELDS.redact({"a": Unreadable()}) == {"a": "<Unreadable without a text>"}

    def test_bytes_stay_bytes(self) -> None:
        assert FIELDS.redact({"a": b"to ann@example.com", "b": b"\xff\x00"}) == {
            "a": b"to <EMAIL>",
            "b": b"\xff\x00",
        }

    def test_generator_is_not_used_up(self) -> None:
        numbers = (number for number in (1, 2))

        FIELDS.redact({"numbers": numbers})

        assert list(numbers) == [1, 2]

    def test_keys_that_hold_a_secret_stay_different(self) -> None:
        assert FIELDS.redact({"by": {"ann@example.com": 1, "bob@example.com": 2}}) == {
            "by": {"<EMAIL>": 1, "<EMAIL>#2": 2}
        }

    def test_what_is_logged_stays_as_it_is(self) -> None:
        given = {"a": {"password": "x", "b": ["ann@example.com", {"token": "y"}]}, "c": [("cookie", "z")]}
        before = copy.deepcopy(given)

        FIELDS.redact(given)

        assert given == before

    def test_result_is_a_new_dictionary(self) -> None:
        given = {"a": "b"}

        shown = FIELDS.redact(given)
        shown["c"] = "d"

        assert given == {"a": "b"}

    def test_nothing_is_copied_deeper_than_eight(self) -> None:
        given: object = "ann@example.com"
        for _ in range(12):
            given = [given]

        shown = FIELDS.redact({"a": given})["a"]

        for _ in range(8):
            assert isinstance(shown, list)
            [shown] = shown

        assert shown == "<TOO_DEEP>"

    def test_more_than_a_thousand_values_are_cut(self) -> None:
        shown = FIELDS.redact(
            {"a": list(range(5_000)), "b": {str(number): number for number in range(2_000)}}
        )

        assert shown["a"] == [*range(1_000), "<CUT 4000 items>"]
        assert isinstance(shown["b"], dict)
        assert len(shown["b"]) == 1_001
        assert shown["b"]["<CUT>"] == "<CUT 1000 items>"

    def test_texts_in_a_container_are_cut_together(self) -> None:
        shown = FIELDS.redact({"a": ["word " * 10_000] * 10})["a"]

        assert isinstance(shown, list)
        assert shown[3:] == ["word " * 10_000, *["<CUT 50000 characters>"] * 6]

    def test_circle_is_told(self) -> None:
        given: dict[str, object] = {"name": "a"}
        given["self"] = given
        given["list"] = [given]

        assert FIELDS.redact({"a": given}) == {
            "a": {"name": "a", "self": "<CIRCULAR>", "list": ["<CIRCULAR>"]}
        }

    def test_same_value_twice_is_no_circle(self) -> None:
        part = ["ann@example.com"]

        assert FIELDS.redact({"a": [part, part]}) == {"a": [["<EMAIL>"], ["<EMAIL>"]]}


class TestEngines:
    def test_without_one_nothing_is_touched(self) -> None:
        fields = FieldRedactor(None, [], ["password"])

        assert fields.redact({"password": "x"}) == {"password": "x"}
        assert fields.redact_value("password", "x") == "x"
        assert fields.redact_text("password=x") == "password=x"

    def test_any_can_be_used(self) -> None:
        fields = FieldRedactor(Shouting(), [], ["password"])

        shown = fields.redact({"event": "paid", "password": "x", "nested": ["a"]})

        assert shown == {"event": "PAID", "password": "<REDACTED>", "nested": ["A"]}

    def test_failing_one_shows_nothing(self) -> None:
        fields = FieldRedactor(Failing())

        shown = fields.redact({"event": "ann@example.com", "nested": {"a": ["ann@example.com"]}, "n": 1})

        assert "ann" not in repr(shown)
        assert shown["event"] == "<REDACTION_FAILED>"
        assert shown["n"] == 1

    def test_single_value(self) -> None:
        assert FIELDS.redact_value("dbPassword", "x") == "<REDACTED>"
        assert FIELDS.redact_value("note", ["ann@example.com"]) == ["<EMAIL>"]
