# SPDX-License-Identifier: Apache-2.0
"""Complete answers, and their way to the client."""

import logging
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias, final

from pydantic_core import to_json

from pyfly.web.binding import Exchange
from pyfly.web.filters import Headers
from pyfly.web.problems import Problem
from pyfly.web.response_headers import InvalidResponseHeaderError, checked_headers
from starlette.responses import Response
from starlette.types import Message, Send

OnHead: TypeAlias = Callable[[Exchange, int, Headers], None]

_BODILESS: Final = frozenset({204, 304})

logger = logging.getLogger("pyfly.web")


@final
class Answer(NamedTuple):
    """A complete answer whose head is not sent yet: status, headers without the length, and body."""

    status: int
    headers: Headers
    body: bytes


class AnswerResponse(Response):
    """An answer as a filter sees it."""

    def __init__(self, answer: Answer) -> None:
        self.status_code, headers, self.body = answer
        self.background = None
        self.raw_headers = headers
        if self.status_code not in _BODILESS and not any(name == b"content-length" for name, _ in headers):
            headers.append((b"content-length", str(len(self.body)).encode()))


def response_of(answer: Answer | Response) -> Response:
    """Return an answer as a response of Starlette."""
    return AnswerResponse(answer) if isinstance(answer, Answer) else answer


def problem_answer(problem: Problem) -> Answer:
    """Turn a problem document into an answer."""
    headers = [(b"content-type", problem.media_type.encode())]
    for name, value in problem.headers.items():
        try:
            headers += checked_headers([(name.lower().encode("latin-1"), value.encode("latin-1"))])
        except (InvalidResponseHeaderError, UnicodeEncodeError) as error:
            logger.error("The answer to an error goes without one of its headers: %s", error)

    return Answer(problem.status, headers, to_json(problem.body))


async def send_answer(exchange: Exchange, answer: Answer, on_head: Sequence[OnHead]) -> None:
    """Send a complete answer; the body is left out for HEAD.

    Args:
        exchange: The request.
        answer: The answer.
        on_head: What sees the head before it is sent, in order.
    """
    status, headers, body = answer
    if status != 204 and status != 304:
        headers.append((b"content-length", b"%d" % len(body)))

    for hook in on_head:
        hook(exchange, status, headers)

    exchange.status = status
    send = exchange.send
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if exchange.scope["method"] == "HEAD":
        body = b""

    await send({"type": "http.response.body", "body": body})


class HeadSend:
    """A channel to the client for responses: their head passes the filters, and HEAD gets no body.

    Args:
        exchange: The request.
        on_head: What sees the head before it is sent, in order.

    Attributes:
        started: Whether the head is out.
    """

    __slots__ = ("_exchange", "_head_only", "_on_head", "_send", "started")

    def __init__(self, exchange: Exchange, on_head: Sequence[OnHead]) -> None:
        self._exchange = exchange
        self._on_head = on_head
        self._send: Send = exchange.send
        self._head_only = exchange.scope["method"] == "HEAD"
        self.started = False

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            # What the application made of input must not become further headers.
            headers = list(message.get("headers", ()))
            checked_headers(headers)
            self.started = True
            status = self._exchange.status = message["status"]
            for hook in self._on_head:
                hook(self._exchange, status, headers)

            message = {**message, "headers": headers}
        elif self._head_only and kind == "http.response.body":
            message = {**message, "body": b""}

        await self._send(message)
