# SPDX-License-Identifier: Apache-2.0
"""Reading of request bodies, never more than allowed."""

from typing import Final

from pyfly.kernel.exceptions import PayloadTooLargeException
from pyfly.web.binding import Exchange
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

_LONGEST_LENGTH: Final = 18


async def read_body(exchange: Exchange, limit: int) -> bytes:
    """Read a whole body.

    Args:
        exchange: The request.
        limit: The most bytes that are read.

    Raises:
        PayloadTooLargeException: The body is, or says it will be, longer.
        ClientDisconnect: The client went away first.
    """
    announced = exchange.header(b"content-length")
    if announced is not None and _exceeds(announced, limit):
        raise _too_large(limit)

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
        raise _too_large(limit)

    return body


def limited(receive: Receive, limit: int) -> Receive:
    """Wrap a channel so that it refuses to deliver more than ``limit`` bytes of body."""
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise _too_large(limit)

        return message

    return receive_limited


def replayed(body: bytes, receive: Receive) -> Receive:
    """Wrap a channel whose body has been read so that it delivers that body once more."""
    delivered = False

    async def receive_replayed() -> Message:
        nonlocal delivered
        if delivered:
            return await receive()

        delivered = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_replayed


def _exceeds(announced: str, limit: int) -> bool:
    if not (announced.isascii() and announced.isdigit()):
        return False

    return len(announced) > _LONGEST_LENGTH or int(announced) > limit


def _content(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientDisconnect

    content: bytes = message.get("body", b"")
    return content


def _too_large(limit: int) -> PayloadTooLargeException:
    return PayloadTooLargeException(
        f"The request body is longer than {limit} bytes", code="PAYLOAD_TOO_LARGE", context={"limit": limit}
    )
