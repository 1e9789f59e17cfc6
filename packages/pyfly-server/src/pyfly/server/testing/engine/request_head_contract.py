# SPDX-License-Identifier: Apache-2.0
"""How long and how large the head of a request may be, for engines that have a time-out of its own for it."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from pyfly.server.engine import EngineSettings, ServerEngine
from pyfly.server.testing.engine.http_connection import HttpConnection
from pyfly.server.testing.engine.running_engine import RunningEngine, running_engine

__all__ = ["RequestHeadContract"]

_CHUNKED: Final = b"POST /length HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
_HEAD: Final = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
_LINES: Final = b"X-Name: value\r\n" * 4000
_LONG: Final = 600
_NO_MORE_THAN: Final = 64 * 1024 * 1024
"""Bytes; what systems keep for sockets is far below."""
_PACE: Final = 0.05


class RequestHeadContract:
    """Derive a test class from this and define `engine`.

    The tests run on any event loop.
    """

    def engine(self, settings: EngineSettings) -> ServerEngine:
        """Make the engine under test."""
        raise NotImplementedError

    def running(self, **settings: Any) -> AbstractAsyncContextManager[RunningEngine]:
        """Run the engine with some settings; connections are kept for long."""
        return running_engine(self.engine(EngineSettings(**{"keep_alive_timeout": _LONG, **settings})))

    async def test_silent_client_is_sent_away_though_connections_are_kept(self) -> None:
        async with self.running(request_header_timeout=1) as running, running.connection() as client:
            assert b"200 OK" not in await client.rest()

    async def test_half_a_head_is_not_waited_for(self) -> None:
        async with self.running(request_header_timeout=1) as running, running.connection() as client:
            client.send(_HEAD)
            assert b"200 OK" not in await client.rest()

        assert running.application.scopes == []

    async def test_half_a_head_after_an_answer_is_not_waited_for(self) -> None:
        async with self.running(request_header_timeout=1) as running, running.connection() as client:
            answer = await client.get()
            client.send(_HEAD)
            rest = await client.rest()

        assert (answer.status, len(running.application.scopes)) == (200, 1)
        assert b"200 OK" not in rest

    async def test_half_a_head_during_an_answer_is_not_waited_for(self) -> None:
        async with self.running(request_header_timeout=1) as running, running.connection() as client:
            client.ask("/slow")
            client.send(_HEAD)
            await running.application.entered.wait()
            running.application.release.set()
            answer = await client.answer()
            rest = await client.rest()

        assert (answer.status, len(running.application.scopes)) == (200, 1)
        assert b"200 OK" not in rest

    async def test_head_that_comes_byte_by_byte_is_not_waited_for(self) -> None:
        async with self.running(request_header_timeout=1) as running, running.connection() as client:
            client.send(_HEAD + b"X-Name: ")
            await _drip(client, b"x")

        assert running.application.scopes == []

    async def test_empty_lines_are_no_head(self) -> None:
        async with self.running(request_header_timeout=1) as running, running.connection() as client:
            await _drip(client, b"\r\n")

        assert running.application.scopes == []

    async def test_answer_may_take_longer_than_a_head(self) -> None:
        async with (
            self.running(request_header_timeout=1) as running,
            running.connection() as client,
            running.connection() as silent,
        ):
            client.ask("/slow")
            await running.application.entered.wait()
            await silent.rest()
            running.application.release.set()
            answer = await client.answer()

        assert (answer.status, answer.closes) == (200, False)

    async def test_head_has_any_time_without_a_time_out(self) -> None:
        settings = {"request_header_timeout": 0, "keep_alive_timeout": 1}
        async with (
            self.running(**settings) as running,
            running.connection() as silent,
            running.connection() as half,
            running.connection() as other,
        ):
            half.send(_HEAD)
            await other.get()
            await other.rest()
            half.send(b"\r\n")
            first, second = await half.answer(), await silent.get()

        assert (first.status, second.status) == (200, 200)

    async def test_large_head_is_served(self) -> None:
        headers = [f"X-Name-{number}: {'x' * 500}" for number in range(90)]
        async with self.running() as running, running.connection() as client:
            answer = await client.get("/", *headers)

        assert answer.status == 200
        assert len(running.application.scopes[0]["headers"]) == 91

    async def test_head_that_is_too_large_is_refused(self) -> None:
        async with self.running() as running, running.connection() as client:
            answer = await client.get("/", f"X-Name: {'x' * 200_000}")
            rest = await client.rest()

        assert (answer.status, answer.closes, rest) == (431, True, b"")
        assert running.application.scopes == []

    async def test_target_that_is_too_long_is_refused(self) -> None:
        async with self.running() as running, running.connection() as client:
            answer = await client.get(f"/{'x' * 200_000}")

        assert (answer.status, answer.closes) == (431, True)
        assert running.application.scopes == []

    async def test_too_many_headers_are_refused(self) -> None:
        async with self.running() as running, running.connection() as client:
            answer = await client.get("/", *(f"X-{number}: x" for number in range(300)))

        assert (answer.status, answer.closes) == (431, True)
        assert running.application.scopes == []

    async def test_request_before_one_that_is_refused_is_answered(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/slow")
            client.send(b"no request\r\n\r\n")
            await running.application.entered.wait()
            running.application.release.set()
            answer = await client.answer()
            rest = await client.rest()

        assert (answer.status, len(running.application.scopes)) == (200, 1)
        assert b"200 OK" not in rest

    async def test_length_beyond_measure_is_refused(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/length", "Content-Length: 18446744073709551621", method="POST")
            assert b"200 OK" not in await client.rest()

    async def test_offer_on_a_connection_that_ends_is_answered(self) -> None:
        offer = ("Connection: Upgrade", "Upgrade: h2c", "Connection: close")
        async with self.running() as running, running.connection() as client:
            client.ask("/length", *offer, method="POST", body=b"hello")
            answer = await client.answer()

        assert (answer.status, answer.body) == (200, b"5")

    async def test_head_without_end_is_not_kept(self) -> None:
        async with self.running() as running:
            assert await _sent(running, _HEAD, _LINES) < _NO_MORE_THAN

        assert running.application.scopes == []

    async def test_line_without_end_is_not_kept(self) -> None:
        async with self.running() as running:
            assert await _sent(running, b"GET /", b"x" * 60_000) < _NO_MORE_THAN

        assert running.application.scopes == []

    async def test_empty_lines_without_end_are_not_taken(self) -> None:
        async with self.running() as running:
            assert await _sent(running, b"", b"\r\n" * 30_000) < _NO_MORE_THAN

    async def test_trailers_without_end_are_not_kept(self) -> None:
        async with self.running() as running:
            assert await _sent(running, _CHUNKED + b"5\r\nhello\r\n0\r\n", _LINES) < _NO_MORE_THAN

    async def test_chunk_extension_without_end_is_not_kept(self) -> None:
        async with self.running() as running:
            assert await _sent(running, _CHUNKED + b"5;", b"x" * 60_000) < _NO_MORE_THAN

    async def test_trailers_are_no_headers(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.send(_CHUNKED + b"5\r\nhello\r\n")
            client.send(b"0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")
            answer = await client.answer()
            further = await client.get()

        names = [name for name, _ in running.application.scopes[0]["headers"]]
        assert (answer.status, answer.body, further.status) == (200, b"5", 200)
        assert names == [b"host", b"transfer-encoding"]


async def _drip(client: HttpConnection, data: bytes) -> None:
    """Send something again and again until the connection ends."""
    ending = asyncio.ensure_future(client.rest())
    while not ending.done():
        client.send(data)
        await asyncio.sleep(_PACE)

    assert b"200 OK" not in ending.result()


async def _sent(running: RunningEngine, beginning: bytes, further: bytes) -> int:
    """Send without end, and return how many bytes went before the connection ended."""
    assert isinstance(running.address, tuple)
    _, writer = await asyncio.open_connection(*running.address)
    sent = 0
    try:
        writer.write(beginning)
        while sent < _NO_MORE_THAN:
            writer.write(further)
            async with asyncio.timeout(20):
                await writer.drain()

            sent += len(further)
    except ConnectionError:
        pass
    finally:
        writer.transport.abort()

    return sent
