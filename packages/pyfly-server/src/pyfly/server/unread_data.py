# SPDX-License-Identifier: Apache-2.0
"""Look whether a client has sent something that nobody has read yet.

To close a connection while a request waits in its socket would lose that request, and the client would see a
reset instead of an end.
"""

import asyncio
import select

__all__ = ["has_unread_data"]


def has_unread_data(transport: asyncio.BaseTransport) -> bool:
    """Tell whether bytes, or the end of the client's side, wait to be read from a transport's socket."""
    if transport.is_closing():
        return False

    socket = transport.get_extra_info("socket")
    descriptor = -1 if socket is None else socket.fileno()
    if descriptor < 0:
        return False

    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])

    # Not select: it cannot look at descriptors above 1023.
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))
