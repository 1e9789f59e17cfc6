# SPDX-License-Identifier: Apache-2.0
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.binding import Exchange
from pyfly.web.binding.exchange import parse_cookies, parse_query

PLAIN_TEXT = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.tuples(PLAIN_TEXT, PLAIN_TEXT)))
def test_what_was_encoded_is_decoded(pairs: list[tuple[str, str]]) -> None:
    values = parse_query(urlencode(pairs).encode())

    assert [(name, value) for name, value in pairs if name in values and value in values[name]] == pairs


@given(st.text(alphabet="ab=&+%2C;", max_size=20))
def test_query_is_read_as_the_standard_library_reads_it(query: str) -> None:
    expected: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        expected.setdefault(name, []).append(value)

    assert parse_query(query.encode()) == expected


@given(st.binary(max_size=30))
def test_no_query_is_an_error(query: bytes) -> None:
    parse_query(query)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255)))
def test_cookie_of_the_standard_library_is_read(value: str) -> None:
    cookie = SimpleCookie({"name": value})["name"].coded_value

    assert parse_cookies([f"a=1; name={cookie}; b=2"])["name"] == value


@pytest.mark.parametrize(
    ("headers", "cookies"),
    [
        ([], {}),
        (["a=1;b=2"], {"a": "1", "b": "2"}),
        (["a=1", "b=2"], {"a": "1", "b": "2"}),
        (["a=1; a=2"], {"a": "1"}),
        (["nonsense; ; a="], {"a": ""}),
        (['a="x=y"'], {"a": "x=y"}),
    ],
)
def test_cookies(headers: list[str], cookies: dict[str, str]) -> None:
    assert parse_cookies(headers) == cookies


def test_first_header_of_a_name_is_given() -> None:
    exchange = Exchange({"headers": [(b"x", b"1"), (b"x", b"\xe9")]}, None, None)

    assert exchange.header(b"x") == "1"
    assert exchange.headers(b"x") == ["1", "é"]
    assert exchange.header(b"y") is None


def test_query_may_be_absent() -> None:
    assert Exchange({}, None, None).query == {}
