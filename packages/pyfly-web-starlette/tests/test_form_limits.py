# SPDX-License-Identifier: Apache-2.0
import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pyfly.config.data_size import DataSize
from pyfly.config.errors import BindingError
from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.config.store import Config
from pyfly.kernel.exceptions import (
    InvalidRequestException,
    PayloadTooLargeException,
)
from pyfly.web.adapters.starlette.forms import read_form
from pyfly.web.binding import Exchange
from pyfly.web.binding.form_data import FormData

MULTIPART = "multipart/form-data; boundary=B"
URLENCODED = "application/x-www-form-urlencoded"
DISK = MultipartProperties(memory_threshold=DataSize(0))


def part(disposition: str | bytes, content: bytes = b"x", *headers: bytes) -> bytes:
    named = disposition if isinstance(disposition, bytes) else disposition.encode()
    lines = [b"--B", b"Content-Disposition: form-data; " + named, *headers, b"", content, b""]
    return b"\r\n".join(lines)


def form_of(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--B--\r\n"


def exchange_of(
    pieces: Sequence[bytes], content_type: str | None = MULTIPART, *headers: tuple[bytes, bytes]
) -> Exchange:
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        piece = waiting.pop(0)
        if piece == b"GONE":
            return {"type": "http.disconnect"}

        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    named = [] if content_type is None else [(b"content-type", content_type.encode())]
    return Exchange({"type": "http", "headers": [*named, *headers]}, receive, None)


async def read(
    body: bytes, content_type: str | None = MULTIPART, limits: MultipartProperties | None = None
) -> FormData:
    length = (b"content-length", str(len(body)).encode())
    return await read_form(exchange_of([body], content_type, length), limits or MultipartProperties())


async def contents(form: FormData) -> dict[str, list[tuple[str, str, int, bytes]]]:
    return {
        name: [(file.filename, file.content_type, file.size, await file.read()) for file in files]
        for name, files in form.files.items()
    }


OpenFiles = Callable[[], int]


@pytest.fixture
def open_files() -> OpenFiles:
    """Count the temporary files that were opened since the test began."""
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("only Linux tells which files a process has open")

    def count() -> int:
        links = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
        return sum(link.is_symlink() and os.readlink(link).endswith("(deleted)") for link in links)

    before = count()
    return lambda: count() - before


class TestLimits:
    @pytest.mark.parametrize(
        ("limits", "body", "limit"),
        [
            ({"max_file_size": DataSize(10)}, form_of(part('name="f"; filename="f"', b"x" * 11)), 10),
            ({"max_field_size": DataSize(10)}, form_of(part('name="t"', b"x" * 11)), 10),
            ({"max_files": 2}, form_of(*[part('name="f"; filename="f"')] * 3), 2),
            ({"max_files": 0}, form_of(part('name="f"; filename="f"')), 0),
            ({"max_fields": 2}, form_of(*[part('name="t"')] * 3), 2),
            ({"max_part_headers": 2}, form_of(part('name="t"', b"x", b"A: b", b"C: d")), 2),
            (
                {"max_part_header_size": DataSize(256)},
                form_of(part('name="t"', b"x", b"A: " + b"b" * 250)),
                256,
            ),
            ({"max_part_header_size": DataSize(256)}, form_of(part(f'name="{"n" * 300}"')), 256),
            ({"max_part_header_size": DataSize(256)}, b"--B\r\n" + b"A" * 300, 256),
            (
                {"max_request_size": DataSize(200), "max_file_size": DataSize(200)},
                form_of(part('name="t"', b"x" * 190)),
                200,
            ),
        ],
    )
    async def test_more_than_allowed_is_refused(
        self, limits: dict[str, Any], body: bytes, limit: int
    ) -> None:
        allowed = MultipartProperties(**limits)
        for pieces in ([body], [body[at : at + 1] for at in range(len(body))]):
            with pytest.raises(PayloadTooLargeException, match=f"more.* than {limit}") as refusal:
                await read_form(exchange_of(pieces), allowed)

            assert (refusal.value.code, refusal.value.context) == ("FORM_TOO_LARGE", {"limit": limit})

    async def test_as_much_as_allowed_is_taken(self) -> None:
        body = form_of(part('name="f"; filename="f"', b"x" * 10), part('name="t"', b"y" * 10))
        form = await read(
            body,
            limits=MultipartProperties(
                max_file_size=DataSize(10),
                max_field_size=DataSize(10),
                max_request_size=DataSize(len(body)),
                max_files=1,
                max_fields=1,
                max_part_headers=1,
            ),
        )

        assert (form.files["f"][0].size, form.texts) == (10, {"t": ["y" * 10]})

    async def test_form_that_announces_too_much_is_not_read(self) -> None:
        async def receive() -> dict[str, Any]:
            raise AssertionError("the body was asked for")

        length = (b"content-length", b"9" * 30)
        exchange = Exchange(
            {"type": "http", "headers": [(b"content-type", MULTIPART.encode()), length]}, receive, None
        )

        with pytest.raises(PayloadTooLargeException):
            await read_form(exchange, MultipartProperties())

    async def test_client_that_sends_nothing_more_is_given_up(self) -> None:
        pieces = [part('name="t"')]

        async def receive() -> dict[str, Any]:
            if not pieces:
                await asyncio.Event().wait()

            return {"type": "http.request", "body": pieces.pop(), "more_body": True}

        exchange = Exchange(
            {"type": "http", "headers": [(b"content-type", MULTIPART.encode())]}, receive, None
        )
        limits = MultipartProperties(receive_timeout=timedelta(milliseconds=10))

        with pytest.raises(HTTPException, match=r"Nothing more of the form came for 0\.01 s") as refusal:
            await read_form(exchange, limits)

        assert refusal.value.status_code == 408

    async def test_thousands_of_parts_are_refused_early(self) -> None:
        pieces = [part(f'name="t{at}"') for at in range(50_000)]
        exchange = exchange_of(pieces)

        with pytest.raises(PayloadTooLargeException, match="more text fields than 1000"):
            await read_form(exchange, MultipartProperties())

    @pytest.mark.parametrize(
        ("settings", "problem"),
        [
            ({"max-file-size": "2MB", "max-request-size": "1MB"}, "is above max-request-size"),
            ({"max-files": -1}, "max-files"),
            ({"max-part-headers": 0}, "max-part-headers"),
            ({"receive-timeout": 0}, "receive-timeout"),
            ({"location": "/nowhere"}, "there is no folder '/nowhere'"),
        ],
    )
    def test_limits_that_make_no_sense_are_refused(self, settings: dict[str, Any], problem: str) -> None:
        with pytest.raises(BindingError, match=problem):
            Config({"pyfly.web.multipart": settings}).bind(MultipartProperties)


class TestTemporaryFiles:
    async def test_large_files_are_kept_on_disk(self, tmp_path: Path, open_files: OpenFiles) -> None:
        content = os.urandom(3_000_000)
        limits = MultipartProperties(memory_threshold=DataSize(1_000_000), location=str(tmp_path))
        body = form_of(part('name="f"; filename="f"', content), part('name="f"; filename="g"', b"small"))
        pieces = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]

        form = await read_form(exchange_of(pieces), limits)

        large, small = form.files["f"]
        assert (await large.read(), await small.read()) == (content, b"small")
        assert open_files() == 1
        await form.close()
        assert open_files() == 0

    async def test_files_share_what_may_be_in_memory(self, open_files: OpenFiles) -> None:
        limits = MultipartProperties(memory_threshold=DataSize(10))
        form = await read(form_of(*[part('name="f"; filename="f"', b"x" * 6)] * 3), limits=limits)

        assert [await file.read() for file in form.files["f"]] == [b"x" * 6] * 3
        assert open_files() == 2
        await form.close()
        assert open_files() == 0

    @pytest.mark.parametrize(
        ("end", "error"),
        [
            (b"GONE", ClientDisconnect),
            (b"--B\r\nbroken header\r\n\r\n", InvalidRequestException),
            (part('name="t"', b"x" * 2_000_000), PayloadTooLargeException),
        ],
    )
    async def test_nothing_is_left_of_a_form_that_fails(
        self, end: bytes, error: type[Exception], open_files: OpenFiles
    ) -> None:
        start = part('name="f"; filename="f"', b"x" * 300_000)

        with pytest.raises(error):
            await read_form(exchange_of([start, end, b"--B--"]), DISK)

        assert open_files() == 0

    async def test_nothing_is_left_of_a_form_whose_request_is_cancelled(self, open_files: OpenFiles) -> None:
        waiting, asked = asyncio.Event(), asyncio.Event()
        pieces = [part('name="f"; filename="f"', b"x" * 300_000)]

        async def receive() -> dict[str, Any]:
            if pieces:
                return {"type": "http.request", "body": pieces.pop(), "more_body": True}

            asked.set()
            await waiting.wait()
            return {"type": "http.disconnect"}

        exchange = Exchange(
            {"type": "http", "headers": [(b"content-type", MULTIPART.encode())]}, receive, None
        )
        reading = asyncio.ensure_future(read_form(exchange, DISK))
        await asyncio.wait_for(asked.wait(), 5)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

        assert open_files() == 0
