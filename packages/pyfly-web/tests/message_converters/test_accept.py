# SPDX-License-Identifier: Apache-2.0
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.message_converters import parse_accept
from pyfly.web.message_converters.accept import acceptables, preferred
from pyfly.web.message_converters.media_type import MediaType, split_outside_quotes, unquoted

JSON, XML, TEXT_XML, CSV = "application/json", "application/xml", "text/xml", "text/csv"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def choice(accept: str, *offered: str) -> str | None:
    index = preferred(accept, [MediaType.parse(it) for it in offered])
    return None if index is None else offered[index]


@pytest.mark.parametrize(
    ("accept", "names"),
    [
        (None, [JSON]),
        ("", [JSON]),
        (" ", [JSON]),
        ("text/html", ["text/html"]),
        ("text/html;q=0.5, application/xml", [XML, "text/html"]),
        ("a/b;q=0.5, c/d;q=0.5, e/f", ["e/f", "a/b", "c/d"]),
        ("Text/HTML; Q=0.1, A/B", ["a/b", "text/html"]),
        ("a/b;q=x, c/d;q=0.9", ["a/b", "c/d"]),
        ("a/b;q=7, c/d;q=-1", ["a/b", "c/d"]),
        ("a/b;q=nan, c/d", ["a/b", "c/d"]),
        ("a/b;q=0, c/d", ["c/d"]),
        ("a/b;level=1;q=0.5", ["a/b"]),
        (",, a/b ,", ["a/b"]),
        ("*", ["*/*"]),
    ],
)
def test_media_types_come_in_the_order_of_their_quality(accept: str | None, names: list[str]) -> None:
    assert parse_accept(accept) == names


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", JSON),
        ("*", JSON),
        ("application/*", JSON),
        ("text/*", TEXT_XML),
        ("application/xml", XML),
        ("text/xml", TEXT_XML),
        ("APPLICATION/XML", XML),
        ("application/xml, application/json", JSON),
        ("application/xml, application/json;q=0.9", XML),
        ("application/xml;q=0.9, */*;q=0.8", XML),
        ("application/json;q=0, */*", XML),
        ("application/*;q=0, */*", TEXT_XML),
        ("*/*;q=0", None),
        ("text/plain", None),
        ("image/*", None),
        ("application/jsonp", None),
        ("application/vnd.acme+json", JSON),
        ("application/vnd.acme+xml", XML),
        ("application/hal+json;q=0.5, application/xml;q=0.4", JSON),
        ("application/problem+json, application/json;q=0.1, application/xml;q=0.5", XML),
        ("image/svg+xml", None),
        ("application/xhtml+xml", None),
        ("text/html", None),
        (BROWSER, JSON),
        ("text/html, application/xml;q=0.9", XML),
        ("text/html, application/xml;q=0.9, application/json;q=0", XML),
        ("text/html;q=0.5, application/xml, */*;q=0.1", XML),
        ("application/json;charset=utf-8", JSON),
        ("application/json; charset=UTF-8", JSON),
        ('application/json; charset="utf-8"', JSON),
        ("application/json;charset=latin-1", None),
        ("application/json;version=2", None),
        ("application/json;version=2, application/xml;q=0.1", XML),
        ("application/json;version=2, */*;q=0.1", JSON),
        ("application/json;q=0.2;version=2", JSON),
        ("", JSON),
        ("nonsense", None),
    ],
)
def test_preferred_media_type(accept: str, chosen: str | None) -> None:
    assert choice(accept, JSON, XML, TEXT_XML) == chosen


def test_most_specific_range_decides() -> None:
    accept = "text/*;q=0.3, text/csv;q=0.7, text/csv;header=present, */*;q=0.5"

    assert choice(accept, "text/plain", CSV) == CSV
    assert choice(accept, "text/plain", "image/png") == "image/png"
    assert choice(accept, CSV, "text/csv;header=present") == "text/csv;header=present"


def test_server_has_its_way_among_equals() -> None:
    assert choice("text/csv, application/json", CSV, JSON) == CSV


def test_nothing_is_preferred_where_nothing_is_offered() -> None:
    assert preferred("*/*", []) is None
    assert preferred("", []) is None


def test_separators_inside_of_quotes_do_not_separate() -> None:
    assert split_outside_quotes('a;x=",\\"", b', ",") == ['a;x=",\\""', " b"]
    assert unquoted('",\\"\\\\"') == ',"\\'
    assert [it.range.name for it in acceptables('a/b;x="c,d;q=0", e/f')] == ["a/b", "e/f"]


@given(st.text())
def test_any_header_is_understood_or_nothing_fits(accept: str) -> None:
    assert choice(accept, JSON, XML) in (JSON, XML, None)
    assert all(name == name.lower() for name in parse_accept(accept))


RANGES = st.lists(
    st.tuples(
        st.sampled_from([JSON, XML, TEXT_XML, "*/*", "text/*", "application/*"]),
        st.integers(0, 10),
    ),
    min_size=1,
    unique_by=lambda it: it[0],
)


@given(RANGES, st.randoms())
def test_order_of_the_header_does_not_matter(ranges: list[tuple[str, int]], random: Random) -> None:
    entries = [f"{name};q={quality / 10}" for name, quality in ranges]
    shuffled = random.sample(entries, len(entries))

    assert choice(", ".join(entries), JSON, XML, TEXT_XML) == choice(", ".join(shuffled), JSON, XML, TEXT_XML)


@given(RANGES)
def test_what_is_refused_is_never_chosen(ranges: list[tuple[str, int]]) -> None:
    accept = ", ".join(f"{name};q={quality / 10}" for name, quality in ranges)
    refused = {name for name, quality in ranges if quality == 0}

    assert choice(accept, JSON, XML, TEXT_XML) not in refused


@pytest.mark.parametrize("entry", ["a/b;q=0.5,", 'a/b;x="\\"",', '"', ";q=", "\\", ",", "a/b;" * 3])
def test_reading_time_grows_with_the_length_alone(entry: str) -> None:
    small, large = steps_of(entry * 200), steps_of(entry * 1600)

    assert large < 12 * small


def steps_of(accept: str) -> int:
    """Count the lines of Python that are run."""
    steps = 0

    def count(frame: object, event: str, argument: object) -> object:
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        preferred(accept, [MediaType.parse(JSON), MediaType.parse(XML)])
    finally:
        sys.settrace(before)

    return steps
