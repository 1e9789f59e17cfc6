# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.server.gate import ApplicationGate

HTTP = {"type": "http", "http_version": "1.1", "headers": []}


async def answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"Connection", b"keep-alive")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def heads(gate, scope):
    sent = []

    async def send(message):
        sent.append(message)

    await gate.answer(scope, None, send)
    return [message for message in sent if message["type"] == "http.response.start"]


async def test_requests_pass_unchanged_and_are_counted():
    gate = ApplicationGate(answer)

    first = await heads(gate, HTTP)
    await heads(gate, HTTP)

    assert first[0]["headers"] == [(b"Connection", b"keep-alive")]
    assert (gate.requests, gate.returned) == (2, 0)


async def test_after_drain_answers_over_http_1_end_their_connection():
    gate = ApplicationGate(answer)
    gate.drain()

    (head,) = await heads(gate, HTTP)

    assert head["headers"] == [(b"connection", b"close")]
    assert (gate.requests, gate.returned) == (1, 1)


@pytest.mark.parametrize("version", ["2", "3"])
async def test_other_protocols_say_it_in_another_way(version):
    gate = ApplicationGate(answer)
    gate.drain()

    (head,) = await heads(gate, {**HTTP, "http_version": version})

    assert head["headers"] == [(b"Connection", b"keep-alive")]
    assert gate.returned == 0


async def test_web_sockets_are_left_alone():
    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})

    gate = ApplicationGate(app)
    gate.drain()

    assert await heads(gate, {"type": "websocket", "http_version": "1.1"}) == []
    assert gate.requests == 1


async def test_limit_is_told_once():
    reached = []
    gate = ApplicationGate(answer, limit=2, reached=lambda: reached.append(gate.requests))

    for _ in range(4):
        await heads(gate, HTTP)

    assert reached == [2]


async def test_limit_does_not_keep_the_gate_from_draining():
    gate = ApplicationGate(answer, limit=1, reached=lambda: None)
    gate.drain()

    (head,) = await heads(gate, HTTP)

    assert head["headers"] == [(b"connection", b"close")]
