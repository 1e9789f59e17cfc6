# SPDX-License-Identifier: Apache-2.0
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.validation.domain import date_text, is_valid_date, is_valid_datetime, valid_date, valid_datetime

ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.dates())
def test_every_iso_date_is_accepted(day: date) -> None:
    assert valid_date(day.isoformat()) == day.isoformat()


@given(st.datetimes(timezones=st.none() | ZONES))
def test_every_iso_date_with_time_is_accepted(moment: datetime) -> None:
    assert valid_datetime(moment.isoformat()) == moment.isoformat()
    assert is_valid_datetime(moment.isoformat(sep=" ", timespec="minutes"))


@pytest.mark.parametrize(
    "value",
    [
        "2020-1-5",
        "2020-02-30",
        "2021-02-29",
        "0000-01-01",
        "20200105",
        "2020-01-05T00:00",
        "2020-01-05\n",
        " 2020-01-05",
        "\uff12020-01-05",
        "",
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    assert not is_valid_date(value)
    with pytest.raises(ValueError, match=r"^invalid date$"):
        valid_date(value)


@pytest.mark.parametrize(
    ("value", "fmt"),
    [
        ("31.01.2020", "%d.%m.%Y"),
        ("01/31/20", "%m/%d/%y"),
        ("31 JAN 2020", "%d %b %Y"),
        ("2020-031", "%Y-%j"),
    ],
)
def test_date_of_another_format_is_accepted(value: str, fmt: str) -> None:
    assert is_valid_date(value, fmt=fmt)


def test_other_formats_want_all_digits_too() -> None:
    assert not is_valid_date("1.1.2020", fmt="%d.%m.%Y")
    assert not is_valid_date("01.01.2020  ", fmt="%d.%m.%Y")


@pytest.mark.parametrize(
    "value", ["2020-01-05T10:20:30Z", "2020-01-05T10:20", "2020-01-05T10:20:30.5+01:00", "20200105T102030Z"]
)
def test_forms_of_iso_8601_are_accepted(value: str) -> None:
    assert is_valid_datetime(value)


@pytest.mark.parametrize(
    "value",
    [
        "2020-01-05",
        "2020-01-05T",
        "2020-1-5T10:20",
        "2020-01-05x10:20",
        "2020-01-05T25:00",
        "2020-01-05T10:20:30+25:00",
        "2020-01-05T10:20ZZ",
        "2020-01-05T10:20\n",
        "2020-W01-1T10:20",
        "",
    ],
)
def test_what_is_no_date_with_time_is_refused(value: str) -> None:
    assert not is_valid_datetime(value)
    with pytest.raises(ValueError, match=r"^invalid datetime$"):
        valid_datetime(value)


@pytest.mark.parametrize("fmt", ["%Q", "%Y %Y", "%H:%M %"])
def test_rule_of_a_format_that_reads_nothing_is_an_error(fmt: str) -> None:
    with pytest.raises(ValueError, match="no date can be read in this format"):
        date_text(fmt=fmt)
