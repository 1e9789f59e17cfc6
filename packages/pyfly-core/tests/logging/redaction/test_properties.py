# SPDX-License-Identifier: Apache-2.0
"""What holds for whatever is logged."""

import copy
import logging

from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.properties.logging import DEFAULT_DENY_FIELDS, DEFAULT_ENTITIES
from pyfly.logging.redaction import FieldRedactor, RedactionFilter, RegexRedactor
from pyfly.logging.redaction.patterns import BUILTIN_PATTERNS, VALIDATORS

REDACTOR = RegexRedactor(list(DEFAULT_ENTITIES))
EVERYTHING = RegexRedactor(list(BUILTIN_PATTERNS))
FIELDS = FieldRedactor(REDACTOR, [], DEFAULT_DENY_FIELDS)
SECRET = "Xs3cr3tX"

pieces = st.one_of(
    st.sampled_from(
        [
            "ann@example.com", "4111 1111 1111 1111", "DE89370400440532013000", "123-45-6789", "Bearer abc",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "://app:pw@host", "+49 151 23456789", "555-123-4567",
            "password", "token", "secret", "--password", "Authorization: Basic", "cookie", "2026",
            "phone", "call", "<EMAIL>", "<REDACTED>", "-----BEGIN PRIVATE KEY-----", "-----END", "İ", "%40",
            "ann%40example.com",
        ]
    ),
    st.text(max_size=6),
    st.text("0123456789-. ()+", max_size=12),
)  # fmt: skip
between = st.sampled_from([*" =:,;&'\"\\/()[]{}<>\n", "='", '": "', ": ", " = ", "', '", "</"])
texts = st.lists(st.tuples(pieces, between), max_size=8).map(lambda pairs: "".join(map("".join, pairs)))

plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, st.binary(max_size=20), st.dates()
)
keys = st.one_of(
    st.sampled_from(
        ["event", "password", "dbPassword", "order_id", "phone", "request_id", "note", "tokens", "name"]
    ),
    st.text(max_size=8),
)
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(keys, inner, max_size=4),
        st.lists(inner, max_size=3).map(lambda items: ValueError(*items)),
    ),
    max_leaves=12,
)
harmless = st.one_of(st.none(), st.integers(), st.text("abc =:", max_size=6))
denied_keys = st.sampled_from(
    [
        "password",
        "Password",
        "db_password",
        "accessToken",
        "X-API-Key",
        "clientSecret",
        "Set-Cookie",
        "PASSWD",
    ]
)


def hidden(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Put a secret below a denied key, in whatever it is that is logged."""
    return st.one_of(
        st.lists(harmless, max_size=2).flatmap(lambda others: inner.map(lambda secret: [*others, secret])),
        inner.map(lambda secret: (secret, 1)),
        st.tuples(st.sampled_from(["a", "note", "order_id"]), inner).map(lambda pair: {pair[0]: pair[1]}),
    )


secrets = st.recursive(
    st.tuples(
        denied_keys, st.sampled_from([SECRET, [SECRET], {"a": SECRET}, SECRET.encode(), (SECRET, 1)])
    ).map(lambda pair: {pair[0]: pair[1]}),
    hidden,
    max_leaves=4,
)


@given(texts)
def test_raw_text_is_redacted_once_and_for_all(text: str) -> None:
    shown = EVERYTHING.redact(text)

    assert EVERYTHING.redact(shown) == shown


@given(texts)
def test_logged_text_is_redacted_once_and_for_all(text: str) -> None:
    shown = FIELDS.redact_text(text)

    assert FIELDS.redact_text(shown) == shown


@given(texts)
def test_what_is_told_to_be_clean_is_clean(text: str) -> None:
    if not REDACTOR.may_hold_secret(text):
        assert REDACTOR.redact_logged(text) == text


@given(texts)
def test_no_finding_is_left(text: str) -> None:
    shown = EVERYTHING.redact(text)

    for entity in ("EMAIL", "US_SSN", "JWT"):
        found = BUILTIN_PATTERNS[entity].findall(shown)
        assert not [secret for secret in found if VALIDATORS.get(entity, bool)(secret)]


@given(st.dictionaries(st.text(max_size=10) | keys, values, max_size=6))
def test_nothing_is_raised_and_nothing_changed(fields: dict[str, object]) -> None:
    before = copy.deepcopy(fields)

    shown = FIELDS.redact(fields)

    assert shown.keys() == fields.keys()
    assert repr(fields) == repr(before)


@given(secrets)
def test_value_of_a_denied_key_never_shows(value: object) -> None:
    shown = FIELDS.redact({"context": value})

    assert SECRET not in repr(shown)


@given(denied_keys, st.text("abcXYZ019!#$%*+-_~^?", min_size=1).map(lambda text: f"{SECRET}{text}"))
def test_value_of_a_denied_key_in_a_text_never_shows(key: str, secret: str) -> None:
    for text in (
        f"{key}={secret}",
        f"{key}: {secret} x",
        f'{{"{key}": "{secret}"}}',
        f"{{'{key}': '{secret}'}}",
    ):
        assert SECRET not in FIELDS.redact_text(text)


@given(secrets)
def test_value_of_a_denied_key_in_a_representation_never_shows(value: object) -> None:
    assert SECRET not in FIELDS.redact_text(repr(value))


@given(values, st.lists(values, max_size=2), texts)
def test_filter_never_raises_and_never_drops(message: object, arguments: list[object], error: str) -> None:
    record = logging.LogRecord("shop", logging.INFO, "f.py", 1, message, tuple(arguments), None)  # type: ignore[arg-type]  # any object is a message
    record.exc_info = (ValueError, ValueError(error), None)

    assert RedactionFilter(REDACTOR, [], DEFAULT_DENY_FIELDS).filter(record)

    assert isinstance(logging.Formatter().format(record), str)
