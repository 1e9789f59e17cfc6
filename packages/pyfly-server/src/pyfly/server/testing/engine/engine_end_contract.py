# SPDX-License-Identifier: Apache-2.0
"""How every `ServerEngine` that serves HTTP/1 comes to its end."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from pyfly.server.engine import EngineSettings, ServerEngine
from pyfly.server.testing.engine.http_connection import HttpConnection
from pyfly.server.testing.engine.running_engine import RunningEngine, running_engine, until

__all__ = ["EngineEndContract"]

_SERVICE_RESTART: Final = 1012
_CLOSE: Final = 8


class EngineEndContract:
    """Derive a test class from this and define `engine`.

    The tests run on any event loop.
    """

    def engine(self, settings: EngineSettings) -> ServerEngine:
        """Make the engine under test."""
        raise NotImplementedError

    def running(
        self, *, uds: str | None = None, state: dict[str, Any] | None = None, **settings: Any
    ) -> AbstractAsyncContextManager[RunningEngine]:
        """Run the engine with some settings."""
        return running_engine(self.engine(EngineSettings(**settings)), uds=uds, state=state)

    async def test_no_new_connection_is_accepted_after_the_end_of_accepting(self) -> None:
        async with self.running() as running, running.connection() as client:
            await client.get()
            running.engine.stop_accepting()
            running.engine.stop_accepting()
            await until(lambda: running.sockets.stream.fileno() < 0)

            assert not await _is_accepted(running)
            assert (await client.get()).status == 200

    async def test_answer_in_flight_is_finished_and_ends_its_connection(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/slow")
            await running.application.entered.wait()
            finishing = await running.finish_soon()
            running.application.release.set()
            answer = await client.answer()
            rest = await client.rest()
            await finishing

        assert (answer.status, answer.closes, rest) == (200, True, b"")
        assert running.engine.connections in (0, None)

    async def test_idle_connections_do_not_hold_up_the_end(self) -> None:
        async with (
            self.running(keep_alive_timeout=600) as running,
            running.connection() as used,
            running.connection() as unused,
        ):
            await used.get()
            async with asyncio.timeout(10):
                await running.engine.finish(600)

            assert (await used.rest(), await unused.rest()) == (b"", b"")

    async def test_request_that_has_arrived_unnoticed_is_answered_at_the_end(self) -> None:
        async with self.running() as running, running.connection() as client:
            await client.get()
            # The loop has no turn between the two: the bytes are in the server's socket when it looks.
            client.ask("/late")
            await running.engine.finish(20)
            answer = await client.answer()

        assert (answer.status, answer.closes) == (200, True)

    async def test_pipelined_requests_are_all_answered_at_the_end(self) -> None:
        async with self.running() as running, running.connection() as client:
            for path in ("/slow", "/second", "/third"):
                client.ask(path)

            await running.application.entered.wait()
            finishing = await running.finish_soon()
            running.application.release.set()
            answers = [await client.answer() for _ in range(3)]
            await finishing

        assert [answer.status for answer in answers] == [200, 200, 200]

    async def test_request_without_answer_in_time_is_cancelled_and_cut(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/slow")
            await running.application.entered.wait()
            async with asyncio.timeout(10):
                await running.engine.finish(0.1)

            assert running.application.cancelled == ["/slow"]
            assert b"200 OK" not in await client.rest()

    async def test_request_that_is_cut_is_no_failure_of_the_application(self, caplog: Any) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/slow")
            await running.application.entered.wait()
            await running.engine.finish(0)

        told = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert [record.exc_info for record in told] == [None] * len(told)
        assert len(told) == 1

    async def test_half_a_head_does_not_hold_up_the_end(self) -> None:
        async with (
            self.running(keep_alive_timeout=600, request_header_timeout=600) as running,
            running.connection() as client,
        ):
            client.send(b"GET / HTTP/1.1\r\nHost: ")
            await until(lambda: running.engine.connections in (1, None))
            async with asyncio.timeout(10):
                await running.engine.finish(600)

    async def test_client_that_does_not_read_is_cut(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.stop_reading()
            client.ask("/flood")
            await running.application.entered.wait()
            async with asyncio.timeout(10):
                await running.engine.finish(0.1)

            assert running.application.cancelled == ["/flood"]
            assert running.engine.connections in (0, None)

    async def test_finish_that_is_given_up_can_be_forced(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/slow")
            await running.application.entered.wait()
            finishing = await running.finish_soon(600)
            finishing.cancel()
            await asyncio.wait({finishing})
            async with asyncio.timeout(10):
                await running.engine.finish(0)

            assert running.application.cancelled == ["/slow"]

    async def test_engine_that_has_not_started_has_nothing_to_finish(self) -> None:
        engine = self.engine(EngineSettings())
        engine.stop_accepting()
        await engine.finish(20)

    async def test_websocket_is_told_of_the_end(self) -> None:
        async with self.running() as running, running.connection() as client:
            await client.open_websocket()
            async with asyncio.timeout(10):
                await running.engine.finish(600)

            opcode, payload = await client.frame()

        assert (opcode, int.from_bytes(payload[:2], "big")) == (_CLOSE, _SERVICE_RESTART)
        assert running.application.left == ["/"]


async def _is_accepted(running: RunningEngine) -> bool:
    try:
        async with HttpConnection.to(running.address):
            return True
    except OSError:
        return False
