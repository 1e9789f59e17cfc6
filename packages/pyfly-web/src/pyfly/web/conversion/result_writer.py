# SPDX-License-Identifier: Apache-2.0
"""Results of one endpoint, in the formats that the application writes."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from pyfly.web.errors import NotAcceptableException
from pyfly.web.message_converters.accept import preferred
from pyfly.web.message_converters.media_type import MediaType, bare_name

Headers = tuple[tuple[bytes, bytes], ...]

_VARY: Final = (b"vary", b"Accept")
_MOST_REMEMBERED: Final = 64
_LONGEST_REMEMBERED: Final = 300


class OutputFormat:
    """One format of answers.

    Attributes:
        media_type: Its media type.
        encode: Turns a result into content, where the headers are always the same; else ``None``.
        headers: Those headers: the content type, and ``Vary`` where the format depends on ``Accept``.
        answer: Turns a result into content and headers, whatever the format.
    """

    __slots__ = ("answer", "encode", "headers", "media_type")

    def __init__(
        self,
        media_type: str,
        answer: Callable[[Any], tuple[bytes, Headers]],
        encode: Callable[[Any], bytes] | None = None,
        headers: Headers = (),
    ) -> None:
        self.media_type = media_type
        self.answer = answer
        self.encode = encode
        self.headers = headers

    @classmethod
    def fixed(cls, media_type: str, encode: Callable[[Any], bytes], *, varies: bool) -> "OutputFormat":
        """Make a format whose headers are always the same."""
        headers = headers_of(media_type, varies)
        return cls(media_type, lambda result: (encode(result), headers), encode, headers)

    @classmethod
    def of_converter(
        cls, media_type: str, write: Callable[[Any], tuple[bytes, str]], *, varies: bool
    ) -> "OutputFormat":
        """Make a format of a converter, which may add parameters to the content type."""
        name = bare_name(media_type)

        def answer(result: Any) -> tuple[bytes, Headers]:
            content, content_type = write(result)
            # One that speaks several media types names the one it prefers.
            named = content_type if bare_name(content_type) == name else media_type
            return content, headers_of(named, varies)

        return cls(media_type, answer)


class ResultWriter:
    """Choose the format of an answer by ``Accept``.

    Attributes:
        json: Turns a result into the content that a client gets which asks for no format: JSON, unless the
            application has no converter for it.
        json_only: Whether there is no other format.
        early: Whether every result will be converted, so that it can be known before the handler runs whether
            a client takes the answer.
        known: The formats for the ``Accept`` headers seen so far; ``None`` stands for no header.
    """

    __slots__ = ("_default", "_formats", "_lenient", "_offered", "early", "json", "json_only", "known")

    def __init__(self, formats: Sequence[OutputFormat], *, lenient: bool, early: bool) -> None:
        self._formats = tuple(formats)
        self._offered = tuple(MediaType.parse(it.media_type) for it in formats)
        self._lenient = lenient
        default = self._default = formats[0]
        self.json: Callable[[Any], bytes] = default.encode or (lambda result: default.answer(result)[0])
        self.json_only = len(formats) == 1
        self.early = early and not lenient
        self.known: dict[bytes | None, OutputFormat] = {None: default}

    def choose(self, accept: bytes | None) -> OutputFormat:
        """Return the format for an ``Accept`` header.

        Raises:
            NotAcceptableException: The client takes none of the formats.
        """
        chosen = self.known.get(accept)
        if chosen is not None:
            return chosen

        text = "" if accept is None else str(accept, "latin-1")
        index = preferred(text, self._offered)
        if index is None and not self._lenient:
            raise NotAcceptableException(text, [it.media_type for it in self._formats])

        chosen = self._formats[index or 0]
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self.known) >= _MOST_REMEMBERED:
                self.known.clear()
                self.known[None] = self._default

            self.known[accept] = chosen

        return chosen

    def negotiate(self, result: Any, accept: str | None) -> tuple[bytes, str]:
        """Turn a result into content, and name the type of the content.

        Raises:
            NotAcceptableException: The client takes none of the formats.
        """
        header = None if accept is None else accept.encode("latin-1", "replace")
        content, headers = self.choose(header).answer(result)
        return content, str(headers[0][1], "latin-1")


def headers_of(content_type: str, varies: bool) -> Headers:
    """Return the headers of an answer of a content type."""
    named = (b"content-type", content_type.encode("latin-1"))
    return (named, _VARY) if varies else (named,)
