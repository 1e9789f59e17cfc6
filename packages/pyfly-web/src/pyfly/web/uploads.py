# SPDX-License-Identifier: Apache-2.0
"""Files that a client has sent in a form."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from inspect import isawaitable, iscoroutinefunction
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import IO, Any, Final

from pyfly.web.file_names import safe_file_name

DEFAULT_CHUNK_SIZE: Final = 256 * 1024


class UploadedFile:
    """One file of a form; small ones are in memory, larger ones in a temporary file.

    It is closed when the answer is sent; what has to outlive the request is saved or read before. Its methods
    do not block the event loop. They share one position, so only one task at a time can use them.

    Args:
        filename: The name that the client gave, empty if there was none. Use `safe_filename` for storing.
        content_type: The media type that the client gave; nobody has checked it against the content.
        size: Length in bytes; 0 when it is not known.
        _file: The content: a binary file whose methods are sync or async.
    """

    __slots__ = ("_content_type", "_file", "_filename", "_size")

    def __init__(self, filename: str, content_type: str, size: int, _file: Any) -> None:
        self._filename = filename
        self._content_type = content_type
        self._size = size
        self._file = _file

    @property
    def filename(self) -> str:
        """The name as the client gave it: not to be used as a path, and not to be repeated in a header."""
        return self._filename

    @property
    def safe_filename(self) -> str:
        """A name for storing the file: no path, no control characters, bounded, and never empty."""
        return safe_file_name(self._filename)

    @property
    def content_type(self) -> str:
        """The media type that the client gave."""
        return self._content_type

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._size

    async def read(self, size: int = -1) -> bytes:
        """Read from the present position: at first, the whole content.

        Args:
            size: The most bytes to read; negative for all that are left.
        """
        read = self._file.read
        content: bytes = await self._call(read) if size < 0 else await self._call(read, size)
        return content

    async def chunks(self, size: int = DEFAULT_CHUNK_SIZE) -> AsyncIterator[bytes]:
        """Iterate over the whole content, from its beginning, in pieces.

        Args:
            size: Length of a piece in bytes; the last one may be shorter.

        Raises:
            ValueError: The length is not positive.
        """
        if size <= 0:
            raise ValueError(f"chunks(size): expected at least 1 byte, got {size}")

        if not hasattr(self._file, "seek"):
            yield await self.read()
            return

        await self.seek(0)
        while chunk := await self.read(size):
            yield chunk
            if len(chunk) < size:
                return

    async def seek(self, offset: int) -> None:
        """Move the position.

        Args:
            offset: Bytes from the beginning.
        """
        await self._call(self._file.seek, offset)

    async def save(self, path: str | Path) -> None:
        """Write the whole content to a file, piece by piece; an existing file is replaced.

        A file that could not be written to its end is removed.

        Args:
            path: Where to write to; the folder has to exist.

        Raises:
            OSError: The file cannot be written.
        """
        target = Path(path)
        if iscoroutinefunction(self._file.read) or not hasattr(self._file, "seek"):
            await self._save_async(target)
            return

        stopped = Event()
        writing = asyncio.ensure_future(asyncio.to_thread(_copy, self._file, target, stopped))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            # The content must not be closed while a thread reads it.
            stopped.set()
            with suppress(Exception):
                await writing
            raise

    async def close(self) -> None:
        """Give up the content, and the temporary file if there is one; closing twice does no harm."""
        await self._call(self._file.close)

    async def _call(self, method: Callable[..., Any], *arguments: Any) -> Any:
        if isinstance(self._file, BytesIO) or iscoroutinefunction(method):
            outcome = method(*arguments)
        else:
            outcome = await asyncio.to_thread(method, *arguments)

        return await outcome if isawaitable(outcome) else outcome

    async def _save_async(self, target: Path) -> None:
        file = await asyncio.to_thread(target.open, "wb")
        try:
            async for chunk in self.chunks():
                await asyncio.to_thread(file.write, chunk)

            await asyncio.to_thread(file.close)
        except BaseException:
            await asyncio.to_thread(_give_up, file, target)
            raise

    def __repr__(self) -> str:
        return f"UploadedFile({self._filename!r}, {self._content_type!r}, {self._size} bytes)"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        # Only a model asks for this, and then pydantic is there.
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "format": "binary"}


def _give_up(file: IO[bytes], target: Path) -> None:
    file.close()
    _remove(target)


def _copy(source: Any, target: Path, stopped: Event) -> None:
    source.seek(0)
    with target.open("wb") as file:
        try:
            while not stopped.is_set() and (chunk := source.read(DEFAULT_CHUNK_SIZE)):
                file.write(chunk)
        except BaseException:
            _remove(target)
            raise

    if stopped.is_set():
        _remove(target)


def _remove(target: Path) -> None:
    # A device or a pipe was there before, and is not ours to remove.
    if target.is_file():
        target.unlink()
