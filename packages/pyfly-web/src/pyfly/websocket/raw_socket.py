# SPDX-License-Identifier: Apache-2.0
"""The port below a session: the socket of a web framework."""

from collections.abc import Mapping
from typing import Any, Protocol


class RawSocket(Protocol):
    """What a session is made of; a socket of Starlette is one.

    A session uses ``accept``, ``send_text``, ``receive_text``, ``close`` and ``path_params``; the others are
    only looked up when somebody asks for what they do. Two more are used if they are there:
    ``receive_message``, which returns the next message, text or bytes, and ``subprotocols``, the names that
    the client offers. After the end of the connection sending and receiving raise `WebSocketDisconnect`.
    """

    @property
    def path_params(self) -> Mapping[str, Any]:
        """The variables of the path."""
        ...

    @property
    def query_params(self) -> Mapping[str, str]:
        """The query parameters; of repeated ones the last."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the handshake, by name in any case."""
        ...

    async def accept(self, subprotocol: str | None = None) -> None:
        """Complete the handshake."""
        ...

    async def send_text(self, data: str) -> None:
        """Send a text message."""
        ...

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        ...

    async def receive_text(self) -> str:
        """Return the next message, which has to be text."""
        ...

    async def receive_bytes(self) -> bytes:
        """Return the next message, which has to be binary."""
        ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close the connection, or refuse the handshake."""
        ...
