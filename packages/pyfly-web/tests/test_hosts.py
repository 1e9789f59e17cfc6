# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.hosts import HostPatterns, parse_host


@pytest.mark.parametrize(
    ("value", "host", "port"),
    [
        ("shop.example.com", "shop.example.com", ""),
        ("Shop.Example.COM:8443", "shop.example.com", "8443"),
        ("shop.example.com.", "shop.example.com", ""),
        ("shop.example.com:", "shop.example.com", ""),
        ("orders_db", "orders_db", ""),
        ("127.0.0.1:08000", "127.0.0.1", "8000"),
        ("[::1]:8000", "[::1]", "8000"),
        ("[2001:DB8::1]", "[2001:db8::1]", ""),
    ],
)
def test_host_and_port_are_told_apart(value: str, host: str, port: str) -> None:
    assert parse_host(value) == (host, port)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "a b",
        "a\tb",
        "a@b",
        "user:pass@a",
        "a/b",
        "a\\b",
        "a?b",
        "a#b",
        "a,b",
        "a;b",
        "a%2fb",
        "a..b",
        ".a",
        "a:b",
        "a:80:80",
        "a:70000",
        "a:123456",
        "::1",
        "[::1",
        "[::1]a",
        "<a>",
        "a\r\nb",
        "a\0",
        "tägl.ich",
        "a" * 262,
    ],
)
def test_anything_else_is_no_host(value: str) -> None:
    assert parse_host(value) is None


@given(st.text(max_size=300))
def test_what_is_taken_reads_back_as_the_same(value: str) -> None:
    parsed = parse_host(value)
    if parsed is not None:
        host, port = parsed
        assert parse_host(f"{host}:{port}" if port else host) == parsed


@pytest.mark.parametrize(
    ("pattern", "allowed", "refused"),
    [
        (
            "shop.example.com",
            ["shop.example.com", "shop.example.com:8443"],
            ["example.com", "x.shop.example.com"],
        ),
        ("Shop.Example.com", ["shop.example.com"], []),
        ("localhost:8000", ["localhost:8000"], ["localhost", "localhost:8001"]),
        (
            "*.example.com",
            ["a.example.com", "a.b.example.com:1"],
            ["example.com", "aexample.com", "a.example.org"],
        ),
        ("*.example.com:8443", ["a.example.com:8443"], ["a.example.com"]),
        ("[::1]", ["[::1]", "[::1]:8000"], ["[::2]"]),
        ("*", ["anything", "[::1]:1"], []),
    ],
)
def test_patterns_allow_what_they_say(pattern: str, allowed: list[str], refused: list[str]) -> None:
    patterns = HostPatterns([pattern])

    assert [host for host in allowed if not patterns.allow(*parse_host(host))] == []  # type: ignore[misc]
    assert [host for host in refused if patterns.allow(*parse_host(host))] == []  # type: ignore[misc]


@pytest.mark.parametrize("pattern", ["", "https://a", "a/", "*a.example", "a.*", "*.", "**", "a b"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="expected a host such as shop"):
        HostPatterns([pattern])
