# SPDX-License-Identifier: Apache-2.0
"""Empty the queue of a listening socket before it is closed, so that the close resets nobody.

A connection that the system has made, and that nobody has accepted yet, is reset when the listening socket
is closed. On Linux a packet filter on the socket (*Linux Socket Filtering*, ``SO_ATTACH_FILTER`` in
*socket(7)*) keeps new ones from being made meanwhile. A client that is filtered out hears nothing: it asks
again after a second, and finds the port closed, or the next server.
"""

import ctypes
import socket
import sys

__all__ = ["accept_new_connections", "drop_new_connections"]

# Of Linux on every architecture but PA-RISC; the module socket does not have them.
_SO_ATTACH_FILTER = 26
_SO_DETACH_FILTER = 27

_SYN, _ACK = 0x02, 0x10
_FLAGS = 13
"""Where the flags are in the header of TCP, with which the packet starts for the filter."""


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),
        ("if_false", ctypes.c_ubyte),
        ("operand", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


_DROP_FIRST_PACKETS = (
    _Instruction(0x30, 0, 0, _FLAGS),  # load the byte with the flags
    _Instruction(0x54, 0, 0, _SYN | _ACK),  # keep two of them
    _Instruction(0x15, 0, 1, _SYN),  # is it the first packet of a connection?
    _Instruction(0x06, 0, 0, 0),  # yes: drop it
    _Instruction(0x06, 0, 0, 0xFFFFFFFF),  # no: let all of it pass
)


def drop_new_connections(listener: socket.socket) -> bool:
    """Let a listening socket hear no new client from now on, in all processes that share it.

    Connections that are made, or being made, go on: accept them until none is left, then close the socket.

    Args:
        listener: A socket that listens.

    Returns:
        Whether it can be done: for TCP, on Linux. Elsewhere nothing has changed.
    """
    if not _has_filters(listener):
        return False

    instructions = (_Instruction * len(_DROP_FIRST_PACKETS))(*_DROP_FIRST_PACKETS)
    program = _Program(len(_DROP_FIRST_PACKETS), instructions)
    try:
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, bytes(program))
    except OSError:
        return False

    return True


def accept_new_connections(listener: socket.socket) -> bool:
    """Undo `drop_new_connections`.

    Args:
        listener: A socket that listens.

    Returns:
        Whether clients had been kept out.
    """
    if not _has_filters(listener):
        return False

    try:
        listener.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)
    except OSError:
        return False

    return True


def _has_filters(listener: socket.socket) -> bool:
    return (
        sys.platform == "linux"
        and listener.family in {socket.AF_INET, socket.AF_INET6}
        and listener.type == socket.SOCK_STREAM
    )
