# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.websocket import Broadcast, SessionOptions, SessionRegistry, WebSocketDisconnect, WebSocketSession

DEADLINE = 5.0


async def joined(registry: SessionRegistry, raw: Any, **options: Any) -> WebSocketSession:
    session = WebSocketSession(raw, SessionOptions(**options))
    await session.accept()
    registry.add(session)
    return session


async def test_message_reaches_all_sessions(new_socket: Callable[[], Any]) -> None:
    registry, sockets = SessionRegistry(), [new_socket() for _ in range(3)]
    for socket in sockets:
        await joined(registry, socket)

    outcome = await registry.broadcast_text("news")

    assert outcome == Broadcast(3, ())
    assert [socket.sent for socket in sockets] == [["news"]] * 3


async def test_value_is_written_once_as_json(new_socket: Callable[[], Any]) -> None:
    registry, sockets = SessionRegistry(), [new_socket() for _ in range(3)]
    written: list[Any] = []

    def encode(value: Any) -> bytes:
        written.append(value)
        return b'{"a":1}'

    for socket in sockets:
        await joined(registry, socket, encode=encode)

    await registry.broadcast_json({"a": 1})

    assert written == [{"a": 1}]
    assert [socket.sent for socket in sockets] == [['{"a":1}']] * 3


async def test_bytes_can_be_broadcast(full: Any) -> None:
    registry = SessionRegistry()
    await joined(registry, full)

    await registry.broadcast_bytes(b"news")

    assert full.binary == [b"news"]


async def test_sessions_can_be_left_out(new_socket: Callable[[], Any]) -> None:
    registry, sender, other = SessionRegistry(), new_socket(), new_socket()
    sending = await joined(registry, sender)
    await joined(registry, other)

    await registry.broadcast_text("to the others", exclude=[sending])

    assert (sender.sent, other.sent) == ([], ["to the others"])


async def test_slow_session_is_let_go_and_the_others_do_not_wait(new_socket: Callable[[], Any]) -> None:
    registry, slow, quick = SessionRegistry(send_timeout=0.05), new_socket(), new_socket()
    stuck = await joined(registry, slow)
    await joined(registry, quick)
    slow.takes_messages.clear()

    async with asyncio.timeout(DEADLINE):
        outcome = await registry.broadcast_text("news")

    assert outcome == Broadcast(1, (stuck,))
    assert quick.sent == ["news"]
    assert (stuck in registry, len(registry), stuck.closed) == (False, 1, True)


async def test_session_that_has_ended_is_let_go(new_socket: Callable[[], Any]) -> None:
    registry, raw = SessionRegistry(), new_socket()
    session = await joined(registry, raw)
    raw.gone = WebSocketDisconnect(1001)

    outcome = await registry.broadcast_text("news")

    assert outcome == Broadcast(0, (session,))
    assert len(registry) == 0


async def test_session_takes_part_for_the_time_of_a_block(raw: Any) -> None:
    registry, session = SessionRegistry(), WebSocketSession(raw)
    await session.accept()

    async with registry.joined(session):
        within = list(registry)

    assert (within, list(registry)) == ([session], [])


async def test_session_has_to_be_accepted_before_it_takes_part(raw: Any) -> None:
    with pytest.raises(RuntimeError, match=r"^The session is not accepted yet"):
        SessionRegistry().add(WebSocketSession(raw))


async def test_all_sessions_can_be_closed(new_socket: Callable[[], Any]) -> None:
    registry, sockets = SessionRegistry(), [new_socket(), new_socket()]
    for socket in sockets:
        await joined(registry, socket)

    await registry.close_all(4001, "closing time")

    assert [socket.closings for socket in sockets] == [[(4001, "closing time")]] * 2
    assert len(registry) == 0
