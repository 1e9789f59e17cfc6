# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.server.connection_limit import ConnectionLimit, too_many_connections


def test_without_a_limit_every_connection_is_admitted():
    limit = ConnectionLimit(None)

    assert all(limit.admit(number) for number in range(1000))


def test_connections_are_admitted_up_to_the_limit():
    limit = ConnectionLimit(2)

    assert [limit.admit(name) for name in ("first", "second", "third")] == [True, True, False]


def test_a_connection_that_is_admitted_stays_so():
    limit = ConnectionLimit(1)
    limit.admit("first")
    limit.admit("second")

    assert limit.admit("first")


def test_one_that_leaves_makes_room_for_one_that_waits():
    limit = ConnectionLimit(1)
    limit.admit("first")
    refused = limit.admit("second")

    limit.leave("first")

    assert (refused, limit.admit("second"), limit.admit("third")) == (False, True, False)


def test_one_that_was_not_admitted_leaves_nothing():
    limit = ConnectionLimit(1)
    limit.admit("first")

    limit.leave("second")

    assert not limit.admit("second")


def test_the_log_tells_once_until_no_connection_is_too_many(caplog):
    limit = ConnectionLimit(1)
    for name in ("first", "second", "third"):
        limit.admit(name)
    once = len(caplog.records)
    for name in ("second", "third"):
        limit.leave(name)

    limit.admit("fourth")

    assert (once, len(caplog.records)) == (1, 2)
    assert caplog.records[0].getMessage() == "connection_limit_reached | limit=1"


async def answers_to(scope):
    sent = []

    async def send(message):
        sent.append(message)

    await too_many_connections(scope, None, send)
    return sent


@pytest.mark.parametrize(("version", "says_so"), [("1.0", True), ("1.1", True), ("2", False), ("3", False)])
async def test_requests_hear_503_and_over_http_1_that_the_connection_ends(version, says_so):
    start, body = await answers_to({"type": "http", "http_version": version})

    assert (start["type"], start["status"]) == ("http.response.start", 503)
    assert ((b"connection", b"close") in start["headers"]) is says_so
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()


async def test_handshakes_hear_503_where_the_server_can_say_so():
    scope = {"type": "websocket", "http_version": "1.1", "extensions": {"websocket.http.response": {}}}

    start, body = await answers_to(scope)

    assert (start["type"], start["status"]) == ("websocket.http.response.start", 503)
    assert body["type"] == "websocket.http.response.body"


async def test_other_handshakes_are_refused():
    assert await answers_to({"type": "websocket", "http_version": "1.1"}) == [{"type": "websocket.close"}]
