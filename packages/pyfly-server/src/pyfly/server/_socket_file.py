# SPDX-License-Identifier: Apache-2.0
"""The file of a Unix socket: made, taken over from a server that crashed, and removed."""

import errno
import os
import socket
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from pyfly.server.exceptions import RefusedSettingError

_KEY = "pyfly.server.uds"
_SOCKETS = Path("/proc/net/unix")
_LOCK_DEADLINE = 5.0
_LOCK_INTERVAL = 0.01
_PROBE_TIMEOUT = 1.0


class SocketFile:
    """Remember which file a socket was bound to, and by which process.

    Attributes:
        path: The absolute path.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._identity: tuple[int, int] | None = _identity(path)
        self._process = os.getpid()

    def remove(self) -> None:
        """Remove the file if this process has made it and it is still the same; safe to call twice."""
        if self._identity is None or self._process != os.getpid():
            return

        with suppress(OSError):
            if _identity(self.path) == self._identity:
                os.unlink(self.path)

        self._identity = None


def bind_socket_file(path: str) -> tuple[socket.socket, SocketFile]:
    """Bind a Unix socket without listening on it; a file that a crashed server has left is replaced.

    Args:
        path: The path; a relative one starts at the working directory.

    Returns:
        The socket and its file.

    Raises:
        RefusedSettingError: The path is in use or not possible, or the system has no Unix sockets.
    """
    if not hasattr(socket, "AF_UNIX") or sys.platform == "win32":
        _refuse(path, "this system has no Unix sockets.", "Remove it; use pyfly.server.host and -port.")

    if not path or "\0" in path:
        _refuse(path, "it is no path.", "Name a file, for example /run/shop/shop.sock.")

    absolute = os.path.abspath(path)
    folder = os.path.dirname(absolute)
    if not os.path.isdir(folder):
        _refuse(path, f"there is no folder {folder}.", "Make it before the start, or choose another path.")

    bound = socket.socket(socket.AF_UNIX)
    try:
        with _one_at_a_time(folder, path):
            _bind(bound, absolute)
            return bound, SocketFile(absolute)
    except OSError as error:
        bound.close()
        _refuse_error(path, absolute, error)
    except BaseException:
        bound.close()
        raise


def _bind(bound: socket.socket, path: str) -> None:
    try:
        bound.bind(path)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise

        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            _refuse(path, "a file that is no socket is there.", "Remove the file, or choose another path.")

        if _in_use(path):
            _refuse(path, "it is already in use.", "Stop what listens there, or choose another path.")

        os.unlink(path)
        bound.bind(path)


def _in_use(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_PROBE_TIMEOUT)
        try:
            client.connect(path)
        except ConnectionRefusedError:
            return _bound_by_a_server_that_starts(path)
        except OSError as error:
            # Full queues and sockets of another kind are sockets of somebody; a folder may be forbidden.
            if error.errno in {errno.EACCES, errno.EPERM}:
                raise

    return True


def _bound_by_a_server_that_starts(path: str) -> bool:
    # A server that does not listen yet refuses connections as well. Linux has a list of the paths that are
    # bound; elsewhere only servers that listen are recognised.
    try:
        lines = _SOCKETS.read_bytes().splitlines()[1:]
    except OSError:
        return False

    name = os.fsencode(path)
    return any(len(fields := line.split(None, 7)) == 8 and fields[7] == name for line in lines)


@contextmanager
def _one_at_a_time(folder: str, path: str) -> Iterator[None]:
    # Two servers that find the same stale file must not remove the file of one another.
    import fcntl

    try:
        lock = os.open(folder, os.O_RDONLY)
    except PermissionError:
        # To make files in a folder one need not be allowed to read it.
        yield
        return

    try:
        deadline = time.monotonic() + _LOCK_DEADLINE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    _refuse(path, f"another process has locked {folder}.", "Use a folder of its own.")

                time.sleep(_LOCK_INTERVAL)

        yield
    finally:
        os.close(lock)


def _identity(path: str) -> tuple[int, int]:
    status = os.lstat(path)
    return status.st_dev, status.st_ino


def _refuse_error(path: str, absolute: str, error: OSError) -> NoReturn:
    if error.errno is None or error.errno == errno.ENAMETOOLONG:
        length = len(os.fsencode(absolute))
        reason = f"{absolute} has {length} bytes, too many for a Unix socket."
        _refuse(path, reason, "Choose a path of 100 bytes or less.", cause=error)

    reason = f"{(error.strerror or str(error)).lower()}."
    action = "Choose another path, or mend the rights of the folder."
    _refuse(path, reason, action, cause=error)


def _refuse(path: str, reason: str, action: str, *, cause: OSError | None = None) -> NoReturn:
    raise RefusedSettingError(_KEY, path, server="pyfly", reason=reason, action=action) from cause
