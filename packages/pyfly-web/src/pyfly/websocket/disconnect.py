# SPDX-License-Identifier: Apache-2.0
"""The end of a connection, as its users meet it."""


class WebSocketDisconnect(Exception):
    """A WebSocket is closed: by the client, by this side, by the server's stop, or because it broke down.

    A handler need not catch it: it is the usual end.

    Attributes:
        code: The close code of RFC 6455; 1005 when the peer gave none, 1006 when there was no closing at all.
        reason: What was said about it.
    """

    def __init__(self, code: int = 1000, reason: str | None = None) -> None:
        self.code = code
        self.reason = reason or ""

    def __str__(self) -> str:
        return f"{self.code} {self.reason}".rstrip()
