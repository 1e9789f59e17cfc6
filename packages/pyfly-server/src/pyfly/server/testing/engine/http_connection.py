# SPDX-License-Identifier: Apache-2.0
"""A client's end of a connection over HTTP/1.1, that shows when it is closed."""

import asyncio
import base64
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, cast

__all__ = ["HttpAnswer", "HttpConnection"]

_LIMIT: Final = 20.0
_PING: Final = 9


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Hold an answer.

    Attributes:
        status: The status code.
        headers: The headers, by names in lower case; the last one of each name.
        body: The body, decoded.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether the server says that it closes the connection."""
        return self.headers.get("connection", "").lower() == "close"


class HttpConnection:
    """Ask a server over one connection; each step takes a few seconds at most."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def to(
        cls, address: tuple[str, int] | str, *, tls: ssl.SSLContext | None = None
    ) -> AsyncIterator["HttpConnection"]:
        """Connect, and cut the connection in the end.

        Args:
            address: Host and port, or the path of a Unix socket.
            tls: How to encrypt.
        """
        name = None if tls is None else "localhost"
        async with asyncio.timeout(_LIMIT):
            if isinstance(address, str):
                reader, writer = await asyncio.open_unix_connection(address)
            else:
                reader, writer = await asyncio.open_connection(*address, ssl=tls, server_hostname=name)

        try:
            yield cls(reader, writer)
        finally:
            writer.transport.abort()

    def stop_reading(self) -> None:
        """Take nothing more of what the server sends."""
        cast(asyncio.Transport, self._writer.transport).pause_reading()

    @property
    def protocol(self) -> str | None:
        """The protocol that was agreed upon over TLS; None for none."""
        encrypted: ssl.SSLObject = self._writer.get_extra_info("ssl_object")
        return encrypted.selected_alpn_protocol()

    def send(self, data: bytes) -> None:
        """Send bytes, without waiting."""
        self._writer.write(data)

    def ask(self, path: str = "/", *headers: str, method: str = "GET", body: bytes | None = None) -> None:
        """Send a request, without waiting for its answer."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")

        self.send("".join(f"{line}\r\n" for line in [*lines, ""]).encode() + (body or b""))

    async def answer(self) -> HttpAnswer:
        """Read an answer.

        Raises:
            asyncio.IncompleteReadError: The connection ended before the answer did.
        """
        async with asyncio.timeout(_LIMIT):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            status = int(head[0].split()[1])
            if status == 101:
                return HttpAnswer(status, headers, b"")

            if headers.get("transfer-encoding") == "chunked":
                return HttpAnswer(status, headers, await self._chunks())

            return HttpAnswer(
                status, headers, await self._reader.readexactly(int(headers.get("content-length", "0")))
            )

    async def get(self, path: str = "/", *headers: str) -> HttpAnswer:
        """Ask, and read the answer."""
        self.ask(path, *headers)
        return await self.answer()

    async def rest(self) -> bytes:
        """Read what comes until the server closes the connection, or cuts it."""
        read = b""
        async with asyncio.timeout(_LIMIT):
            try:
                while piece := await self._reader.read(65536):
                    read += piece
            except ConnectionError:
                pass

        return read

    async def open_websocket(self, path: str = "/") -> HttpAnswer:
        """Ask for a WebSocket (RFC 6455)."""
        key = base64.b64encode(os.urandom(16)).decode()
        return await self.get(
            path,
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        )

    def send_frame(self, opcode: int, payload: bytes) -> None:
        """Send a frame of a WebSocket, with at most 125 bytes."""
        self.send(bytes([0x80 | opcode, 0x80 | len(payload), 0, 0, 0, 0]) + payload)

    async def frame(self) -> tuple[int, bytes]:
        """Read a frame of a WebSocket with a short payload, no ping; return its opcode and payload."""
        async with asyncio.timeout(_LIMIT):
            while True:
                first, length = await self._reader.readexactly(2)
                opcode, payload = first & 0x0F, await self._reader.readexactly(length)
                if opcode != _PING:
                    return opcode, payload

    async def _chunks(self) -> bytes:
        body = b""
        while True:
            size = int((await self._reader.readuntil(b"\r\n")).decode(), 16)
            body += (await self._reader.readexactly(size + 2))[:size]
            if size == 0:
                return body
