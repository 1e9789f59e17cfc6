# SPDX-License-Identifier: Apache-2.0
import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from types import FrameType

import pytest

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.connections import OpenConnections, open_connections_of

DEADLINE = 5.0


class Stream:
    """A connection that ends as soon as it is told to."""

    def __init__(self, connections: OpenConnections) -> None:
        self._connections = connections
        self.ended = asyncio.Event()
        self.thread: int | None = None
        connections.add(self, "stream")

    def end(self) -> None:
        self.thread = threading.get_ident()
        self.ended.set()
        self._connections.discard(self)


@pytest.fixture
async def connections() -> AsyncIterator[OpenConnections]:
    """Make a register, which is empty again in the end."""
    made = OpenConnections()
    yield made
    made.end_all()
    async with asyncio.timeout(DEADLINE):
        await made.wait_until_none()


@pytest.fixture
def handled() -> Iterator[list[int]]:
    """Collect the signals that reach the handler of a server."""
    seen: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        seen.append(number)

    before = signal.signal(signal.SIGTERM, handle)
    yield seen
    signal.signal(signal.SIGTERM, before)


async def test_connections_are_counted_by_kind(connections: OpenConnections) -> None:
    first, _ = Stream(connections), Stream(connections)

    connections.discard(first)
    connections.discard(first)

    assert (len(connections), connections.count("stream"), connections.count("other")) == (1, 1, 0)


async def test_all_connections_are_ended_in_their_loop(connections: OpenConnections) -> None:
    streams = [Stream(connections), Stream(connections)]

    await asyncio.to_thread(connections.end_all)

    async with asyncio.timeout(DEADLINE):
        await connections.wait_until_none()

    assert [stream.thread for stream in streams] == [threading.get_ident()] * 2


async def test_connection_that_comes_after_the_end_ends_at_once(connections: OpenConnections) -> None:
    connections.end_all()

    stream = Stream(connections)

    assert stream.ended.is_set()
    assert connections.stopping


async def test_waiting_for_no_connections_is_no_waiting() -> None:
    await OpenConnections().wait_until_none()


async def test_signal_ends_connections_and_goes_on_to_the_server(
    handled: list[int], connections: OpenConnections
) -> None:
    stream = Stream(connections)

    os.kill(os.getpid(), signal.SIGTERM)

    async with asyncio.timeout(DEADLINE):
        await stream.ended.wait()

    assert handled == [signal.SIGTERM]
    assert connections.stopping


async def test_handler_that_is_installed_later_is_noticed_with_the_next_connection(
    handled: list[int], connections: OpenConnections
) -> None:
    first = Stream(connections)
    later: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: later.append(number))
    second = Stream(connections)

    os.kill(os.getpid(), signal.SIGTERM)

    async with asyncio.timeout(DEADLINE):
        await asyncio.gather(first.ended.wait(), second.ended.wait())

    assert (handled, later) == ([], [signal.SIGTERM])


async def test_handlers_are_as_they_were_without_connections(
    handled: list[int], connections: OpenConnections
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    streams = [Stream(connections), Stream(connections)]
    within = signal.getsignal(signal.SIGTERM)

    for stream in streams:
        connections.discard(stream)

    assert within is not before
    assert signal.getsignal(signal.SIGTERM) is before


async def test_signals_that_nobody_handles_are_left_alone(
    handled: list[int], connections: OpenConnections
) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    Stream(connections)

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_end_of_the_context_ends_the_connections() -> None:
    context = ApplicationContext(Config({}))
    await context.start()
    connections = open_connections_of(context)
    stream = Stream(connections)

    await context.stop()

    assert stream.ended.is_set()
    assert connections is context.get_bean(OpenConnections)


def test_context_that_has_not_started_has_connections_all_the_same() -> None:
    assert len(open_connections_of(ApplicationContext(Config({})))) == 0
    assert len(open_connections_of(None)) == 0
