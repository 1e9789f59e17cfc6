# SPDX-License-Identifier: Apache-2.0
"""The reading of requests over HTTP/1.1: h11's, less lenient.

What a server takes for the end of a line or of a head, a proxy before it must not take for something else
(RFC 9112, 11.2). What can be seen in the scope of a request is checked elsewhere, for all servers.
"""

import re
from typing import Final

import h11

__all__ = ["Http1Connection"]

_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_LARGEST_BODY: Final = 2**53
_MOST_HEADERS: Final = 256
_PREFACE: Final = (b"PRI", b"*", b"2.0")
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


class Http1Connection(h11.Connection):
    """Read requests and write answers.

    Args:
        max_head: The largest head, in bytes.
        takes_preface: Whether the first words of HTTP/2 are let pass.
    """

    def __init__(self, *, max_head: int, takes_preface: bool) -> None:
        self._max_head = max_head
        super().__init__(h11.SERVER, max_incomplete_event_size=max_head)
        self._takes_preface = takes_preface

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return what has come.

        Raises:
            h11.RemoteProtocolError: It is no request as it should be.
        """
        if self.their_state is not h11.IDLE:
            event = super().next_event()
            if getattr(self._reader, "_bytes_in_chunk", 0) > _LARGEST_BODY:
                raise h11.RemoteProtocolError("a body beyond measure")

            return event

        unread = self.trailing_data[0]
        event = super().next_event()
        if not isinstance(event, h11.Request):
            return event

        if (event.method, event.target, event.http_version) == _PREFACE and self._takes_preface:
            return event

        head = unread[: len(unread) - len(self.trailing_data[0])]
        if len(head) > self._max_head or len(event.headers) > _MOST_HEADERS:
            raise h11.RemoteProtocolError("the head is too large", error_status_hint=431)

        _check(event, head.lstrip(b"\r\n"))
        return _with_path(event)


def _check(request: h11.Request, head: bytes) -> None:
    if request.http_version not in (b"1.0", b"1.1"):
        raise h11.RemoteProtocolError("unknown version of HTTP", error_status_hint=505)

    if _is_malformed(head):
        raise h11.RemoteProtocolError("malformed head")

    if any(name == b"content-length" and int(value) > _LARGEST_BODY for name, value in request.headers):
        raise h11.RemoteProtocolError("a body beyond measure")


def _is_malformed(head: bytes) -> bool:
    """Look for line feeds without carriage return and the opposite, folded lines, and control characters."""
    lines = head.count(b"\r\n")
    return (
        head.count(b"\n") != lines
        or head.count(b"\r") != lines
        or b"\n " in head
        or b"\n\t" in head
        or len(head.translate(None, _CONTROLS)) != len(head)
    )


def _with_path(request: h11.Request) -> h11.Request:
    """Reduce the target to path and query, as other servers do (RFC 9112, 3.2)."""
    target = request.target
    if target.startswith(b"/") and b"#" not in target:
        return request

    path = _ABSOLUTE.sub(b"", target, count=1).partition(b"#")[0]
    if path == b"*" and request.method == b"OPTIONS":
        return request

    if path != target and not path.startswith(b"/"):
        path = b"/" + path

    if not path.startswith(b"/"):
        raise h11.RemoteProtocolError("malformed target")

    return h11.Request(
        method=request.method, target=path, headers=request.headers, http_version=request.http_version
    )
