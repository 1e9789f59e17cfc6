# SPDX-License-Identifier: Apache-2.0
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.origins import OriginError, OriginPattern, parse_origin

labels = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=4).map(".".join)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        (" HTTPS://Shop.Example.COM ", "https://shop.example.com"),
        ("https://shop.example.com:443", "https://shop.example.com"),
        ("http://shop.example.com:80", "http://shop.example.com"),
        ("http://shop.example.com:443", "http://shop.example.com:443"),
        ("http://localhost:03000", "http://localhost:3000"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
        ("null", "null"),
    ],
)
def test_origin_is_kept_as_browsers_send_it(written: str, sent: str) -> None:
    assert parse_origin(written) == sent


@pytest.mark.parametrize(
    ("text", "problem", "action"),
    [
        ("https://shop.example.com/", "goes on after the host", "write https://shop.example.com"),
        ("https://shop.example.com/path", "goes on after the host", "write https://shop.example.com"),
        ("https://shop.example.com?a=1", "goes on after the host", "write https://shop.example.com"),
        ("shop.example.com", "has no scheme", "write scheme and host, as in https://shop.example.com"),
        ("https://user@example.com", "names a user", "write https://example.com"),
        ("https://täglich.example", "has characters that browsers encode", "write the host as xn--..."),
        (
            "https://*.example.com",
            "is no origin",
            "list it among the patterns, with * in the host or as the port",
        ),
        ("https://example.com:0", "is no origin", "write scheme and host, as in https://shop.example.com"),
        (
            "https://example.com:70000",
            "is no origin",
            "write scheme and host, as in https://shop.example.com",
        ),
        ("https://", "is no origin", "write scheme and host, as in https://shop.example.com"),
        ("https://a b", "is no origin", "write scheme and host, as in https://shop.example.com"),
        ("", "has no scheme", "write scheme and host, as in https://shop.example.com"),
    ],
)
def test_what_is_no_origin_is_refused_with_what_to_write(text: str, problem: str, action: str) -> None:
    with pytest.raises(OriginError) as caught:
        parse_origin(text)

    assert (caught.value.text, caught.value.problem, caught.value.action) == (text, problem, action)


@given(st.text())
def test_any_text_is_an_origin_or_refused(text: str) -> None:
    try:
        origin = parse_origin(text)
    except OriginError:
        return

    assert parse_origin(origin) == origin


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("https://*.example.com", ["https://a.example.com", "https://a.b.example.com"]),
        ("https://*.example.com:*", ["https://a.example.com", "https://a.example.com:8443"]),
        ("https://*.example.com:443", ["https://a.example.com"]),
        ("https://pr-*.preview.example.com", ["https://pr-12.preview.example.com"]),
        ("http://localhost:*", ["http://localhost", "http://localhost:3000"]),
        ("http://*.localhost:3000", ["http://shop.localhost:3000"]),
        ("http://[::1]:*", ["http://[::1]:5173"]),
        ("HTTPS://*", ["https://example.com", "https://a.b.c"]),
    ],
)
def test_pattern_takes_what_fits(pattern: str, fits: list[str]) -> None:
    assert [origin for origin in fits if OriginPattern(pattern).matches(origin)] == fits


@pytest.mark.parametrize(
    ("pattern", "others"),
    [
        (
            "https://*.example.com",
            [
                "https://example.com",
                "https://.example.com",
                "https://evilexample.com",
                "https://a.example.com.evil.com",
                "https://a.exampleXcom",
                "https://evil.com/.example.com",
                "https://evil.com#.example.com",
                "https://evil.com\\.example.com",
                "https://u@a.example.com",
                "http://a.example.com",
                "https://a.example.com:8443",
                "https://a.example.com\n",
                "https://a..example.com",
                "null",
            ],
        ),
        (
            "https://pr-*.preview.example.com",
            ["https://pr-.preview.example.com", "https://pr-1.2.preview.example.com"],
        ),
        ("http://localhost:*", ["http://localhost:", "http://localhost:1x", "http://localhost.evil.com"]),
        ("https://*", ["https://", "https://a:8443", "http://a"]),
    ],
)
def test_pattern_leaves_out_what_does_not_fit(pattern: str, others: list[str]) -> None:
    assert [origin for origin in others if OriginPattern(pattern).matches(origin)] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("*", "is no origin"),
        ("*://example.com", "is no origin"),
        ("https://*.com", "leaves open whose domain it is"),
        ("https://*example.com", "leaves open whose domain it is"),
        ("https://example.*", "leaves open whose domain it is"),
        ("https://shop.example.com*", "leaves open whose domain it is"),
        ("http://192.168.1.*", "leaves open whose domain it is"),
        ("https://a*b*.x.example.com", "has several * in one label"),
        ("https://*.example.com/", "goes on after the host"),
        ("*.example.com", "has no scheme"),
        ("https://*.example.com:80*", "is no origin"),
    ],
)
def test_pattern_that_is_none_or_lets_in_strangers_is_refused(text: str, problem: str) -> None:
    with pytest.raises(OriginError) as caught:
        OriginPattern(text)

    assert caught.value.problem == problem


@given(hosts, st.sampled_from(["http", "https"]), st.one_of(st.none(), st.integers(1, 65535)))
def test_origin_without_wildcard_is_a_pattern_of_itself(host: str, scheme: str, port: int | None) -> None:
    origin = parse_origin(f"{scheme}://{host}" + ("" if port is None else f":{port}"))

    assert OriginPattern(origin).matches(origin)


@given(hosts, st.text(alphabet="abz019.-_:/@#\\ ", max_size=20))
def test_wildcard_of_the_first_label_takes_labels_and_nothing_else(host: str, before: str) -> None:
    plain = re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", before) is not None

    assert (
        OriginPattern(f"https://*.{host}.example.com").matches(f"https://{before}.{host}.example.com")
        is plain
    )


@pytest.mark.parametrize(
    "origin", ["https://" + "a" * 60_000, "https://" + "a." * 30_000, "https://" + "pr-" * 20_000]
)
def test_long_origins_cost_no_time(origin: str) -> None:
    pattern = OriginPattern("https://*.pr-*.x-*.y-*.example.com")
    start = time.perf_counter()

    assert not pattern.matches(origin)
    assert time.perf_counter() - start < 0.05
