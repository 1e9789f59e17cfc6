# SPDX-License-Identifier: Apache-2.0
"""A strict reader of HTTP/1.1 answers (RFC 9112): what is not exactly right is a fault."""

import re
from dataclasses import dataclass

_HEAD_END = b"\r\n\r\n"
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{1,8}")


class MalformedAnswerError(Exception):
    """The bytes are no answer, or more than one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer.

    Args:
        status: Its status code.
        headers: By name in lower case; values of a repeated name are joined by commas.
        body: Its content, without framing.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether it says that the connection ends with it."""
        options = self.headers.get("connection", "").lower().split(",")
        return "close" in map(str.strip, options)


class AnswerReader:
    """Takes the bytes of one answer as they come.

    Attributes:
        received: How many bytes it has taken.
    """

    def __init__(self) -> None:
        self.received = 0
        self._buffer = bytearray()
        self._status = 0
        self._headers: dict[str, str] = {}
        self._length: int | None = None
        self._chunked = False
        self._chunks = bytearray()

    def feed(self, data: bytes) -> Answer | None:
        """Take more bytes; returns the answer once it is whole.

        Raises:
            MalformedAnswerError: The bytes are no answer, or go on after its end.
        """
        self.received += len(data)
        self._buffer += data
        if not self._status and not self._take_head():
            return None

        return self._take_chunks() if self._chunked else self._take_length()

    def _take_head(self) -> bool:
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return False

        status_line, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        del self._buffer[: end + len(_HEAD_END)]
        version, _, rest = status_line.partition(" ")
        code = rest[:3]
        if version != "HTTP/1.1" or not code.isdecimal() or rest[3:4] not in ("", " "):
            raise MalformedAnswerError(f"wrong status line {status_line!r}")

        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise MalformedAnswerError(f"wrong header {line!r}")

            name, value = name.lower(), value.strip()
            self._headers[name] = f"{self._headers[name]}, {value}" if name in self._headers else value

        self._take_framing()
        self._status = int(code)
        return True

    def _take_framing(self) -> None:
        length, coding = self._headers.get("content-length"), self._headers.get("transfer-encoding")
        if (length is None) is (coding is None):
            raise MalformedAnswerError(f"no length, or two ways to find it: {self._headers}")

        if coding is not None:
            self._chunked = True
            if coding.lower() != "chunked":
                raise MalformedAnswerError(f"unknown transfer coding {coding!r}")

        elif length is not None:
            if not length.isdecimal():
                raise MalformedAnswerError(f"wrong length {length!r}")

            self._length = int(length)

    def _take_length(self) -> Answer | None:
        if self._length is None or len(self._buffer) < self._length:
            return None

        return self._whole(self._buffer, len(self._buffer) - self._length)

    def _take_chunks(self) -> Answer | None:
        while True:
            end = self._buffer.find(b"\r\n")
            if end < 0:
                return None

            size = _size(bytes(self._buffer[:end]))
            start = end + 2
            after = start + size + 2
            if len(self._buffer) < after:
                return None

            if self._buffer[after - 2 : after] != b"\r\n":
                raise MalformedAnswerError("a chunk is longer than it says, or there are trailers")

            if size == 0:
                return self._whole(self._chunks, len(self._buffer) - after)

            self._chunks += self._buffer[start : after - 2]
            del self._buffer[:after]

    def _whole(self, body: bytearray, excess: int) -> Answer:
        if excess:
            raise MalformedAnswerError(f"{excess} bytes after the end of the answer")

        return Answer(self._status, self._headers, bytes(body))


def _size(line: bytes) -> int:
    if not _HEXADECIMAL.fullmatch(line):
        raise MalformedAnswerError(f"wrong size of a chunk {line!r}")

    return int(line, 16)
