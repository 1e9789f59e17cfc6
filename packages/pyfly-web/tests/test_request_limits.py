# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.errors import BindingError, ConfigurationError
from pyfly.config.properties.request_limits import RequestLimitProperties
from pyfly.config.store import Config
from pyfly.kernel.exceptions import PyFlyException
from pyfly.web.request_limits import compile_head_check

Headers = list[tuple[bytes, bytes]]

HOST = (b"host", b"shop.example.com")


def scope_of(*headers: tuple[bytes, bytes], path: str = "/", query: bytes = b"") -> dict[str, Any]:
    return {"headers": list(headers), "path": path, "raw_path": path.encode(), "query_string": query}


def refusal(scope: dict[str, Any], **limits: Any) -> tuple[int, str | None] | None:
    found = compile_head_check(Config({"pyfly": {"web": {"limits": limits}}}).bind(RequestLimitProperties))(
        scope
    )
    return None if found is None else (found.http_status, found.code)


def test_defaults() -> None:
    limits = Config({}).bind(RequestLimitProperties)

    assert (limits.max_header_size, limits.max_header_count, limits.max_url_length) == (65536, 100, 16384)
    assert limits.allowed_hosts == []


def test_ordinary_request_passes() -> None:
    assert refusal(scope_of(HOST, (b"accept", b"*/*"), query=b"a=1")) is None


def test_headers_may_be_as_large_as_the_limit_and_no_larger() -> None:
    fitting = scope_of((b"host", b"ab"), (b"x-a", b"v" * 91))
    larger = scope_of((b"host", b"ab"), (b"x-a", b"v" * 92))

    assert refusal(fitting, **{"max-header-size": "100B"}) is None
    assert refusal(larger, **{"max-header-size": "100B"}) == (431, "HEADERS_TOO_LARGE")


def test_headers_may_be_as_many_as_the_limit_and_no_more() -> None:
    fitting = scope_of(HOST, *[(b"x-a", b"")] * 9)
    more = scope_of(HOST, *[(b"x-a", b"")] * 10)

    assert refusal(fitting, **{"max-header-count": 10}) is None
    assert refusal(more, **{"max-header-count": 10}) == (431, "HEADERS_TOO_LARGE")


def test_url_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert refusal(scope_of(HOST, path="/" + "a" * 6, query=b"b=1"), **{"max-url-length": 10}) is None
    assert refusal(scope_of(HOST, path="/" + "a" * 7, query=b"b=1"), **{"max-url-length": 10}) == (
        414,
        "URL_TOO_LONG",
    )


def test_url_is_measured_as_it_was_sent() -> None:
    scope = {**scope_of(HOST, path="/ä"), "raw_path": b"/%C3%A4"}

    assert refusal(scope, **{"max-url-length": 6}) == (414, "URL_TOO_LONG")


def test_path_stands_in_for_the_raw_path_where_a_server_gives_none() -> None:
    assert refusal({**scope_of(HOST, path="/abc"), "raw_path": None}, **{"max-url-length": 3}) == (
        414,
        "URL_TOO_LONG",
    )


def test_zero_means_no_limit() -> None:
    scope = scope_of(HOST, *[(b"x-a", b"v" * 1000)] * 200, path="/" + "a" * 20000)

    assert refusal(scope, **{"max-header-size": 0, "max-header-count": 0, "max-url-length": 0}) is None


@pytest.mark.parametrize("value", [b"a b", b"u@a", b"a/b", b"a,b", b"\xff", b"a:x"])
def test_malformed_host_is_always_refused(value: bytes) -> None:
    assert refusal(scope_of((b"host", value))) == (400, "INVALID_HOST")
    assert refusal(scope_of((b"host", value)), **{"allowed-hosts": "*"}) == (400, "INVALID_HOST")


@pytest.mark.parametrize("second", [b"shop.example.com", b"evil.example", b""])
def test_several_hosts_are_refused_even_if_they_agree(second: bytes) -> None:
    assert refusal(scope_of(HOST, (b"accept", b"*/*"), (b"host", second))) == (400, "INVALID_HOST")


@pytest.mark.parametrize("headers", [[], [(b"host", b"")]])
def test_host_may_be_absent_unless_hosts_are_named(headers: Headers) -> None:
    assert refusal(scope_of(*headers)) is None
    assert refusal(scope_of(*headers), **{"allowed-hosts": ["shop.example.com"]}) == (400, "INVALID_HOST")


def test_other_hosts_than_the_named_ones_are_refused() -> None:
    hosts = {"allowed-hosts": "shop.example.com, *.internal"}

    assert refusal(scope_of((b"host", b"SHOP.example.com:8000")), **hosts) is None
    assert refusal(scope_of((b"host", b"orders.internal")), **hosts) is None
    assert refusal(scope_of((b"host", b"evil.example")), **hosts) == (400, "INVALID_HOST")


def test_hosts_are_judged_the_same_however_many_have_been_seen() -> None:
    check = compile_head_check(RequestLimitProperties(allowed_hosts=["*.example.com"]))

    accepted = [check(scope_of((b"host", b"h%d.example.com" % number))) for number in range(3000)]

    assert accepted == [None] * 3000
    assert check(scope_of((b"host", b"h1.example.com"))) is None
    assert isinstance(check(scope_of((b"host", b"h1.example.org"))), PyFlyException)


def test_answer_does_not_repeat_the_host() -> None:
    found = compile_head_check(RequestLimitProperties())(scope_of((b"host", b"evil.example/<script>")))

    assert str(found) == "The Host header is malformed."
    assert found is not None
    assert found.context == {}


def test_allowed_host_that_is_none_stops_the_start_with_its_key() -> None:
    with pytest.raises(
        ConfigurationError, match=r"pyfly\.web\.limits\.allowed-hosts: expected a host .* 'https://a'"
    ):
        compile_head_check(RequestLimitProperties(allowed_hosts=["https://a"]))


@pytest.mark.parametrize("key", ["max-header-size", "max-header-count", "max-url-length"])
def test_negative_limit_is_refused_with_its_key(key: str) -> None:
    with pytest.raises(BindingError, match=rf"pyfly\.web\.limits\.{key}"):
        Config({"pyfly": {"web": {"limits": {key: -1}}}}).bind(RequestLimitProperties)


@given(st.lists(st.tuples(st.sampled_from([b"host", b"x-a", b"cookie"]), st.binary(max_size=30)), max_size=8))
def test_any_headers_are_taken_or_refused(headers: Headers) -> None:
    found = compile_head_check(RequestLimitProperties(max_header_size=60, max_header_count=5))(
        scope_of(*headers)
    )  # type: ignore[arg-type]

    assert found is None or found.http_status in (400, 431)
