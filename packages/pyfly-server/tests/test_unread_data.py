# SPDX-License-Identifier: Apache-2.0
import asyncio
import socket
from contextlib import asynccontextmanager

from pyfly.server.unread_data import has_unread_data


@asynccontextmanager
async def paused_transport():
    """A transport that reads nothing, and the other end of its connection."""
    ours, theirs = socket.socketpair()
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
    transport.pause_reading()
    with theirs:
        yield transport, theirs
        transport.abort()
        await asyncio.sleep(0)


async def test_nothing_is_unread_on_a_silent_connection():
    async with paused_transport() as (transport, _):
        assert not has_unread_data(transport)


async def test_bytes_that_nobody_has_read_are_seen():
    async with paused_transport() as (transport, peer):
        peer.sendall(b"GET")

        assert has_unread_data(transport)


async def test_the_end_of_the_other_side_is_seen():
    async with paused_transport() as (transport, peer):
        peer.shutdown(socket.SHUT_WR)

        assert has_unread_data(transport)


async def test_nothing_is_unread_on_a_transport_that_closes():
    async with paused_transport() as (transport, peer):
        peer.sendall(b"GET")
        transport.close()

        assert not has_unread_data(transport)


async def test_nothing_is_unread_on_a_transport_without_a_socket():
    class Pipe(asyncio.BaseTransport):
        def is_closing(self):
            return False

    assert not has_unread_data(Pipe())
