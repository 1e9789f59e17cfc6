# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.conversion import parse_bool, parse_duration

TRUE = ["true", "1", "yes", "on"]
FALSE = ["false", "0", "no", "off"]


@given(
    st.sampled_from(TRUE + FALSE),
    st.sampled_from([str.lower, str.upper, str.title]),
    st.text(" \t", max_size=3),
)
def test_truth_values_are_read_in_any_case(word: str, change: Callable[[str], str], blanks: str) -> None:
    assert parse_bool(blanks + change(word) + blanks) is (word in TRUE)


@given(st.text().filter(lambda text: text.strip().lower() not in TRUE + FALSE))
def test_other_text_is_no_truth_value(text: str) -> None:
    with pytest.raises(ValueError, match="expected true or false"):
        parse_bool(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30),
        ("1.5", 1.5),
        ("-2", -2),
        ("30s", 30),
        ("250ms", 0.25),
        ("5m", 300),
        ("1h30m", 5400),
        ("1H 30M", 5400),
        ("2d", 172800),
        ("1w", 604800),
        ("10us", 0.00001),
        ("-5s", -5),
        ("PT30S", 30),
        ("PT1M0.5S", 60.5),
        ("P1DT2H", 93600),
        ("P2W", 1209600),
        ("-PT5S", -5),
        ("pt5s", 5),
        (30, 30),
        (0.5, 0.5),
    ],
)
def test_duration_is_read(text: str | float, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "abc", "5x", "P", "PT", "P1Y", "1h 2", "s", "1e999", "99999999999d", "nan"]
)
def test_other_text_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.integers(0, 999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_both_notations_of_a_duration_agree(days: int, hours: int, minutes: int, seconds: int) -> None:
    expected = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    assert parse_duration(f"{days}d{hours}h{minutes}m{seconds}s") == expected
    assert parse_duration(f"P{days}DT{hours}H{minutes}M{seconds}S") == expected
