# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.response_headers import InvalidResponseHeaderError, checked_headers


def test_good_headers_come_back_as_they_are() -> None:
    headers = [(b"content-type", b"text/plain"), (b"X-Note", b"na\xefve \t tab"), (b"x-empty", b"")]

    assert checked_headers(headers) is headers


@pytest.mark.parametrize(
    "value", [b"a\r\nset-cookie: b=1", b"a\nb", b"a\rb", b"a\0b", b"\r\n\r\n<html>", b"a\x01", b"\x7f"]
)
def test_value_that_could_become_another_header_is_refused(value: bytes) -> None:
    with pytest.raises(InvalidResponseHeaderError) as caught:
        checked_headers([(b"x-a", b"fine"), (b"location", value)])

    assert caught.value.name == "location"
    assert caught.value.http_status == 500
    assert str(caught.value) == (
        "The header 'location' of an answer has a line break or another control character in its value."
    )


@pytest.mark.parametrize("name", [b"", b"x a", b"x:a", b"x\r\ny", b"x\0", b"\xe4", b" x"])
def test_name_that_is_none_is_refused(name: bytes) -> None:
    with pytest.raises(InvalidResponseHeaderError, match="has a name that is none"):
        checked_headers([(name, b"v")])


def test_names_are_judged_the_same_however_many_have_been_seen() -> None:
    checked_headers([(b"x-%d" % number, b"v") for number in range(3000)])

    with pytest.raises(InvalidResponseHeaderError):
        checked_headers([(b"x 1", b"v")])


@given(st.lists(st.tuples(st.binary(max_size=5), st.binary(max_size=10)), max_size=4))
def test_nothing_that_splits_the_head_passes(headers: list[tuple[bytes, bytes]]) -> None:
    try:
        checked_headers(headers)
    except InvalidResponseHeaderError:
        return

    head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    assert head.count(b"\r") == head.count(b"\n") == len(headers)
    assert b"\0" not in head
