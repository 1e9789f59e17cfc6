# SPDX-License-Identifier: Apache-2.0
"""Ids of requests: the client's if it is harmless, else a new one."""

import re
from os import urandom
from typing import Final

HEADER: Final = b"x-request-id"
_HARMLESS: Final = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


def request_id_of(headers: list[tuple[bytes, bytes]]) -> str:
    """Return the id that the client sent, or a new UUID as text."""
    for name, value in headers:
        if name == HEADER and _HARMLESS.fullmatch(value):
            return str(value, "ascii")

    digits = urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
