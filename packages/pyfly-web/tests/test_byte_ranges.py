# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.byte_ranges import MAX_RANGES, format_byte_ranges, parse_byte_ranges


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=0-4", [(0, 4)]),
        ("bytes=5-", [(5, 9)]),
        ("bytes=-3", [(7, 9)]),
        ("bytes=-30", [(0, 9)]),
        ("bytes=8-99", [(8, 9)]),
        ("Bytes = 0-0", [(0, 0)]),
        ("bytes=6-7, 0-1", [(0, 1), (6, 7)]),
        ("bytes=0-5,3-8", [(0, 8)]),
        ("bytes=0-1,2-3", [(0, 3)]),
        ("bytes=,0-1,,", [(0, 1)]),
        ("bytes=0-1,50-60", [(0, 1)]),
    ],
)
def test_ranges_are_read_in_order_and_joined(header: str, ranges: list[tuple[int, int]]) -> None:
    assert parse_byte_ranges(header, 10) == ranges


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=-0", "bytes=99-100,50-"])
def test_ranges_behind_the_end_cannot_be_satisfied(header: str) -> None:
    assert parse_byte_ranges(header, 10) == []


def test_nothing_of_an_empty_file_can_be_asked_for() -> None:
    assert parse_byte_ranges("bytes=0-", 0) == []


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-3",
        "bytes=1",
        "bytes=+1-2",
        "bytes=1_0-20",
        "bytes=\u0661-\u0662",
        "bytes=0-1;2-3",
        "lines=1-2",
    ],
)
def test_what_is_no_list_of_ranges_is_ignored(header: str) -> None:
    assert parse_byte_ranges(header, 10_000) is None


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-" + "9" * 5000,
        "bytes=" + ",".join(f"{at}-{at}" for at in range(0, 4 * MAX_RANGES, 2)),
        "bytes=" + "0-," * 2000,
    ],
)
def test_too_many_ranges_are_refused(header: str) -> None:
    assert parse_byte_ranges(header, 10_000) == []


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=20), st.integers(1, 50)
)
def test_same_bytes_are_asked_for_after_joining(wanted: list[tuple[int, int]], size: int) -> None:
    ordered = [(min(pair), max(pair)) for pair in wanted]
    ranges = parse_byte_ranges(format_byte_ranges(ordered), size) or []

    asked = {at for first, last in ordered for at in range(first, last + 1) if at < size}
    assert {at for first, last in ranges for at in range(first, last + 1)} == asked
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))
