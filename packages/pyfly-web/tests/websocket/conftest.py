# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Callable

import pytest

from pyfly.websocket import WebSocketDisconnect


class FakeSocket:
    """A socket with the least that a session needs; ``incoming`` is what its client sends."""

    def __init__(self) -> None:
        self.path_params = {"room": "kitchen"}
        self.incoming: asyncio.Queue[str] = asyncio.Queue()
        self.sent: list[str] = []
        self.closings: list[tuple[int, str | None]] = []
        self.accepted_with: list[str | None] = []
        self.takes_messages = asyncio.Event()
        self.takes_messages.set()
        self.gone: WebSocketDisconnect | None = None

    async def accept(self, subprotocol: str | None = None) -> None:
        self.accepted_with.append(subprotocol)

    async def send_text(self, data: str) -> None:
        await self.takes_messages.wait()
        if self.gone is not None:
            raise self.gone

        self.sent.append(data)

    async def receive_text(self) -> str:
        if self.gone is not None:
            raise self.gone

        return await self.incoming.get()

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        await self.takes_messages.wait()
        self.closings.append((code, reason))


class FullSocket(FakeSocket):
    """A socket with all that a session can use."""

    def __init__(self) -> None:
        super().__init__()
        self.query_params = {"page": "2"}
        self.headers = {"user-agent": "test"}
        self.subprotocols = ["v1", "v2"]
        self.binary: list[bytes] = []
        self.messages: asyncio.Queue[str | bytes] = asyncio.Queue()

    async def send_bytes(self, data: bytes) -> None:
        self.binary.append(data)

    async def receive_bytes(self) -> bytes:
        message = await self.receive_message()
        assert isinstance(message, bytes)
        return message

    async def receive_message(self) -> str | bytes:
        if self.messages.empty():
            raise WebSocketDisconnect(1001, "bye")

        return self.messages.get_nowait()


@pytest.fixture
def raw() -> FakeSocket:
    """A socket with the least that a session needs."""
    return FakeSocket()


@pytest.fixture
def full() -> FullSocket:
    """A socket with all that a session can use."""
    return FullSocket()


@pytest.fixture
def new_socket() -> Callable[[], FakeSocket]:
    """Make sockets."""
    return FakeSocket
