# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.web.preconditions import judge

NOON = 1_700_000_000
BEFORE = "Tue, 14 Nov 2023 22:13:19 GMT"
AT = "Tue, 14 Nov 2023 22:13:20 GMT"
AFTER = "Tue, 14 Nov 2023 22:13:21 GMT"


def verdict(method: str = "GET", **headers: str) -> int:
    asked = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    return judge(method, asked.get, '"v1"', NOON)


@pytest.mark.parametrize("tags", ['"v1"', 'W/"v1"', '"v0", "v1"', '"a,b","v1"', "*", ' "v1" '])
def test_known_content_is_not_sent_again(tags: str) -> None:
    assert verdict(if_none_match=tags) == 304


@pytest.mark.parametrize("tags", ['"v2"', "v1", '""', 'W/"v2", "x"', ""])
def test_other_content_is_sent(tags: str) -> None:
    assert verdict(if_none_match=tags) == 206


def test_write_of_what_must_not_exist_yet_is_refused() -> None:
    assert verdict("PUT", if_none_match="*") == 412


@pytest.mark.parametrize(("since", "status"), [(BEFORE, 206), (AT, 304), (AFTER, 304), ("yesterday", 206)])
def test_content_that_is_not_newer_is_not_sent_again(since: str, status: int) -> None:
    assert verdict(if_modified_since=since) == status


def test_tags_decide_where_there_is_a_date_as_well() -> None:
    assert verdict(if_none_match='"v0"', if_modified_since=AFTER) == 206


def test_date_of_a_write_is_no_condition() -> None:
    assert verdict("PUT", if_modified_since=AFTER) == 200


@pytest.mark.parametrize(("tags", "status"), [('"v1"', 206), ("*", 206), ('"v2"', 412), ('W/"v1"', 412)])
def test_content_has_to_be_the_one_that_is_asked_for(tags: str, status: int) -> None:
    assert verdict(if_match=tags) == status


@pytest.mark.parametrize(("since", "status"), [(BEFORE, 412), (AT, 206), ("never", 206)])
def test_content_must_not_have_changed_since(since: str, status: int) -> None:
    assert verdict(if_unmodified_since=since) == status


@pytest.mark.parametrize(
    ("condition", "status"),
    [('"v1"', 206), ('W/"v1"', 200), ('"v0"', 200), (AT, 206), (BEFORE, 200), (AFTER, 200), ("x", 200)],
)
def test_ranges_of_other_content_are_not_sent(condition: str, status: int) -> None:
    assert verdict(if_range=condition) == status


def test_ranges_are_for_get_alone() -> None:
    assert verdict("HEAD") == 200


def test_date_out_of_bounds_is_ignored() -> None:
    assert verdict(if_modified_since="Fri, 31 Dec 99999999 23:59:59 GMT") == 206
