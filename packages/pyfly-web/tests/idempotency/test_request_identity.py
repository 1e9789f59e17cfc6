# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.idempotency import InvalidIdempotencyKeyException
from pyfly.web.idempotency.request_identity import (
    caller_of,
    fingerprint_of,
    identity_of,
    read_key,
    storage_key,
)

ID = UUID("8e03978e-40d5-43e8-bc93-6894a57f9324")


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (str(ID), str(ID)),
        (f'"{ID}"', str(ID)),
        ("  order:42 ", "order:42"),
        ('"', '"'),
        ('a"b', 'a"b'),
        ("a" * 20, "a" * 20),
    ],
)
def test_key_is_read_with_and_without_quotes(value: str, key: str) -> None:
    assert read_key([value], 40) == key


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ([""], "is empty"),
        (['""'], "is empty"),
        (["  "], "is empty"),
        (["a" * 41], "is longer than 40 characters"),
        (["a b"], "has characters other than the visible ones of ASCII"),
        (["ä"], "has characters other than the visible ones of ASCII"),
        (["a\x00"], "has characters other than the visible ones of ASCII"),
        (["a", "a"], "is sent more than once"),
    ],
)
def test_what_is_no_key_is_refused(values: list[str], problem: str) -> None:
    with pytest.raises(InvalidIdempotencyKeyException) as caught:
        read_key(values, 40)

    assert str(caught.value) == f"The Idempotency-Key {problem}."
    assert (caught.value.http_status, caught.value.code) == (400, "INVALID_IDEMPOTENCY_KEY")


def test_storage_key_names_method_path_and_key() -> None:
    assert storage_key("POST", "/orders", "k-1") == "idem:POST:/orders:k-1"
    assert storage_key("POST", "/orders", "k-1", "c0ffee") == "idem:@c0ffee:POST:/orders:k-1"


def test_storage_key_of_a_long_path_is_short() -> None:
    first = storage_key("POST", "/" + "a" * 5000, "k")
    second = storage_key("POST", "/" + "a" * 5001, "k")

    assert len(first) < 120
    assert first != second


@pytest.mark.parametrize(
    ("security_context", "identity"),
    [
        (None, None),
        (SimpleNamespace(), None),
        (SimpleNamespace(user_id="u-1"), "u-1"),
        (SimpleNamespace(user_id=7), "7"),
        (SimpleNamespace(user_id=ID), str(ID)),
        (SimpleNamespace(principal="ann", user_id="u-1"), "ann"),
        (SimpleNamespace(principal=SimpleNamespace(name="ann")), "ann"),
        (SimpleNamespace(principal={"sub": "u-1"}), "u-1"),
        (SimpleNamespace(principal=None, name="ann"), "ann"),
        (SimpleNamespace(user_id="u-1", is_authenticated=False), None),
        (SimpleNamespace(user_id="u-1", is_authenticated=lambda: False), None),
        (SimpleNamespace(user_id="u-1", is_authenticated=True), "u-1"),
        (SimpleNamespace(user_id=""), None),
        (SimpleNamespace(principal=object()), None),
    ],
)
def test_identity_is_found_in_any_security_context(security_context: Any, identity: str | None) -> None:
    assert identity_of(security_context) == identity


def test_callers_and_tenants_are_kept_apart() -> None:
    ann, bob = SimpleNamespace(user_id="ann"), SimpleNamespace(user_id="bob")
    callers = [
        caller_of(ann, None),
        caller_of(bob, None),
        caller_of(ann, "acme"),
        caller_of(None, "acme"),
        caller_of(None, "ann"),
        caller_of(SimpleNamespace(user_id="ann", tenant_id="globex"), "acme"),
        caller_of(None, None),
    ]

    assert len(set(callers)) == len(callers)
    assert callers[-1] is None


def test_equal_callers_are_the_same_in_every_process() -> None:
    assert caller_of(SimpleNamespace(user_id="ann"), "acme") == caller_of(
        SimpleNamespace(principal="ann"), "acme"
    )


parts = st.tuples(st.text(max_size=4), st.text(max_size=4), st.binary(max_size=4), st.binary(max_size=4))


@given(parts, parts)
def test_different_requests_have_different_fingerprints(first: Any, second: Any) -> None:
    assert (fingerprint_of(*first) == fingerprint_of(*second)) is (first == second)


def test_credentials_are_part_of_the_fingerprint() -> None:
    plain = fingerprint_of("POST", "/orders", b"", b"{}")

    assert fingerprint_of("POST", "/orders", b"", b"{}", [b"Bearer a"]) != plain
    assert fingerprint_of("POST", "/orders", b"", b"{}", [b"Bearer b"]) != plain
    assert fingerprint_of("POST", "/orders", b"", b"{}", [b"Bearer a", b""]) != fingerprint_of(
        "POST", "/orders", b"", b"{}", [b"", b"Bearer a"]
    )
