# SPDX-License-Identifier: Apache-2.0
"""What a supervisor and its workers tell each other: lines of JSON over a socket pair.

The end of the stream tells that the other side is gone, however it ended.
"""

import json
import socket
from contextlib import suppress
from typing import Final

__all__ = ["FAILED", "FORCE", "LEAVE", "MAKE_WAY", "READY", "USED_UP", "MessageReader", "send_message"]

READY: Final = "ready"
"""A worker serves."""
FAILED: Final = "failed"
"""A worker's application did not start; ``report`` says why."""
USED_UP: Final = "used-up"
"""A worker has answered as many requests as it may."""
LEAVE: Final = "leave"
"""A worker is to stop gracefully while others go on."""
MAKE_WAY: Final = "make-way"
"""A worker is to stop soon, for others that start after it."""
FORCE: Final = "force"
"""A worker is to stop without waiting for its requests."""

_SEND_TIMEOUT: Final = 5.0


def send_message(channel: socket.socket, kind: str, **facts: str) -> None:
    """Send one message; nothing happens when the other side is gone."""
    with suppress(OSError):
        channel.settimeout(_SEND_TIMEOUT)
        channel.sendall(json.dumps({"kind": kind, **facts}).encode() + b"\n")


class MessageReader:
    """Read the messages of one channel as they come."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._rest = b""

    def read(self) -> list[dict[str, str]] | None:
        """Return the messages that have come completely; None when the other side is gone.

        It blocks when there is nothing to read.
        """
        try:
            received = self._channel.recv(65536)
        except OSError:
            return None

        if not received:
            return None

        *lines, self._rest = (self._rest + received).split(b"\n")
        return [json.loads(line) for line in lines]
