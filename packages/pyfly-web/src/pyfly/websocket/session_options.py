# SPDX-License-Identifier: Apache-2.0
"""What a session may do, and how it writes JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyfly.web.json import encode_json


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """Limits and choices of a session.

    Attributes:
        encode: Writes values as JSON.
        subprotocols: The subprotocols that the handler speaks, the preferred one first.
        max_message_size: The longest message that is taken, in bytes; None for any length.
        send_timeout: Seconds that the client may take to accept a message; None for no limit.
        idle_timeout: Seconds that the next message is waited for; None for no limit.
    """

    encode: Callable[[Any], bytes] = encode_json
    subprotocols: tuple[str, ...] = ()
    max_message_size: int | None = None
    send_timeout: float | None = None
    idle_timeout: float | None = None

    def allows(self, message: object) -> bool:
        """Tell whether a message is short enough; text counts with its bytes in UTF-8."""
        limit = self.max_message_size
        if limit is None or not isinstance(message, str | bytes):
            return True

        # Text of n characters has n bytes at least, and 4 n at most.
        if isinstance(message, str) and len(message) <= limit < len(message) * 4:
            return len(message.encode("utf-8", "surrogatepass")) <= limit

        return len(message) <= limit
