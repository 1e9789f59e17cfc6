# SPDX-License-Identifier: Apache-2.0
"""Take an address before anything else starts."""

import errno
import os
import socket
import sys

from pyfly.server.exceptions import AddressUnavailableError


class ReservedAddress:
    """Hold a TCP address against other programs until `release`, without listening on it.

    A server that sets ``SO_REUSEPORT`` can bind the address meanwhile on Linux; elsewhere the address is
    checked and let go.

    Attributes:
        host: The numeric address.
        port: The port; the one that the system chose where 0 was asked for.
    """

    def __init__(self, host: str, port: int) -> None:
        """Bind the address.

        Args:
            host: A host name or an IPv4 or IPv6 address.
            port: A TCP port, or 0 for any free one.

        Raises:
            AddressUnavailableError: The address is in use, forbidden, or not of this machine.
        """
        self._socket = _bind(host, port)
        name = self._socket.getsockname()
        self.host: str = name[0]
        self.port: int = name[1]
        if sys.platform == "linux":
            # From here on only sockets that share the port on purpose may bind it. Without this, two servers
            # that start at the same moment would share the port silently.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        else:
            self._socket.close()

    def release(self) -> None:
        """Let the address go; calling it again does nothing."""
        self._socket.close()


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, OverflowError) as error:
        raise AddressUnavailableError(host, port, _reason(error)) from error

    bound = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

        bound.bind(address)
    except (OSError, OverflowError) as error:
        bound.close()
        in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = "the address is already in use" if in_use else _reason(error)
        raise AddressUnavailableError(host, port, reason, in_use=in_use) from error

    return bound


def _reason(error: OSError | OverflowError) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]
