# SPDX-License-Identifier: Apache-2.0
"""Ids of requests, correlations and transactions: a client's if it is harmless, else a new one."""

import os
import re
from collections.abc import Callable
from typing import Final, TypeAlias

__all__ = ["ReadId", "id_reader", "new_id"]

ReadId: TypeAlias = Callable[[bytes | None], str]
"""Takes what a client sent as an id, and returns the id to use."""

_BATCH: Final = 64
_VARIANTS: Final = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_ready: Final[list[str]] = []


def new_id() -> str:
    """Return a random UUID (version 4, RFC 9562) as text with dashes."""
    # One system call makes many: three ids are a good part of what a small request costs.
    try:
        return _ready.pop()
    except IndexError:
        _ready.extend(_batch())
        return _ready.pop()


def id_reader(*, trust_inbound: bool = True, max_length: int = 128) -> ReadId:
    """Build what chooses between the id of a client and a new one.

    Args:
        trust_inbound: Whether a client's id is ever taken.
        max_length: The longest id that is taken, in characters. It may consist of ASCII letters, digits and
            ``.``, ``_``, ``:``, ``-``.
    """
    if not trust_inbound:
        return lambda given: new_id()

    harmless = re.compile(rb"[A-Za-z0-9._:-]{1,%d}" % max_length).fullmatch

    def read(given: bytes | None) -> str:
        return new_id() if given is None or harmless(given) is None else str(given, "ascii")

    return read


def _batch() -> list[str]:
    digits = os.urandom(16 * _BATCH).hex()
    return [
        f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-4{digits[at + 13 : at + 16]}-"
        f"{_VARIANTS[digits[at + 16]]}{digits[at + 17 : at + 20]}-{digits[at + 20 : at + 32]}"
        for at in range(0, 32 * _BATCH, 32)
    ]


if hasattr(os, "register_at_fork"):
    # Two workers that are forked from one process must not hand out the same ids.
    os.register_at_fork(after_in_child=_ready.clear)
