# SPDX-License-Identifier: Apache-2.0
"""Multipart forms (RFC 7578), collected while they arrive."""

import logging
from collections.abc import Mapping
from typing import IO, Any, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.web.adapters.starlette._form_parts import WRITE_SIZE, FileContent, beyond, malformed, text_of
from pyfly.web.binding.form_data import FormData
from pyfly.web.uploads import UploadedFile

# The parser warns of each fault of a form; whoever sends it is told, and must not be able to fill the log.
_log: Final = logging.getLogger("pyfly.web.form_parser")
_log.setLevel(logging.ERROR)

_UNLIMITED: Final = 1 << 62
_CHARSETS: Final[Mapping[bytes, str]] = {
    b"iso-8859-1": "latin-1",
    b"latin-1": "latin-1",
    b"us-ascii": "latin-1",
    b"windows-1252": "cp1252",
}


class MultipartForm:
    """Collects the parts of one form; whoever makes it either finishes or discards it.

    Args:
        boundary: What separates the parts.
        limits: What a form may hold.
    """

    def __init__(self, boundary: bytes, limits: MultipartProperties) -> None:
        self._limits = limits
        self._texts: dict[str, list[str]] = {}
        self._received: list[_File] = []
        self._fields = 0
        self._memory_left = int(limits.memory_threshold)
        self._ended = False
        self._begin_part()
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin_part,
                    "on_header_begin": self._begin_header,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._end_headers,
                    "on_part_data": self._data,
                    "on_part_end": self._end_part,
                    "on_end": self._end,
                },
                # Ours are checked in the callbacks, which can say what was too large.
                max_header_count=_UNLIMITED,
                max_header_size=_UNLIMITED,
            )
        except FormParserError as error:
            raise malformed("the boundary is too long") from error

        self._parser.logger = _log

    async def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            InvalidRequestException: They belong to no multipart form.
            PayloadTooLargeException: There is more in the form than allowed.
        """
        first = max(len(self._received) - 1, 0)
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise malformed("the parts cannot be told apart") from error

        for file in self._received[first:]:
            if file.content.waiting and (file.content.waiting >= WRITE_SIZE or file is not self._file):
                self._memory_left += await file.content.write_waiting()

    async def finish(self) -> FormData:
        """Return the form.

        Raises:
            InvalidRequestException: The body ended before the form did.
        """
        if not self._ended:
            raise malformed("it ends in the middle")

        files: dict[str, list[UploadedFile]] = {}
        for part in self._received:
            content = await part.content.finish()
            # What a browser sends for a file input in which nothing was chosen.
            if part.filename or part.content.size:
                files.setdefault(part.name, []).append(part.uploaded(content))

        return FormData(self._texts, files)

    def discard(self) -> None:
        """Give up everything that was received."""
        for file in self._received:
            file.content.discard()

    def _begin_part(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._header_count = self._header_size = 0
        self._header = (bytearray(), bytearray())
        self._name = ""
        self._text = bytearray()
        self._file: _File | None = None

    def _begin_header(self) -> None:
        self._header_count += 1
        self._header = (bytearray(), bytearray())
        if self._header_count > self._limits.max_part_headers:
            raise beyond("one of its parts has more headers than", self._limits.max_part_headers)

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._header[1].extend(data[start:end])

    def _count_header(self, size: int) -> None:
        self._header_size += size
        limit = self._limits.max_part_header_size
        if self._header_size > limit:
            raise beyond("one of its parts has headers of more than", limit, " bytes")

    def _end_header(self) -> None:
        name, value = self._header
        self._headers.setdefault(bytes(name).lower(), bytes(value))

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        if b"name" not in options:
            raise malformed("a part has no name")

        self._name = text_of(options[b"name"], "the name of a part")
        filename = options.get(b"filename")
        if filename is None:
            self._fields += 1
            if self._fields > self._limits.max_fields:
                raise beyond("it has more text fields than", self._limits.max_fields)
            return

        if len(self._received) >= self._limits.max_files:
            raise beyond("it has more files than", self._limits.max_files)

        media_type = self._headers.get(b"content-type", b"application/octet-stream")
        content = FileContent(self._limits.location)
        self._file = _File(self._name, _lenient(filename), str(media_type, "latin-1"), content)
        self._received.append(self._file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        file = self._file
        if file is None:
            if len(self._text) + end - start > self._limits.max_field_size:
                raise beyond("one of its text fields has more than", self._limits.max_field_size, " bytes")

            self._text.extend(data[start:end])
            return

        content = file.content
        if content.size + end - start > self._limits.max_file_size:
            raise beyond("one of its files has more than", self._limits.max_file_size, " bytes")

        before = content.in_memory
        content.add(data[start:end], self._memory_left)
        self._memory_left -= content.in_memory - before

    def _end_part(self) -> None:
        if self._file is None:
            self._texts.setdefault(self._name, []).append(self._decoded())

    def _decoded(self) -> str:
        raw = bytes(self._text)
        _, options = parse_options_header(self._headers.get(b"content-type"))
        charset = _CHARSETS.get(options.get(b"charset", b"").lower())
        # Every byte has a meaning in these; others than these and UTF-8 are not in use.
        return raw.decode(charset, "replace") if charset else text_of(raw, "a text field")

    def _end(self) -> None:
        self._ended = True


class _File:
    __slots__ = ("content", "filename", "media_type", "name")

    def __init__(self, name: str, filename: str, media_type: str, content: FileContent) -> None:
        self.name = name
        self.filename = filename
        self.media_type = media_type
        self.content = content

    def uploaded(self, file: IO[bytes]) -> UploadedFile:
        content: Any = file
        return UploadedFile(self.filename, self.media_type, self.content.size, content)


def _lenient(filename: bytes) -> str:
    try:
        return filename.decode()
    except UnicodeDecodeError:
        return str(filename, "latin-1")
