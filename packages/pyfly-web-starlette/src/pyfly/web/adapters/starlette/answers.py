# SPDX-License-Identifier: Apache-2.0
"""What a handler's result becomes on the wire."""

import logging
from typing import Any, Final, NamedTuple

from pydantic_core import to_json

from pyfly.web.adapters.starlette.request_ids import HEADER
from pyfly.web.binding import Exchange
from pyfly.web.json import encode_json
from pyfly.web.problems import PROBLEM_JSON, Problem
from starlette.responses import Response
from starlette.types import Message, Send

Headers = list[tuple[bytes, bytes]]

_JSON: Final = (b"content-type", b"application/json")
_PROBLEM: Final = (b"content-type", PROBLEM_JSON.encode())
_WITHOUT_BODY: Final = frozenset({204, 205, 304})

logger = logging.getLogger("pyfly.web")


class Answer(NamedTuple):
    """A complete answer: status, headers without length and request id, and body."""

    status: int
    headers: Headers
    body: bytes


def answer_of(result: Any, status: int) -> Answer | Response:
    """Turn a handler's result into an answer; a response of Starlette stays as it is."""
    if isinstance(result, Response):
        return result

    if result is None:
        return Answer(204 if status == 200 else status, [], b"")

    if status in _WITHOUT_BODY:
        logger.warning(
            "A %s was returned, but an answer with status %d has no body", type(result).__name__, status
        )
        return Answer(status, [], b"")

    return Answer(status, [_JSON], encode_json(result))


def problem_answer(problem: Problem) -> Answer:
    """Turn a problem document into an answer."""
    headers = [_PROBLEM]
    for name, value in problem.headers.items():
        headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))

    return Answer(problem.status, headers, to_json(problem.body))


async def send_answer(exchange: Exchange, answer: Answer) -> None:
    """Send a complete answer; the body is left out for HEAD."""
    status, headers, body = answer
    if status != 204 and status != 304:
        headers = [*headers, (b"content-length", str(len(body)).encode())]

    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [*headers, (HEADER, exchange.request_id.encode())],
    }
    await exchange.send(start)
    if exchange.scope["method"] == "HEAD":
        body = b""

    await exchange.send({"type": "http.response.body", "body": body})


class TrackedSend:
    """A channel to the client: it adds the request id, drops the body for HEAD, and knows what was sent.

    Attributes:
        started: Whether the head is out.
    """

    __slots__ = ("_head_only", "_request_id", "_send", "started")

    def __init__(self, exchange: Exchange) -> None:
        self._send: Send = exchange.send
        self._head_only = exchange.scope["method"] == "HEAD"
        self._request_id = exchange.request_id.encode()
        self.started = False

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            self.started = True
            headers = list(message.get("headers", ()))
            if not any(name.lower() == HEADER for name, _ in headers):
                headers.append((HEADER, self._request_id))

            message = {**message, "headers": headers}
        elif kind == "http.response.body" and self._head_only:
            message = {**message, "body": b""}

        await self._send(message)
