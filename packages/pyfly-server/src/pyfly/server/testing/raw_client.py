# SPDX-License-Identifier: Apache-2.0
"""A client of HTTP/1.1 that sees every byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

__all__ = ["Connection", "RawAnswer"]

_DEADLINE: Final = 30.0


class RawAnswer:
    """Hold one answer.

    Attributes:
        status: The status.
        headers: The values by name in lower case.
        body: The body.
    """

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Connection:
    """Send requests over one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def opened(cls, host: str, port: int) -> AsyncIterator["Connection"]:
        """Open a connection for the time of a block."""
        async with asyncio.timeout(_DEADLINE):
            reader, writer = await asyncio.open_connection(host, port)

        try:
            yield cls(reader, writer)
        finally:
            writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), _DEADLINE)

    async def get(self, path: str = "/") -> RawAnswer:
        """Send a request and read its answer.

        Raises:
            IncompleteReadError: The connection ends before the answer is complete.
        """
        self.send(path)
        return await self.read()

    def send(self, path: str) -> None:
        """Send a request."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nhost: shop\r\n\r\n".encode())

    async def read(self) -> RawAnswer:
        """Read an answer that tells its length.

        Raises:
            IncompleteReadError: The connection ends before the answer is complete.
        """
        async with asyncio.timeout(_DEADLINE):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
            headers = {}
            for line in head[1:-1]:
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()

            body = await self._reader.readexactly(int(headers.get("content-length", "0")))
            return RawAnswer(int(head[0].split()[1]), headers, body)

    async def end(self) -> bytes:
        """Wait until the server closes the connection; return what it has sent before."""
        async with asyncio.timeout(_DEADLINE):
            try:
                return await self._reader.read()
            except ConnectionResetError:
                return b""
