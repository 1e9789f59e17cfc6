# SPDX-License-Identifier: Apache-2.0
"""The headers of requests and answers that have streams of their own: HTTP/2 and HTTP/3."""

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["is_target", "sendable"]

_TARGET: Final = re.compile(rb"\*|/[\x21\x22\x24-\x7e]*")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(rb"[^\x00-\x08\x0a-\x1f\x7f]*")
_OF_CONNECTIONS: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"}
)


def is_target(path: bytes) -> bool:
    """Tell whether a ``:path`` is one: without fragment, blanks, and what is not ASCII (RFC 9113, 8.3.1)."""
    return _TARGET.fullmatch(path) is not None


def sendable(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers of an answer without those of connections (RFC 9113, 8.2.2; RFC 9114, 4.2).

    Raises:
        ValueError: A name is none, or a value has a control character.
    """
    checked = []
    for name, value in headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError(
                f"the response header {name!r} cannot be sent: it has a character that is not allowed"
            )

        name = name.lower()
        if name not in _OF_CONNECTIONS:
            checked.append((name, value))

    return checked
