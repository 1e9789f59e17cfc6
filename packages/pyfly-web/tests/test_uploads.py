# SPDX-License-Identifier: Apache-2.0
import asyncio
import os
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, get_ident
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from pyfly.web import UploadedFile

CONTENT = bytes(range(256)) * 10


class AsyncContent:
    """A file whose methods are coroutines."""

    def __init__(self, content: bytes) -> None:
        self.content = BytesIO(content)

    async def read(self, size: int = -1) -> bytes:
        return self.content.read(size)

    async def seek(self, offset: int) -> None:
        self.content.seek(offset)

    async def close(self) -> None:
        self.content.close()


class ReadOnce:
    """As little of a file as there can be."""

    async def read(self) -> bytes:
        return CONTENT


class Watched:
    """A file that knows the threads which read it, and waits on request."""

    def __init__(self, waits: bool = False) -> None:
        self.threads: set[int] = set()
        self.begun = Event()
        self.go_on = Event()
        self.closed = False
        self.left = [CONTENT, CONTENT]
        self.waits = waits

    def read(self, size: int = -1) -> bytes:
        self.threads.add(get_ident())
        self.begun.set()
        if self.waits:
            self.go_on.wait(10)

        return self.left.pop() if self.left else b""

    def seek(self, offset: int) -> None:
        self.threads.add(get_ident())

    def close(self) -> None:
        self.closed = True


@pytest.fixture(params=["memory", "file", "async"])
async def content(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """Yield the same content as an object in memory, as a temporary file, and as one with coroutines."""
    with TemporaryFile() as file:
        file.write(CONTENT)
        file.seek(0)
        yield {"memory": BytesIO(CONTENT), "file": file, "async": AsyncContent(CONTENT)}[request.param]


def upload(content: Any, filename: str = "data.bin") -> UploadedFile:
    return UploadedFile(filename, "application/octet-stream", len(CONTENT), content)


async def test_whole_content_is_read(content: Any) -> None:
    assert await upload(content).read() == CONTENT


async def test_content_is_read_from_the_position_on(content: Any) -> None:
    uploaded = upload(content)

    assert await uploaded.read(4) == CONTENT[:4]
    assert await uploaded.read(4) == CONTENT[4:8]
    await uploaded.seek(2)
    assert await uploaded.read(2) == CONTENT[2:4]


async def test_chunks_are_the_whole_content(content: Any) -> None:
    uploaded = upload(content)
    await uploaded.read(100)

    chunks = [chunk async for chunk in uploaded.chunks(1000)]

    assert [len(chunk) for chunk in chunks] == [1000, 1000, 560]
    assert b"".join(chunks) == CONTENT


async def test_chunks_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="expected at least 1 byte, got 0"):
        await anext(upload(BytesIO()).chunks(0))


async def test_content_is_saved_whole(content: Any, tmp_path: Path) -> None:
    uploaded = upload(content)
    await uploaded.read(100)

    await uploaded.save(tmp_path / "one")
    await uploaded.save(str(tmp_path / "two"))

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() == CONTENT


async def test_existing_file_is_replaced(content: Any, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x" * 5000)

    await upload(content).save(tmp_path / "one")

    assert (tmp_path / "one").read_bytes() == CONTENT


async def test_missing_folder_is_reported(content: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await upload(content).save(tmp_path / "missing" / "one")


async def test_content_that_can_only_be_read_is_saved(tmp_path: Path) -> None:
    await upload(ReadOnce()).save(tmp_path / "one")

    assert (tmp_path / "one").read_bytes() == CONTENT


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
async def test_file_that_cannot_be_written_is_reported(content: Any) -> None:
    with pytest.raises(OSError, match="No space left"):
        await upload(content).save(Path("/dev/full"))


async def test_files_are_read_in_other_threads(tmp_path: Path) -> None:
    content = Watched()
    uploaded = upload(content)

    await uploaded.read()
    await uploaded.save(tmp_path / "one")

    assert get_ident() not in content.threads


async def test_save_that_is_cancelled_leaves_nothing_behind(tmp_path: Path) -> None:
    content = Watched(waits=True)
    saving = asyncio.ensure_future(upload(content).save(tmp_path / "one"))
    await asyncio.to_thread(content.begun.wait, 10)

    saving.cancel()
    content.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await saving

    assert os.listdir(tmp_path) == []


async def test_closing_twice_does_no_harm(content: Any) -> None:
    uploaded = upload(content)

    await uploaded.close()
    await uploaded.close()

    with pytest.raises(ValueError, match="closed file"):
        await uploaded.read()


def test_client_says_what_it_is() -> None:
    uploaded = UploadedFile("../a.txt", "text/plain", 3, BytesIO())

    assert (uploaded.filename, uploaded.content_type, uploaded.size) == ("../a.txt", "text/plain", 3)
    assert uploaded.safe_filename == "a.txt"
    assert repr(uploaded) == "UploadedFile('../a.txt', 'text/plain', 3 bytes)"


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        UploadedFile("a", "b", 1, BytesIO()).size = 2  # type: ignore[misc]


def test_models_can_hold_uploads() -> None:
    class Letter(BaseModel):
        attachment: UploadedFile

    uploaded = UploadedFile("a", "b", 1, BytesIO())

    assert Letter(attachment=uploaded).attachment is uploaded
    assert TypeAdapter(list[UploadedFile]).json_schema() == {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
    }
    with pytest.raises(ValidationError):
        Letter.model_validate({"attachment": "text"})
