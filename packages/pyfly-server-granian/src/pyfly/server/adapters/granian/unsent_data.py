# SPDX-License-Identifier: Apache-2.0
"""Look whether the clients of a server have all that was sent to them.

Granian keeps its connections to itself. Their sockets are in the table of the process nevertheless.
"""

import os
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["has_unsent_data"]

_DESCRIPTORS: Final = Path("/proc/self/fd")
_SIOCOUTQ: Final = 0x5411
"""Asks Linux for the bytes that a socket has not got rid of yet (*tcp(7)*)."""


def has_unsent_data(address: object) -> bool:
    """Tell whether a connection of a listening socket has bytes that its client does not have yet.

    Args:
        address: The address that the listening socket is bound to, as ``getsockname()`` returns it.

    Returns:
        True where it cannot be told: on other systems than Linux.
    """
    if sys.platform != "linux":
        return True

    return any(_waits(int(name), address) for name in os.listdir(_DESCRIPTORS))


def _waits(descriptor: int, address: object) -> bool:
    # Descriptors come and go while they are looked at, and most are no sockets.
    with suppress(OSError):
        connection = socket.socket(fileno=os.dup(descriptor))
        with connection:
            connection.getpeername()
            return _same_door(connection.getsockname(), address) and _unsent(connection) > 0

    return False


def _same_door(own: object, listening: object) -> bool:
    if isinstance(own, tuple) and isinstance(listening, tuple):
        return bool(own[1] == listening[1])

    return own == listening


def _unsent(connection: socket.socket) -> int:
    import fcntl

    count = fcntl.ioctl(connection.fileno(), _SIOCOUTQ, struct.pack("i", 0))
    return int(struct.unpack("i", count)[0])
