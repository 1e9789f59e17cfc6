# SPDX-License-Identifier: Apache-2.0
"""Ids of requests, correlations and transactions: a client's if it is harmless, else a new one."""

import os
import re
from collections.abc import Callable
from struct import iter_unpack
from typing import Final, TypeAlias

__all__ = ["ReadId", "id_reader", "new_id"]

ReadId: TypeAlias = Callable[[bytes | None], str]
"""Takes what a client sent as an id, and returns the id to use."""

_BATCH: Final = 128
_VERSION: Final = bytes(0x40 | octet & 0x0F for octet in range(256))
_VARIANT: Final = bytes(0x80 | octet & 0x3F for octet in range(256))
_ready: Final[list[str]] = []


def new_id() -> str:
    """Return a random UUID (version 4, RFC 9562) as text with dashes."""
    # One system call makes many: three ids are a good part of what a small request costs.
    try:
        return _ready.pop()
    except IndexError:
        # Other threads may take all the others before this one gets to them.
        mine, *others = _batch()
        _ready.extend(others)
        return mine


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
        if given is None or harmless(given) is None:
            # As in `new_id`: every request comes here up to three times, and a call less is a good deal.
            try:
                return _ready.pop()
            except IndexError:
                return new_id()

        return str(given, "ascii")

    return read


def _batch() -> list[str]:
    octets = bytearray(os.urandom(16 * _BATCH))
    octets[6::16] = octets[6::16].translate(_VERSION)
    octets[8::16] = octets[8::16].translate(_VARIANT)
    ids = map(b"-".join, iter_unpack("8s4s4s4s12s", octets.hex().encode()))
    return str(b"\n".join(ids), "ascii").split("\n")


if hasattr(os, "register_at_fork"):
    # Two workers that are forked from one process must not hand out the same ids.
    os.register_at_fork(after_in_child=_ready.clear)
