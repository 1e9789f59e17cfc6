# SPDX-License-Identifier: Apache-2.0
"""One connection of the client, which asks one thing at a time."""

import asyncio
import select
from time import monotonic
from typing import cast

from drill.exchanges import Exchange
from drill.reader import Answer, AnswerReader, MalformedAnswerError

ANSWER_SECONDS = 30.0
"""How long the client waits for a whole answer."""
CONNECT_SECONDS = 30.0
"""How long it waits for a connection."""


class LostAnswerError(Exception):
    """A request got no right answer.

    Args:
        kind: What went wrong.
        received: How many bytes of the answer came.
    """

    def __init__(self, kind: str, received: int = 0) -> None:
        super().__init__(f"{kind}, after {received} bytes of the answer")
        self.kind = kind
        self.received = received


class Connection(asyncio.Protocol):
    """A kept-alive connection; made by `connect`.

    Attributes:
        asked: How many requests it has taken.
        answered_at: When the last of them was answered, on the monotonic clock.
        closed: Whether it has ended, from either side.
        fault: What the server sent that nobody asked for.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.answered_at = 0.0
        self.closed = False
        self.fault = ""
        self._transport: asyncio.Transport | None = None
        self._readable = select.poll()
        self._reader: AnswerReader | None = None
        self._answered: asyncio.Future[Answer] | None = None
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def connect(cls, port: int) -> "Connection":
        """Connect to a port of this machine; lost packets are sent again by the system alone.

        Raises:
            OSError: Nobody listens, or the connection cannot be made in time.
        """
        async with asyncio.timeout(CONNECT_SECONDS):
            _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)

        return connection

    async def is_usable(self) -> bool:
        """Tell whether a request may be sent: whatever has come until this very moment is looked at."""
        if not self.closed and self._readable.poll(0):
            # Something has come that the event loop has not delivered yet: the end, as a rule.
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._gone

        return not self.closed

    async def ask(self, exchange: Exchange) -> Answer:
        """Send a request and return its answer, which is right.

        Raises:
            LostAnswerError: There is none, or another one.
        """
        if self._transport is None or self.closed:
            raise LostAnswerError("closed before the request")

        self.asked += 1
        reader = self._reader = AnswerReader()
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(exchange.request)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._answered
        except TimeoutError:
            raise LostAnswerError("time-out", reader.received) from None
        finally:
            self._reader = self._answered = None

        self.answered_at = monotonic()
        if answer.status != 200:
            raise LostAnswerError(f"status {answer.status}", reader.received)

        if answer.body != exchange.answer:
            raise LostAnswerError("wrong content", reader.received)

        if answer.closes:
            self.close()

        return answer

    def close(self) -> None:
        """End the connection."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._readable.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        if self._reader is None or self._answered is None or self._answered.done():
            self.fault = f"{len(data)} bytes that nobody asked for: {data[:80]!r}"
            self.close()
            self._tell_end()
            return

        try:
            answer = self._reader.feed(data)
        except MalformedAnswerError as error:
            self._lose(f"malformed: {error}")
        else:
            if answer is not None:
                self._answered.set_result(answer)

    def eof_received(self) -> None:
        self._end("closed")

    def connection_lost(self, exc: Exception | None) -> None:
        self._end("reset" if isinstance(exc, ConnectionError) else "closed")

    def _end(self, how: str) -> None:
        self.closed = True
        received = self._reader.received if self._reader else 0
        self._lose(f"{how} inside the answer" if received else f"{how} before the answer")
        self._tell_end()

    def _lose(self, kind: str) -> None:
        if self._reader is not None and self._answered is not None and not self._answered.done():
            self._answered.set_exception(LostAnswerError(kind, self._reader.received))

    def _tell_end(self) -> None:
        if not self._gone.done():
            self._gone.set_result(None)
