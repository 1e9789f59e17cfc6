# SPDX-License-Identifier: Apache-2.0
import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from pyfly.config.data_size import DataSize, parse_data_size

UNITS = {
    "": 0,
    "B": 0,
    "K": 1,
    "KB": 1,
    "KiB": 1,
    "M": 2,
    "MB": 2,
    "MiB": 2,
    "G": 3,
    "GiB": 3,
    "T": 4,
    "TB": 4,
}


@given(st.integers(0, 10**6), st.sampled_from(sorted(UNITS)), st.sampled_from(["", " "]), st.booleans())
def test_units_are_powers_of_1024_in_any_case(number: int, unit: str, blank: str, lower: bool) -> None:
    text = f" {number}{blank}{unit} "
    assert parse_data_size(text.lower() if lower else text) == number * 1024 ** UNITS[unit]


@pytest.mark.parametrize(
    ("text", "size"),
    [("10MB", 10 * 1024**2), ("1.5GB", 1536 * 1024**2), ("0.3KB", 307), ("0", 0), (512, 512)],
)
def test_data_size_is_read(text: str | int, size: int) -> None:
    found = parse_data_size(text)
    assert (found, type(found)) == (size, DataSize)


@pytest.mark.parametrize(
    "text", ["", "MB", "-1MB", "1.5", "1.5B", "1e3", "10XB", "5IB", "1,5MB", "1MB 2KB", "nan"]
)
def test_other_text_is_no_data_size(text: str) -> None:
    with pytest.raises(ValueError, match="data size") as caught:
        parse_data_size(text)

    assert str(caught.value) == f"expected a data size such as 10MB, 512KB or a number of bytes, got {text!r}"


def test_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^expected a data size of at least 0B, got -1$"):
        DataSize(-1)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0B"), (1, "1B"), (1024, "1KB"), (1536, "1536B"), (10 * 1024**2, "10MB"), (1024**5, "1024TB")],
)
def test_size_shows_in_the_largest_unit_that_is_exact(size: int, text: str) -> None:
    assert f"{DataSize(size)}" == str(DataSize(size)) == text


@given(st.integers(0, 10**18))
def test_text_of_a_size_reads_back(size: int) -> None:
    assert parse_data_size(str(DataSize(size))) == size


def test_size_is_an_integer() -> None:
    size = DataSize(2048)
    assert (size + 1, json.dumps(size), repr(size), {2048: "a"}[size]) == (
        2049,
        "2048",
        "DataSize(2048)",
        "a",
    )


def test_copies_stay_sizes() -> None:
    size = DataSize(2048)
    assert [type(it) for it in (copy.deepcopy(size), pickle.loads(pickle.dumps(size)))] == [
        DataSize,
        DataSize,
    ]


class Upload(BaseModel):
    limit: DataSize


def test_model_reads_and_writes_sizes() -> None:
    upload = Upload.model_validate({"limit": "2KB"})
    assert (upload.limit, type(upload.limit), upload.model_dump_json()) == (2048, DataSize, '{"limit":2048}')


def test_model_refuses_what_is_no_size() -> None:
    with pytest.raises(ValidationError, match="expected a data size such as 10MB"):
        Upload.model_validate({"limit": "much"})
