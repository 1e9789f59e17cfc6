# SPDX-License-Identifier: Apache-2.0
import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.websocket import SessionOptions, WebSocketDisconnect, WebSocketHandler, WebSocketSession

SHORT = 0.01


class Order(BaseModel):
    item: str
    quantity: int


async def accepted(raw: Any, **options: Any) -> WebSocketSession:
    session = WebSocketSession(raw, SessionOptions(**options))
    await session.accept()
    return session


def test_making_a_session_does_not_touch_the_socket() -> None:
    assert not WebSocketSession(object()).accepted  # type: ignore[arg-type]


async def test_session_is_accepted_once_the_handshake_is_complete(raw: Any) -> None:
    session = WebSocketSession(raw)
    before = session.accepted

    await session.accept("chat")

    assert (before, session.accepted, session.subprotocol) == (False, True, "chat")
    assert raw.accepted_with == ["chat"]


async def test_facts_of_the_handshake_are_those_of_the_socket(full: Any) -> None:
    session = WebSocketSession(full)

    assert session.path_params == {"room": "kitchen"}
    assert session.query_params == {"page": "2"}
    assert session.headers == {"user-agent": "test"}


async def test_text_goes_both_ways(raw: Any) -> None:
    session = await accepted(raw)
    raw.incoming.put_nowait("ping")

    received = await session.receive_text()
    await session.send_text("pong")

    assert (received, raw.sent) == ("ping", ["pong"])


async def test_json_is_written_as_the_application_writes_it(raw: Any) -> None:
    session = await accepted(raw)

    await session.send_json({"order": Order(item="tea", quantity=2), "ratio": float("nan")})

    assert raw.sent == ['{"order":{"item":"tea","quantity":2},"ratio":null}']


async def test_json_uses_the_encoder_of_the_options(raw: Any) -> None:
    session = await accepted(raw, encode=lambda value: b'"own"')

    await session.send_json({"a": 1})

    assert raw.sent == ['"own"']


async def test_json_can_be_binary(full: Any) -> None:
    session = await accepted(full)
    full.messages.put_nowait(b'{"b": 2}')

    await session.send_json({"a": 1}, mode="binary")

    assert full.binary == [b'{"a":1}']
    assert await session.receive_json(mode="binary") == {"b": 2}


async def test_json_is_read_from_text(raw: Any) -> None:
    session = await accepted(raw)
    raw.incoming.put_nowait('{"item": "tea"}')

    assert await session.receive_json() == {"item": "tea"}


async def test_what_is_not_json_is_told_and_the_session_goes_on(raw: Any) -> None:
    session = await accepted(raw)
    raw.incoming.put_nowait("{")
    raw.incoming.put_nowait("1")

    with pytest.raises(InvalidRequestException, match=r"^Invalid JSON: ") as caught:
        await session.receive_json()

    assert caught.value.code == "INVALID_JSON"
    assert await session.receive_json() == 1


async def test_other_modes_are_refused(raw: Any) -> None:
    session = await accepted(raw)

    with pytest.raises(ValueError, match=r"^mode: expected 'text' or 'binary', got 'xml'$"):
        await session.send_json(1, mode="xml")  # type: ignore[arg-type]


async def test_iteration_yields_text_and_bytes_until_the_end(full: Any) -> None:
    session = await accepted(full)
    full.messages.put_nowait("a")
    full.messages.put_nowait(b"b")

    messages = [message async for message in session]

    assert messages == ["a", b"b"]
    assert session.closed


async def test_iteration_is_content_with_text(raw: Any) -> None:
    session = await accepted(raw)
    raw.incoming.put_nowait("a")

    first = await anext(session)
    raw.gone = WebSocketDisconnect(1001)

    assert first == "a"
    with pytest.raises(StopAsyncIteration):
        await anext(session)


@pytest.mark.parametrize("use", ["send_text", "receive_text"])
async def test_session_has_to_be_accepted_before_it_is_used(raw: Any, use: str) -> None:
    session = WebSocketSession(raw)
    arguments = {"send_text": ("x",), "receive_text": ()}[use]

    with pytest.raises(RuntimeError, match=r"^The session is not accepted: await session\.accept\(\) first$"):
        await getattr(session, use)(*arguments)


async def test_end_of_the_connection_is_remembered(raw: Any) -> None:
    session = await accepted(raw)
    raw.gone = WebSocketDisconnect(1001, "going")
    with pytest.raises(WebSocketDisconnect):
        await session.receive_text()

    raw.gone = None
    with pytest.raises(WebSocketDisconnect) as caught:
        await session.send_text("x")

    assert (caught.value.code, caught.value.reason, str(caught.value)) == (1001, "going", "1001 going")
    assert raw.sent == []


async def test_closing_twice_closes_once(raw: Any) -> None:
    session = await accepted(raw)

    await session.close(4000, "enough")
    await session.close()

    assert raw.closings == [(4000, "enough")]
    assert session.accepted


async def test_refused_handshake_is_a_close_before_accept(raw: Any) -> None:
    session = WebSocketSession(raw)

    await session.close(1008)

    assert (raw.closings, session.accepted) == ([(1008, None)], False)


async def test_preferred_subprotocol_of_the_handler_is_chosen(full: Any) -> None:
    session = await accepted(full, subprotocols=("v3", "v2", "v1"))

    assert (session.subprotocol, full.accepted_with) == ("v2", ["v2"])


async def test_no_subprotocol_is_chosen_where_none_is_common(full: Any) -> None:
    session = await accepted(full, subprotocols=("v3",))

    assert session.subprotocol is None


async def test_client_that_takes_nothing_loses_its_connection(raw: Any) -> None:
    session = await accepted(raw, send_timeout=SHORT)
    raw.takes_messages.clear()

    with pytest.raises(WebSocketDisconnect) as caught:
        await session.send_text("x")

    assert (caught.value.code, caught.value.reason) == (1006, "The client takes no messages")
    assert session.closed


async def test_waiting_behind_a_stuck_message_is_bounded_too(raw: Any) -> None:
    session = await accepted(raw, send_timeout=SHORT)
    raw.takes_messages.clear()

    outcomes = await asyncio.gather(session.send_text("a"), session.send_text("b"), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [WebSocketDisconnect, WebSocketDisconnect]


async def test_messages_of_several_tasks_do_not_mix(raw: Any) -> None:
    session = await accepted(raw)

    await asyncio.gather(*(session.send_text(str(number)) for number in range(20)))

    assert raw.sent == [str(number) for number in range(20)]


async def test_silent_client_loses_its_connection(raw: Any) -> None:
    session = await accepted(raw, idle_timeout=SHORT)

    with pytest.raises(WebSocketDisconnect) as caught:
        await session.receive_text()

    assert caught.value.code == 1001
    assert raw.closings == [(1001, "No message came in time")]


async def test_too_long_message_ends_the_connection(raw: Any) -> None:
    session = await accepted(raw, max_message_size=4)
    raw.incoming.put_nowait("five!")

    with pytest.raises(WebSocketDisconnect) as caught:
        await session.receive_text()

    assert caught.value.code == 1009
    assert raw.closings == [(1009, "The message is too long")]


@given(text=st.text(max_size=40), limit=st.integers(min_value=1, max_value=100))
def test_length_of_text_is_that_of_its_bytes(text: str, limit: int) -> None:
    options = SessionOptions(max_message_size=limit)

    assert options.allows(text) is (len(text.encode()) <= limit)


@given(data=st.binary(max_size=40), limit=st.integers(min_value=1, max_value=100))
def test_length_of_bytes_counts(data: bytes, limit: int) -> None:
    assert SessionOptions(max_message_size=limit).allows(data) is (len(data) <= limit)


def test_handlers_are_known_by_their_methods() -> None:
    class Chat:
        async def on_connect(self, session: WebSocketSession) -> None: ...

        async def on_message(self, session: WebSocketSession, data: str) -> None: ...

        async def on_disconnect(self, session: WebSocketSession) -> None: ...

    assert isinstance(Chat(), WebSocketHandler)
    assert not isinstance(object(), WebSocketHandler)
