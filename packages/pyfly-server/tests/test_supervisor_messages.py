# SPDX-License-Identifier: Apache-2.0
import socket

import pytest

from pyfly.server.supervisor.messages import FAILED, LEAVE, READY, MessageReader, send_message


@pytest.fixture
def channel():
    near, far = socket.socketpair()
    far.settimeout(10)
    with near, far:
        yield near, far


def test_messages_arrive_in_their_order_with_their_facts(channel):
    near, far = channel

    send_message(near, READY)
    send_message(near, FAILED, report="two\nlines, ä")

    reader, received = MessageReader(far), []
    while len(received) < 2:
        received += reader.read()

    assert received == [{"kind": READY}, {"kind": FAILED, "report": "two\nlines, ä"}]


def test_message_that_comes_in_pieces_is_told_when_it_is_complete(channel):
    near, far = channel
    reader = MessageReader(far)

    near.sendall(b'{"kind": ')
    assert reader.read() == []
    near.sendall(b'"leave"}\n')

    assert reader.read() == [{"kind": LEAVE}]


def test_end_of_the_other_side_is_told(channel):
    near, far = channel
    near.close()

    assert MessageReader(far).read() is None


def test_sending_to_nobody_does_nothing(channel):
    near, far = channel
    far.close()

    send_message(near, READY)
