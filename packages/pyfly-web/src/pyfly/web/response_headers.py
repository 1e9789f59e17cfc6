# SPDX-License-Identifier: Apache-2.0
"""Headers of answers, checked before they are sent."""

import re
from collections.abc import Sequence
from typing import Final

from pyfly.kernel.exceptions import PyFlyException

__all__ = ["InvalidResponseHeaderError", "checked_headers"]

_TOKEN: Final = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~-]+").fullmatch
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]").search
_MOST_KNOWN_NAMES: Final = 1024
_known_names: Final[set[bytes]] = set()


class InvalidResponseHeaderError(PyFlyException):
    """Report a header that the application wants to send and that no client may get.

    A line break in it would let the rest pass for headers, or for the answer itself. The value is not kept:
    it is likely to come from the client.

    Attributes:
        name: Name of the header; latin-1, as it would be sent.
    """

    def __init__(self, name: bytes, problem: str) -> None:
        self.name = str(name, "latin-1")
        super().__init__(f"The header {self.name!r} of an answer {problem}.", code="INVALID_RESPONSE_HEADER")


def checked_headers(headers: Sequence[tuple[bytes, bytes]]) -> Sequence[tuple[bytes, bytes]]:
    """Return headers that can be sent as they are.

    Args:
        headers: Names and values, as ASGI has them.

    Raises:
        InvalidResponseHeaderError: A name is no token, or a value has a control character (RFC 9110, 5.5).
    """
    for name, value in headers:
        if name not in _known_names:
            _check_name(name)

        if _CONTROL(value) is not None:
            raise InvalidResponseHeaderError(
                name, "has a line break or another control character in its value"
            )

    return headers


def _check_name(name: bytes) -> None:
    if _TOKEN(name) is None:
        raise InvalidResponseHeaderError(name, "has a name that is none")

    if len(_known_names) >= _MOST_KNOWN_NAMES:
        _known_names.clear()

    _known_names.add(name)
