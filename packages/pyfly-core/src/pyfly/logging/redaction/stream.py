# SPDX-License-Identifier: Apache-2.0
"""Redaction of what is printed, whoever prints it."""

import codecs
import sys
from collections.abc import Callable, Iterable
from threading import RLock
from types import TracebackType
from typing import Any, Self, TextIO

from pyfly.config.properties.logging import DEFAULT_DENY_FIELDS
from pyfly.logging.redaction._keys import KeyRules
from pyfly.logging.redaction._log_texts import LogTexts
from pyfly.logging.redaction._port import Redactor

#: A line that is longer is written in pieces.
LONGEST_LINE = 65_536

#: The end of a piece waits for what follows: half a secret is not recognised as one.
OVERLAP = 4_096

_TRIES = 8


class RedactingTextIO:
    """A text stream that redacts line by line what goes through it; safe to share between threads.

    What is written waits for the end of its line, or for `flush`, which writes it as it is then. A line of
    more than 65,536 characters is written in pieces: it is divided at a blank at which redacting both sides
    gives what redacting the whole gives, and the last 4,096 characters wait for what follows, so that no
    secret of up to that length is cut in two. Only a line without any such blank is cut where the limit is.
    Everything else, such as ``fileno`` and ``isatty``, is the wrapped stream's.

    Args:
        wrapped: Where the redacted text goes.
        redactor: What finds secrets; ``key=value`` with a denied key is masked in any case.
        deny_fields: The denied keys, besides those that always are denied.
    """

    def __init__(
        self, wrapped: TextIO, redactor: Redactor, deny_fields: Iterable[str] = DEFAULT_DENY_FIELDS
    ) -> None:
        self._wrapped = wrapped
        self._texts = LogTexts(redactor, KeyRules((), deny_fields))
        self._lock = RLock()
        self._waiting: list[str] = []
        self._length = 0
        self._buffer: _RedactingBytes | None = None

    @property
    def wrapped(self) -> TextIO:
        """Where the redacted text goes."""
        return self._wrapped

    @property
    def buffer(self) -> "_RedactingBytes":
        """The stream of bytes; what is written to it goes the same way.

        Raises:
            AttributeError: The wrapped stream has none.
        """
        with self._lock:
            if self._buffer is None:
                self._buffer = _RedactingBytes(self, self._wrapped.buffer, self._wrapped.encoding or "utf-8")

            return self._buffer

    def write(self, text: str) -> int:
        """Take text; whole lines are written at once.

        Args:
            text: The text.

        Returns:
            How many characters were taken: all of them.

        Raises:
            TypeError: It is no text.
        """
        if not isinstance(text, str):
            raise TypeError(f"write(): expected str, got {type(text).__name__}")

        with self._lock:
            self._waiting.append(text)
            self._length += len(text)
            if "\n" in text or self._length > LONGEST_LINE:
                *lines, rest = "".join(self._waiting).split("\n")
                written = [f"{piece}\n" for piece in map(self._whole, lines)]
                pieces, rest = self._divided(rest)
                self._keep(rest)
                self._wrapped.write("".join((*written, *pieces)))

        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Take texts one after the other.

        Args:
            lines: The texts.
        """
        with self._lock:
            for line in lines:
                self.write(line)

    def flush(self) -> None:
        """Write what waits, redacted as far as it is there, and flush the wrapped stream."""
        with self._lock:
            waiting = "".join(self._waiting)
            self._keep("")
            if waiting:
                self._wrapped.write(self._texts.redact(waiting))

            self._wrapped.flush()

    def close(self) -> None:
        """Write what waits and close the wrapped stream."""
        with self._lock:
            if not self._wrapped.closed:
                self.flush()

            self._wrapped.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)

    def _keep(self, text: str) -> None:
        self._waiting = [text] if text else []
        self._length = len(text)

    def _whole(self, line: str) -> str:
        pieces, rest = self._divided(line)
        return "".join((*pieces, self._texts.redact(rest)))

    def _divided(self, line: str) -> tuple[list[str], str]:
        """Redact the beginning of a line that is too long; return it and what is left of the line."""
        pieces: list[str] = []
        start = 0
        while len(line) - start > LONGEST_LINE:
            piece, length = self._first_piece(line[start : start + LONGEST_LINE])
            pieces.append(piece)
            start += length

        return pieces, line[start:]

    def _first_piece(self, text: str) -> tuple[str, int]:
        redact = self._texts.redact
        whole = redact(text)
        end = limit = len(text) - OVERLAP
        for _ in range(_TRIES):
            end = text.rfind(" ", 0, end)
            if end <= 0:
                break

            head = redact(text[:end])
            if head + redact(text[end:]) == whole:
                return head, end

        return redact(text[:limit]), limit


class _RedactingBytes:
    """The bytes of a redacting stream: decoded, and passed on to it."""

    def __init__(self, stream: RedactingTextIO, wrapped: Any, encoding: str) -> None:
        self._stream = stream
        self._wrapped = wrapped
        # Characters may be written in parts; what is no text is shown as such.
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._lock = RLock()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        with self._lock:
            self._stream.write(self._decoder.decode(bytes(data)))

        return len(data) if not isinstance(data, memoryview) else data.nbytes

    def writelines(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)


def install_stream_redaction(
    redactor: Redactor, deny_fields: Iterable[str] = DEFAULT_DENY_FIELDS
) -> Callable[[], None]:
    """Redact what goes to ``sys.stdout`` and ``sys.stderr``.

    Streams that are redacted already are not wrapped again, but redacted with this redactor from now on. Who
    has kept a reference to the streams before, or writes to their file descriptors, is not reached.

    Args:
        redactor: What finds secrets.
        deny_fields: Keys whose value never shows in ``key=value``, besides those that always are denied.

    Returns:
        What puts the streams back, once; streams that somebody else has replaced meanwhile are left alone.
    """
    denied = list(deny_fields)
    installed = [(name, _wrap(name, redactor, denied)) for name in ("stdout", "stderr")]

    def restore() -> None:
        while installed:
            name, stream = installed.pop()
            if stream is not None:
                _unwrap(name, stream)

    return restore


def _wrap(name: str, redactor: Redactor, denied: list[str]) -> RedactingTextIO | None:
    current = getattr(sys, name)
    if current is None:
        # A process without a console.
        return None

    if isinstance(current, RedactingTextIO):
        current.flush()
        current = current.wrapped

    stream = RedactingTextIO(current, redactor, denied)
    setattr(sys, name, stream)
    return stream


def _unwrap(name: str, stream: RedactingTextIO) -> None:
    if getattr(sys, name) is stream:
        setattr(sys, name, stream.wrapped)

    if not stream.wrapped.closed:
        stream.flush()
