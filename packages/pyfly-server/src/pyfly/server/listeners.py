# SPDX-License-Identifier: Apache-2.0
"""Bind the sockets of a server before anything else starts, and listen on them when all is ready."""

import errno
import os
import socket
from contextlib import suppress
from typing import Any

from pyfly.server._socket_file import SocketFile, bind_socket_file
from pyfly.server.engine import ServerSockets
from pyfly.server.exceptions import AddressUnavailableError, RefusedSettingError

__all__ = ["BoundSockets", "bind_sockets"]

_LARGEST_PORT = 65535
_PORT_ATTEMPTS = 20


class BoundSockets:
    """Hold the sockets of a server: bound, so that no other program can have the address.

    Nobody can connect before `listen`. Processes may share the sockets: a fork inherits them, and
    ``multiprocessing`` passes this object as an argument of a process that it spawns.

    Attributes:
        host: The numeric address; the path of a Unix socket.
        port: The port; the one that the system chose where 0 was asked for. 0 for a Unix socket.
        stream: The TCP or Unix socket.
        quic: The UDP socket of the same address and port, where HTTP/3 is wanted.
    """

    def __init__(
        self,
        host: str,
        port: int,
        stream: socket.socket,
        *,
        quic: socket.socket | None = None,
        file: SocketFile | None = None,
    ) -> None:
        """Hold sockets that `bind_sockets` has bound.

        Args:
            host: The numeric address; the path of a Unix socket.
            port: The port; 0 for a Unix socket.
            stream: The TCP or Unix socket.
            quic: The UDP socket.
            file: The file of a Unix socket, to remove in the end.
        """
        self.host = host
        self.port = port
        self.stream = stream
        self.quic = quic
        self._file = file

    @property
    def sockets(self) -> ServerSockets:
        """The sockets, as an engine takes them."""
        return ServerSockets((self.stream,), () if self.quic is None else (self.quic,))

    def listen(self, backlog: int) -> None:
        """Let clients connect from now on; called again, it only sets the backlog.

        Args:
            backlog: Connections that may wait to be accepted.

        Raises:
            AddressUnavailableError: Another program has got the same address in spite of all.
        """
        if self._file is None and os.name == "posix":
            # Connections inherit it. Without it those that linger after the end would keep the next server
            # from binding. The system lets nobody share a port with a socket that listens.
            self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

        try:
            self.stream.listen(backlog)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise

            raise _unavailable(self.host, self.port, error) from error

    def withdraw(self) -> None:
        """Remove the file of a Unix socket, so that no client finds it; those that wait are still accepted.

        Does nothing for TCP, when called again, in a process that has only inherited the socket, and where
        another server has put its file there.
        """
        if self._file is not None:
            self._file.remove()

    def close(self) -> None:
        """Close the sockets in this process and remove the file of a Unix socket; safe to call twice."""
        # While the socket is open no other file can have the inode of its file.
        self.withdraw()
        self.stream.close()
        if self.quic is not None:
            self.quic.close()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for received in (self.stream, self.quic):
            if received is not None:
                received.setblocking(False)


def bind_sockets(host: str, port: int, *, uds: str | None = None, quic: bool = False) -> BoundSockets:
    """Bind a TCP address, or a Unix socket, without listening on it.

    Nobody else can bind the address from then on. ``::`` serves IPv4 as well where the system can. Of the
    addresses of a host name the first one that this machine has is taken.

    Args:
        host: A host name or an IPv4 or IPv6 address, without brackets; not used with ``uds``.
        port: A TCP port, or 0 for any free one; not used with ``uds``.
        uds: The path of a Unix socket. A socket file that nobody answers on is replaced.
        quic: Whether the UDP port of the same number is bound too.

    Raises:
        AddressUnavailableError: The address is in use, forbidden, or not of this machine.
        RefusedSettingError: A Unix socket cannot be made at the path, or not on this system.
    """
    if uds is None:
        return _bind_addresses(host, port, quic=quic)

    if quic:
        raise RefusedSettingError(
            "pyfly.server.uds",
            uds,
            server="pyfly",
            reason="HTTP/3 needs a UDP port, a Unix socket has none.",
            action="Remove pyfly.server.uds, or use pyfly.server.http: auto.",
        )

    stream, file = bind_socket_file(uds)
    stream.setblocking(False)
    return BoundSockets(file.path, 0, stream, file=file)


def _bind_addresses(host: str, port: int, *, quic: bool) -> BoundSockets:
    for attempt in range(1, _PORT_ATTEMPTS + 1):
        stream = _bind(host, port, socket.SOCK_STREAM)
        name = stream.getsockname()
        if not quic:
            return BoundSockets(name[0], name[1], stream)

        try:
            return BoundSockets(name[0], name[1], stream, quic=_bind(name[0], name[1], socket.SOCK_DGRAM))
        except AddressUnavailableError as error:
            stream.close()
            # The port that is free for TCP may be in use for UDP: with 0, another one will do.
            if port != 0 or not error.in_use or attempt == _PORT_ATTEMPTS:
                raise

    raise AssertionError("unreachable: the last attempt returns or raises")


def _bind(host: str, port: int, kind: socket.SocketKind) -> socket.socket:
    if not 0 <= port <= _LARGEST_PORT:
        raise AddressUnavailableError(host, port, f"a port is a number from 0 to {_LARGEST_PORT}")

    try:
        found = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_PASSIVE)
    except (OSError, OverflowError, UnicodeError, ValueError) as error:
        raise _unavailable(host, port, error) from error

    failure: OSError | OverflowError | None = None
    for family, _, protocol, _, address in found:
        try:
            return _bound(family, kind, protocol, address)
        except (OSError, OverflowError) as error:
            failure = failure or error
            if not _may_have_another_address(error):
                raise _unavailable(host, port, error, kind) from error

    raise _unavailable(host, port, failure or OSError("it has no address"), kind) from failure


def _bound(
    family: socket.AddressFamily, kind: socket.SocketKind, protocol: int, address: Any
) -> socket.socket:
    bound = socket.socket(family, kind, protocol)
    try:
        _prepare(bound, address)
        bound.bind(address)
        if kind == socket.SOCK_STREAM and os.name == "posix":
            # Without this a second server that does not listen yet could bind the port as well.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    except BaseException:
        bound.close()
        raise

    bound.setblocking(False)
    return bound


def _prepare(unbound: socket.socket, address: Any) -> None:
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        unbound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)

    if unbound.family == socket.AF_INET6 and address[0] == "::":
        with suppress(OSError):
            unbound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)

    if unbound.type == socket.SOCK_STREAM:
        unbound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if os.name == "posix":
            unbound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _may_have_another_address(error: OSError | OverflowError) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


def _unavailable(
    host: str, port: int, error: Exception, kind: socket.SocketKind = socket.SOCK_STREAM
) -> AddressUnavailableError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        protocol = "UDP port" if kind == socket.SOCK_DGRAM else "address"
        return AddressUnavailableError(host, port, f"the {protocol} is already in use", in_use=True)

    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return AddressUnavailableError(host, port, text[:1].lower() + text[1:])
