# SPDX-License-Identifier: Apache-2.0
"""Reading of request bodies, never more than allowed."""

from typing import Final

from pyfly.kernel.exceptions import PayloadTooLargeException
from pyfly.web.binding import BodyState, Exchange
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

_LONGEST_LENGTH: Final = 18


async def read_body(exchange: Exchange) -> None:
    """Read the whole body of a request into ``exchange.body``, unless that has been done.

    Raises:
        PayloadTooLargeException: The body is, or says it will be, longer than ``exchange.body_limit``.
        ClientDisconnect: The client went away first.
        RuntimeError: A filter has read the body piece by piece.
    """
    if exchange.body_state is not BodyState.UNREAD:
        if exchange.body_state is BodyState.TAKEN:
            raise taken_body()

        return

    limit = exchange.body_limit
    refuse_announced(exchange)
    message = await exchange.receive()
    body = _content(message)
    if message.get("more_body"):
        chunks, size = [body], len(body)
        while message.get("more_body") and size <= limit:
            message = await exchange.receive()
            chunks.append(_content(message))
            size += len(chunks[-1])

        body = b"".join(chunks)

    if len(body) > limit:
        raise too_large(limit)

    exchange.body = body
    exchange.body_state = BodyState.READ


def refuse_announced(exchange: Exchange) -> None:
    """Refuse a body that says of itself that it is too long, before any of it is read.

    Raises:
        PayloadTooLargeException: ``Content-Length`` is above ``exchange.body_limit``.
    """
    announced = exchange.head.get(b"content-length")
    if announced is not None and _exceeds(announced, exchange.body_limit):
        raise too_large(exchange.body_limit)


def limited(receive: Receive, limit: int) -> Receive:
    """Wrap a channel so that it refuses to deliver more than ``limit`` bytes of body."""
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise too_large(limit)

        return message

    return receive_limited


def remaining(exchange: Exchange) -> Receive:
    """Return a channel that delivers the body as if nobody had read it yet, and never more than allowed.

    Raises:
        RuntimeError: A filter has read the body piece by piece.
    """
    if exchange.body_state is BodyState.TAKEN:
        raise taken_body()

    if exchange.body_state is BodyState.UNREAD:
        return limited(exchange.receive, exchange.body_limit)

    delivered = False

    async def receive_replayed() -> Message:
        nonlocal delivered
        if delivered:
            return await exchange.receive()  # type: ignore[no-any-return]  # ASGI messages are mappings

        delivered = True
        return {"type": "http.request", "body": exchange.body, "more_body": False}

    return receive_replayed


def taken_body() -> RuntimeError:
    """Return the error for a body of which pieces are gone."""
    return RuntimeError(
        "A filter has read the request body with request.stream() or request.form(); read it with"
        " request.body() there, so that what comes after the filter can read it too"
    )


def _exceeds(announced: bytes, limit: int) -> bool:
    if not announced.isdigit():
        return False

    return len(announced) > _LONGEST_LENGTH or int(announced) > limit


def _content(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientDisconnect

    content: bytes = message.get("body", b"")
    return content


def too_large(limit: int) -> PayloadTooLargeException:
    """Return the error for a body that is longer than allowed."""
    return PayloadTooLargeException(
        f"The request body is longer than {limit} bytes", code="PAYLOAD_TOO_LARGE", context={"limit": limit}
    )
