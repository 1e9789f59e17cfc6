# SPDX-License-Identifier: Apache-2.0
"""The headers of requests and answers that have streams of their own: HTTP/2 and HTTP/3."""

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["is_well_formed", "sendable"]

_TARGET: Final = re.compile(rb"\*|/[\x21\x22\x24-\x7e]*")
"""Without fragment, blanks, and what is not ASCII."""
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(rb"[^\x00-\x08\x0a-\x1f\x7f]*")
_OF_CONNECTIONS: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade"}
)


def is_well_formed(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether the headers of a request can be those of one (RFC 9113, 8.2.1 and 8.3.1).

    The libraries check much of it, but let pass methods and paths of any kind, and control characters.
    """
    given = dict(headers)
    return (
        _NAME.fullmatch(given.get(b":method", b"")) is not None
        and _TARGET.fullmatch(given.get(b":path", b"")) is not None
        and _VALUE.fullmatch(b"".join(value for _, value in headers)) is not None
    )


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
