# SPDX-License-Identifier: Apache-2.0
import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import repeat
from time import monotonic

import pytest

from drill.connection import Connection, LostAnswerError
from drill.exchanges import WORKER_HEADER, Exchange
from drill.load import Load
from drill.losses import Sightings
from drill.reader import AnswerReader, MalformedAnswerError

EXCHANGE = Exchange("short", b"GET / HTTP/1.1\r\nhost: drill\r\n\r\n", b"hello")
HEAD = f"HTTP/1.1 200 OK\r\n{WORKER_HEADER}: 1\r\n".encode()
RIGHT = HEAD + b"content-length: 5\r\n\r\nhello"
LAST = HEAD + b"connection: close\r\ncontent-length: 5\r\n\r\nhello"


@pytest.fixture
def full_queue() -> Iterator[socket.socket]:
    """Listen without accepting, so that the system takes no further connection."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as stack:
        while True:
            connection = stack.enter_context(socket.socket())
            connection.settimeout(0.2)
            try:
                connection.connect(listener.getsockname())
            except TimeoutError:
                break

        yield listener


@dataclass
class Place:
    """Where the client is sent."""

    port: int
    name: str = "the place"

    def phase(self) -> str:
        return "listens"


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[Place]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()

        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield Place(server.sockets[0].getsockname()[1])


async def ask(place: Place) -> None:
    connection = await Connection.connect(place.port)
    try:
        async with asyncio.timeout(30):
            await connection.ask(EXCHANGE)
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", "closed before the answer"),
        (RIGHT[:-1], "closed inside the answer"),
        (RIGHT[:10], "closed inside the answer"),
        (RIGHT.replace(b"200", b"503"), "status 503"),
        (RIGHT.replace(b"hello", b"hallo"), "wrong content"),
        (RIGHT + b"!", "malformed: 1 bytes after the end of the answer"),
        (RIGHT.replace(b"1.1", b"1.0"), "malformed: wrong status line"),
        (HEAD + b"\r\nhello", "malformed: no length"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", "closed inside the answer"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n", "malformed: wrong size"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n", "malformed: a chunk is longer"),
    ],
)
async def test_what_is_not_the_right_answer_is_lost(answer: bytes, kind: str):
    async with answering(answer) as place:
        with pytest.raises(LostAnswerError) as lost:
            await ask(place)

    assert lost.value.kind.startswith(kind)


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_answers_are_read_in_whatever_pieces_they_come(step: int):
    sent = HEAD + b"transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    reader = AnswerReader()

    *unfinished, answer = [reader.feed(sent[at : at + step]) for at in range(0, len(sent), step)]

    assert not any(unfinished)
    assert answer is not None
    assert (answer.body, answer.closes) == (b"hello", False)


def test_a_length_and_chunks_at_once_are_refused():
    with pytest.raises(MalformedAnswerError, match="two ways"):
        AnswerReader().feed(HEAD + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n")


async def until_true(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 30
    while not condition():
        if monotonic() > deadline:
            pytest.fail("waited 30 s for what the client has to see")

        await asyncio.sleep(0.001)


async def sightings_of(
    *places: Place, until: Callable[[Sightings], bool], thoughtful: float = 0
) -> Sightings:
    load = Load(places, connections=2, thoughtful=thoughtful, mix=lambda number: repeat(EXCHANGE))
    async with load.running() as seen:
        await until_true(lambda: until(seen))

    return load.sightings


async def test_the_end_of_a_connection_that_is_announced_is_no_loss():
    async with answering(RIGHT, LAST) as place:
        seen = await sightings_of(place, until=lambda seen: seen.announced >= 10)

    assert seen.announced
    assert not seen.losses
    assert not seen.idle


async def test_the_end_of_an_idle_connection_is_no_loss():
    async with answering(RIGHT) as place:
        seen = await sightings_of(place, until=lambda seen: seen.idle >= 4, thoughtful=1)

    assert seen.idle
    assert not seen.losses


async def test_the_end_of_a_connection_after_the_request_is_a_loss():
    async with answering(RIGHT, b"") as place:
        seen = await sightings_of(place, until=lambda seen: bool(seen.losses))

    assert (seen.losses[0].kind, seen.losses[0].turn) == ("closed before the answer", 2)


async def test_a_request_goes_elsewhere_when_its_connection_is_refused(free_port: Callable[[], int]):
    nobody = Place(free_port(), "nobody")
    async with answering(RIGHT, LAST) as place:
        seen = await sightings_of(nobody, place, until=lambda seen: seen.refused["nobody"] >= 10)

    assert seen.refused
    assert not seen.losses
    assert set(seen.answers) == {"the place"}


async def test_a_request_that_is_refused_everywhere_is_a_loss(free_port: Callable[[], int]):
    seen = await sightings_of(Place(free_port()), until=lambda seen: bool(seen.losses))

    assert {loss.kind for loss in seen.losses} == {"refused everywhere"}


async def test_an_impatient_client_turns_elsewhere_when_a_connection_is_not_made(full_queue: socket.socket):
    deaf = Place(full_queue.getsockname()[1], "deaf")
    async with answering(RIGHT, LAST) as place:
        load = Load([deaf, place], connections=2, mix=lambda number: repeat(EXCHANGE))
        async with load.running() as seen:
            await until_true(lambda: seen.given_up >= 2 and seen.answers["the place"] >= 10)
            full_queue.close()

    assert not seen.losses
    assert not seen.answers["deaf"]
