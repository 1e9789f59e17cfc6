# SPDX-License-Identifier: Apache-2.0
import os
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from starlette.background import BackgroundTask
from starlette.responses import FileResponse
from starlette.testclient import TestClient

from pyfly.web import FileResult, Header, exception_handler, get_mapping, post_mapping, rest_controller

CONTENT = bytes(range(256)) * 4
NOON = 1_700_000_000


class Gone(Exception):
    pass


@rest_controller
class FileController:
    folder: Path

    @get_mapping("/path")
    async def path(self) -> Path:
        return self.folder / "data.bin"

    @get_mapping("/download")
    async def download(self) -> FileResult:
        return FileResult(self.folder / "data.bin")

    @get_mapping("/named")
    def named(self, x_name: Header[str]) -> FileResult:
        name = x_name.encode("latin-1").decode()
        return FileResult(str(self.folder / "data.bin"), "text/csv", name, "inline")

    @get_mapping("/declared", produces="application/pdf")
    async def declared(self) -> Path:
        return self.folder / "data.bin"

    @get_mapping("/any/{name}")
    async def any(self, x_name: Header[str]) -> Path:
        return self.folder / x_name

    @get_mapping("/unannotated")
    async def unannotated(self):  # type: ignore[no-untyped-def]
        return self.folder / "data.bin"

    @post_mapping("/posted", status_code=201)
    async def posted(self) -> FileResult:
        return FileResult(self.folder / "data.bin")

    @get_mapping("/handled")
    async def handled(self) -> None:
        raise Gone

    @get_mapping("/native")
    async def native(self) -> FileResponse:
        return FileResponse(self.folder / "data.bin", background=BackgroundTask(self.mark))

    def mark(self) -> None:
        (self.folder / "marked").touch()

    @exception_handler(Gone, status_code=410)
    async def gone(self, exc: Gone) -> Path:
        return self.folder / "gone.html"


@pytest.fixture
def client(serve: Any, tmp_path: Path) -> Iterator[TestClient]:
    """Yield a client of the controller above, with files in a folder of the test."""
    (tmp_path / "data.bin").write_bytes(CONTENT)
    os.utime(tmp_path / "data.bin", (NOON, NOON))
    (tmp_path / "gone.html").write_text("<p>gone</p>")
    (tmp_path / "page.html").write_text("<p>page</p>")
    (tmp_path / "archive.tar.gz").write_bytes(b"")
    FileController.folder = tmp_path
    with serve(FileController) as test_client:
        yield test_client


@pytest.mark.parametrize("path", ["/path", "/download", "/unannotated"])
def test_file_is_sent_whole(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-length"] == "1024"
    assert answer.headers["last-modified"] == formatdate(NOON, usegmt=True)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_head_tells_about_the_file(client: TestClient) -> None:
    answer = client.head("/download", headers={"range": "bytes=0-1"})

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "1024")


def test_path_says_nothing_about_a_name(client: TestClient) -> None:
    assert "content-disposition" not in client.get("/path").headers


def test_download_is_named_after_the_file(client: TestClient) -> None:
    assert client.get("/download").headers["content-disposition"] == 'attachment; filename="data.bin"'


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("q1.csv", 'inline; filename="q1.csv"'),
        ("Übersicht.csv", "inline; filename=\"Ubersicht.csv\"; filename*=UTF-8''%C3%9Cbersicht.csv"),
        ('a"; x="y', 'inline; filename="a_; x=_y"'),
        ("../../etc/passwd", 'inline; filename="passwd"'),
    ],
)
def test_name_is_told_safely(client: TestClient, name: str, disposition: str) -> None:
    answer = client.get("/named", headers={"x-name": name.encode()})  # type: ignore[dict-item]

    assert answer.headers["content-disposition"] == disposition
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("page.html", "text/html; charset=utf-8"), ("archive.tar.gz", "application/gzip")],
)
def test_media_type_is_guessed_by_the_name(client: TestClient, name: str, media_type: str) -> None:
    assert client.get("/any/x", headers={"x-name": name}).headers["content-type"] == media_type


def test_declared_media_type_is_sent(client: TestClient) -> None:
    answer = client.get("/declared", headers={"accept": "application/pdf"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")


@pytest.mark.parametrize("name", ["missing", "data.bin/below", "n" * 300])
def test_missing_file_is_not_found(client: TestClient, name: str) -> None:
    answer = client.get("/any/x", headers={"x-name": name})

    assert (answer.status_code, answer.json()["code"]) == (404, "FILE_NOT_FOUND")
    assert name not in answer.text


def test_folder_is_no_file(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/any/x", headers={"x-name": "."})

    assert (answer.status_code, answer.json()["detail"]) == (500, "Internal server error")
    assert any("is not a file" in str(record.exc_info) for record in caplog.records)


def test_known_file_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/download")
    again = client.get("/download", headers={"if-none-match": first.headers["etag"]})
    since = client.get("/download", headers={"if-modified-since": formatdate(NOON, usegmt=True)})

    assert [(answer.status_code, answer.content) for answer in (again, since)] == [(304, b""), (304, b"")]
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers


def test_other_file_than_the_one_asked_for_is_refused(client: TestClient) -> None:
    answer = client.get("/download", headers={"if-match": '"other"'})

    assert (answer.status_code, answer.json()["code"]) == (412, "PRECONDITION_FAILED")


@pytest.mark.parametrize(
    ("asked", "told", "content"),
    [
        ("bytes=0-3", "bytes 0-3/1024", CONTENT[:4]),
        ("bytes=1000-", "bytes 1000-1023/1024", CONTENT[1000:]),
        ("bytes=-24", "bytes 1000-1023/1024", CONTENT[1000:]),
        ("bytes=1000-9999", "bytes 1000-1023/1024", CONTENT[1000:]),
        ("bytes=0-9,5-20,99999-", "bytes 0-20/1024", CONTENT[:21]),
    ],
)
def test_range_is_sent(client: TestClient, asked: str, told: str, content: bytes) -> None:
    answer = client.get("/download", headers={"range": asked})

    assert (answer.status_code, answer.content) == (206, content)
    assert answer.headers["content-range"] == told
    assert answer.headers["content-length"] == str(len(content))


def test_several_ranges_are_sent_together(client: TestClient) -> None:
    answer = client.get("/download", headers={"range": "bytes=10-12,0-1"})
    boundary = answer.headers["content-type"].removeprefix("multipart/byteranges; boundary=")
    parts = answer.content.split(f"--{boundary}".encode())

    assert answer.status_code == 206
    assert b"Content-Range: bytes 0-1/1024\r\n\r\n" + CONTENT[:2] in parts[1]
    assert b"Content-Range: bytes 10-12/1024\r\n\r\n" + CONTENT[10:13] in parts[2]
    assert len(parts) == 4


def test_range_behind_the_end_is_refused(client: TestClient) -> None:
    answer = client.get("/download", headers={"range": "bytes=1024-"})

    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */1024")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "asked",
    ["lines=1-2", "bytes=5-1", "bytes=x"],
)
def test_range_that_is_none_is_ignored(client: TestClient, asked: str) -> None:
    answer = client.get("/download", headers={"range": asked})

    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_too_many_ranges_are_refused(client: TestClient) -> None:
    many = "bytes=" + ",".join(f"{at}-{at}" for at in range(0, 1000, 2))

    assert client.get("/download", headers={"range": many}).status_code == 416


def test_range_of_another_version_is_ignored(client: TestClient) -> None:
    answer = client.get("/download", headers={"range": "bytes=0-1", "if-range": '"other"'})

    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_conditions_are_for_what_is_asked_for_not_for_what_was_made(client: TestClient) -> None:
    answer = client.post("/posted", headers={"if-none-match": "*", "range": "bytes=0-1"})

    assert (answer.status_code, answer.content) == (201, CONTENT)


def test_exception_handler_may_answer_with_a_file(client: TestClient) -> None:
    answer = client.get("/handled")

    assert (answer.status_code, answer.text) == (410, "<p>gone</p>")


def test_response_of_starlette_stays_what_it_is(client: TestClient, tmp_path: Path) -> None:
    answer = client.get("/native", headers={"range": "bytes=0-1"})

    assert (answer.status_code, answer.content) == (206, CONTENT[:2])


def test_what_is_sent_does_not_depend_on_the_accepted_types(client: TestClient) -> None:
    for path in ("/path", "/download", "/unannotated"):
        assert client.get(path, headers={"accept": "image/png"}).status_code == 200
