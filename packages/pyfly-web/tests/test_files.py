# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.web import FileResult


@pytest.mark.parametrize("media_type", ["text", "text/", "text/html\r\nX: y", "a b/c", "text/html;\x00"])
def test_media_type_that_is_none_is_refused(media_type: str) -> None:
    with pytest.raises(ValueError, match="expected a media type such as text/csv"):
        FileResult("a.txt", media_type=media_type)


@pytest.mark.parametrize("media_type", ["text/csv", "application/vnd.ms-excel", "text/html; charset=utf-8"])
def test_media_type_is_kept(media_type: str) -> None:
    assert FileResult("a.txt", media_type=media_type).media_type == media_type


def test_unknown_disposition_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 'attachment' or 'inline', got 'form-data'"):
        FileResult("a.txt", disposition="form-data")  # type: ignore[arg-type]
