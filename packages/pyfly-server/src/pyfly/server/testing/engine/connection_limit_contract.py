# SPDX-License-Identifier: Apache-2.0
"""What a `ServerEngine` does that can count its connections and limit them."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from pyfly.server.engine import EngineSettings, ServerEngine
from pyfly.server.testing.engine.running_engine import RunningEngine, running_engine, until

__all__ = ["ConnectionLimitContract"]


class ConnectionLimitContract:
    """Derive a test class from this and define `engine`."""

    def engine(self, settings: EngineSettings) -> ServerEngine:
        """Make the engine under test."""
        raise NotImplementedError

    def limited(self, maximum: int | None, **settings: Any) -> AbstractAsyncContextManager[RunningEngine]:
        """Run the engine with a limit."""
        return running_engine(self.engine(EngineSettings(max_concurrent_connections=maximum, **settings)))

    async def test_connections_and_requests_are_counted(self) -> None:
        async with self.limited(None) as running:
            async with running.connection() as first, running.connection() as second:
                await first.get()
                await first.get()
                await second.open_websocket()
                await until(lambda: running.engine.connections == 2)

            await until(lambda: running.engine.connections == 0)
            assert running.engine.requests == 3

    async def test_connection_beyond_the_limit_hears_503(self) -> None:
        async with (
            self.limited(1) as running,
            running.connection() as served,
            running.connection() as refused,
        ):
            first = await served.get()
            answer = await refused.get()
            rest = await refused.rest()
            second = await served.get()

        assert (first.status, second.status) == (200, 200)
        assert (answer.status, answer.closes, rest) == (503, True, b"")
        assert len(running.application.scopes) == 2

    async def test_websocket_beyond_the_limit_hears_503(self) -> None:
        async with (
            self.limited(1) as running,
            running.connection() as served,
            running.connection() as refused,
        ):
            await served.get()
            answer = await refused.open_websocket()

        assert answer.status == 503

    async def test_websocket_takes_a_place(self) -> None:
        async with (
            self.limited(1) as running,
            running.connection() as served,
            running.connection() as refused,
        ):
            accepted = await served.open_websocket()
            answer = await refused.get()

        assert (accepted.status, answer.status) == (101, 503)

    async def test_connection_that_is_gone_makes_room(self) -> None:
        async with self.limited(1) as running:
            async with running.connection() as first:
                await first.open_websocket()

            await until(lambda: running.engine.connections == 0)
            async with running.connection() as second:
                answer = await second.get()

        assert answer.status == 200

    async def test_connection_that_waits_is_served_once_there_is_room(self) -> None:
        async with self.limited(1, keep_alive_timeout=600) as running:
            async with running.connection() as first:
                await first.get()
                waiting = running.connection()
                second = await waiting.__aenter__()
                await until(lambda: running.engine.connections == 2)

            await until(lambda: running.engine.connections == 1)
            answer = await second.get()
            await waiting.__aexit__(None, None, None)

        assert answer.status == 200

    async def test_log_tells_once_that_the_limit_is_reached(self, caplog: Any) -> None:
        async with (
            self.limited(1) as running,
            running.connection() as served,
            running.connection() as second,
            running.connection() as third,
        ):
            await served.get()
            await second.get()
            await third.get()

        told = [it for it in caplog.records if it.getMessage().startswith("connection_limit_reached")]
        assert len(told) == 1
