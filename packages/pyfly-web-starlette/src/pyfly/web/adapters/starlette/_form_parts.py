# SPDX-License-Identifier: Apache-2.0
"""What one part of a form is collected into, and how a form is refused."""

import asyncio
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Final

from pyfly.kernel.exceptions import InvalidRequestException, PayloadTooLargeException

WRITE_SIZE: Final = 256 * 1024
"""Bytes that wait in memory before a thread writes them to a temporary file."""


class FileContent:
    """The content of an uploaded file while it arrives: in memory first, then in a temporary file.

    Attributes:
        size: Bytes that have arrived.
        in_memory: Bytes that the form has to count as kept in memory.
        waiting: Bytes that have yet to be written to the temporary file.
    """

    __slots__ = ("_chunks", "_directory", "_file", "_memory", "in_memory", "size", "waiting")

    def __init__(self, directory: str | None) -> None:
        self._directory = directory
        self._memory = BytesIO()
        self._file: IO[bytes] | None = None
        self._chunks: list[bytes] = []
        self.size = self.in_memory = self.waiting = 0

    def add(self, chunk: bytes, memory_left: int) -> None:
        """Take the next bytes.

        Args:
            chunk: The bytes.
            memory_left: How many bytes the form may still keep in memory.
        """
        self.size += len(chunk)
        if self._file is None and not self._chunks and len(chunk) <= memory_left:
            self._memory.write(chunk)
            self.in_memory += len(chunk)
        else:
            self._chunks.append(chunk)
            self.waiting += len(chunk)

    async def write_waiting(self) -> int:
        """Write to the temporary file what has yet to be written; return how many bytes left the memory."""
        before = self.in_memory
        if self._chunks:
            content = b"".join(self._chunks)
            self._chunks.clear()
            self.waiting = 0
            await finished(asyncio.ensure_future(asyncio.to_thread(self._write, content)))

        return before - self.in_memory

    async def finish(self) -> IO[bytes]:
        """Return the whole content, to be read from its beginning."""
        await self.write_waiting()
        file = self._file or self._memory
        if self._file is None:
            file.seek(0)
        else:
            await finished(asyncio.ensure_future(asyncio.to_thread(file.seek, 0)))

        return file

    def discard(self) -> None:
        """Give up the content."""
        self._chunks.clear()
        self._memory.close()
        if self._file is not None:
            self._file.close()

    def _write(self, content: bytes) -> None:
        if self._file is None:
            self._file = TemporaryFile(dir=self._directory)  # noqa: SIM115 - whoever has the upload closes it
            self._file.write(self._memory.getbuffer())
            self._memory = BytesIO()
            self.in_memory = 0

        self._file.write(content)


async def finished(work: "asyncio.Future[object]") -> None:
    """Wait for a thread; a cancellation takes effect when the thread is done with the file."""
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


def malformed(reason: str) -> InvalidRequestException:
    """Make the error for a form that cannot be parsed."""
    return InvalidRequestException(f"Invalid form: {reason}", code="INVALID_FORM")


def beyond(what: str, limit: int, unit: str = "") -> PayloadTooLargeException:
    """Make the error for a form that holds more than it may.

    Args:
        what: What there is too much of, such as ``"a form has more files than"``.
        limit: The most that is allowed.
        unit: What the limit counts, if ``what`` does not say so.
    """
    message = f"The form is too large: {what} {int(limit)}{unit}"
    return PayloadTooLargeException(message, code="FORM_TOO_LARGE", context={"limit": int(limit)})


def text_of(raw: bytes, what: str) -> str:
    """Decode a text of a form.

    Raises:
        InvalidRequestException: It is not UTF-8.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise malformed(f"{what} is not UTF-8 text") from error
