# SPDX-License-Identifier: Apache-2.0
"""Files as answers: conditional, in ranges, and sent without being read whole."""

import asyncio
import os
import stat
from contextlib import suppress
from errno import ENAMETOOLONG, ENOENT, ENOTDIR
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from pyfly.kernel.exceptions import PreconditionFailedException, ResourceNotFoundException
from pyfly.web.adapters.starlette._client import SEND_TIMEOUT, GuardedSend, leaving_only
from pyfly.web.byte_ranges import format_byte_ranges, parse_byte_ranges
from pyfly.web.file_names import content_disposition
from pyfly.web.files import FileResult
from pyfly.web.preconditions import judge
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

_OF_304: Final = ("cache-control", "content-location", "date", "etag", "expires", "vary")
_COMPRESSED: Final = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}


async def file_answer(
    result: FileResult | Path,
    status: int,
    scope: Scope,
    media_type: str | None = None,
    send_timeout: float = SEND_TIMEOUT,
) -> Response:
    """Turn a file into an answer whose head is not sent yet.

    Args:
        result: The file.
        status: Status of the answer when the whole file is sent; ranges and conditions take part for 200.
        scope: The request.
        media_type: The media type of a file that says nothing about it; ``None`` to guess it.
        send_timeout: How long the client may take to accept a piece, in seconds.

    Raises:
        ResourceNotFoundException: There is no such file.
        PreconditionFailedException: A condition of the request does not hold.
        HTTPException: With 416, none of the ranges that are asked for is in the file.
        RuntimeError: It is not a file, but a folder or a device.
    """
    wanted = result if isinstance(result, FileResult) else None
    path = result if isinstance(result, Path) else Path(result.path)
    name = (wanted and wanted.filename) or path.name
    found, guessed = await asyncio.to_thread(_inspect, path, name)
    headers = {}
    if wanted is not None:
        headers["content-disposition"] = content_disposition(wanted.disposition, name)

    media_type = (wanted and wanted.media_type) or media_type or guessed
    return answer_for(path, found, scope, status, media_type, headers, send_timeout)


def answer_for(
    path: str | os.PathLike[str],
    found: os.stat_result,
    scope: Scope,
    status: int,
    media_type: str,
    headers: dict[str, str],
    send_timeout: float = SEND_TIMEOUT,
) -> Response:
    """Answer with a file that has been found; see `file_answer`.

    Args:
        path: The file.
        found: What the file system says about it.
        scope: The request.
        status: Status of the answer.
        media_type: Its media type.
        headers: Further headers.
        send_timeout: How long the client may take to accept a piece, in seconds.
    """
    answer = FileAnswer(path, status, headers, media_type, stat_result=found)
    answer.send_timeout = send_timeout
    method: str = scope["method"]
    if status != 200 or method not in ("GET", "HEAD"):
        return answer

    asked = dict(reversed(scope["headers"]))

    def header(name: bytes) -> str | None:
        value = asked.get(name)
        return None if value is None else str(value, "latin-1")

    verdict = judge(method, header, answer.headers["etag"], int(found.st_mtime))
    if verdict == 412:
        raise PreconditionFailedException(
            "The file is not the one that is asked for", code="PRECONDITION_FAILED"
        )

    if verdict == 304:
        return Response(None, 304, {name: answer.headers[name] for name in _OF_304 if name in answer.headers})

    asked_range = header(b"range")
    if verdict == 206 and asked_range is not None:
        ranges = parse_byte_ranges(asked_range, found.st_size)
        if ranges == []:
            raise HTTPException(
                416, "The file has none of these ranges", {"Content-Range": f"bytes */{found.st_size}"}
            )

        answer.ranges = None if ranges is None else format_byte_ranges(ranges).encode()

    return answer


class FileAnswer(FileResponse):
    """A response of Starlette that sends the ranges it is told to, and ends when the client goes away.

    Attributes:
        ranges: The ``Range`` header that is answered in place of the client's; ``None`` for the whole file.
        send_timeout: How long the client may take to accept a piece, in seconds.
    """

    chunk_size = 256 * 1024
    ranges: bytes | None = None
    send_timeout: float = SEND_TIMEOUT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; for HEAD its head."""
        headers = [(name, value) for name, value in scope["headers"] if name not in (b"range", b"if-range")]
        if self.ranges is not None:
            headers.append((b"range", self.ranges))

        background, self.background = self.background, None
        with suppress(ClientDisconnect), GuardedSend(send, self.send_timeout) as guarded:
            await super().__call__({**scope, "headers": headers}, leaving_only(receive), guarded)

        if background is not None:
            await background()


def guess_media_type(name: str) -> str:
    """Guess the media type of a file; a compressed one is what it is, not what is in it."""
    media_type, encoding = guess_type(f"/{name}")
    if encoding is not None:
        return _COMPRESSED.get(encoding, "application/octet-stream")

    return media_type or "application/octet-stream"


def _inspect(path: Path, name: str) -> tuple[os.stat_result, str]:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        # What cannot be the name of a file, too long or with a NUL in it, names no file.
        if isinstance(error, OSError) and error.errno not in (ENOENT, ENOTDIR, ENAMETOOLONG):
            raise

        raise ResourceNotFoundException("The file does not exist", code="FILE_NOT_FOUND") from error

    if not stat.S_ISREG(found.st_mode):
        raise RuntimeError(f"{path} is not a file; answer with a file, or with a list of a folder's files")

    return found, guess_media_type(name)
