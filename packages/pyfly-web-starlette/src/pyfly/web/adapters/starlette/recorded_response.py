# SPDX-License-Identifier: Apache-2.0
"""Responses whose body is seen while it is sent."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

Settle: TypeAlias = Callable[[bytes | None], Awaitable[None]]

_BODIES: Final = frozenset({"http.response.body", "http.response.pathsend", "http.response.zerocopysend"})


def complete_body(response: Response) -> bytes | None:
    """Return the body of a response that is made already; ``None`` for one that is made while it is sent."""
    body = getattr(response, "body", None)
    return bytes(body) if isinstance(body, bytes | memoryview) else None


class RecordedResponse(Response):
    """A response that tells its body, before the last of it is sent, to somebody who keeps it.

    Only a body that comes in one piece is told. A stream is passed on as it comes.

    Args:
        response: The response.
        settle: Called once, with the body, or with ``None`` if there is none to keep: it is a stream, or has
            failed before it was there.
    """

    def __init__(self, response: Response, settle: Settle) -> None:
        self.status_code = response.status_code
        self.raw_headers = response.raw_headers
        self.background = response.background
        self._response = response
        self._settle: Settle | None = settle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._response.status_code = self.status_code
        self._response.raw_headers = self.raw_headers
        self._response.background = self.background
        held: list[Message] = []

        async def send_and_tell(message: Message) -> None:
            # A client that has gone away must not keep the body from being told: nothing is sent before it.
            if message["type"] == "http.response.start":
                held.append(message)
                return

            if message["type"] in _BODIES:
                is_whole = message["type"] == "http.response.body" and not message.get("more_body")
                await self.settle(message.get("body", b"") if is_whole else None)

            while held:
                await send(held.pop(0))

            await send(message)

        try:
            await self._response(scope, receive, send_and_tell)
            while held:
                await send(held.pop(0))
        finally:
            await self.settle(None)

    async def settle(self, body: bytes | None) -> None:
        """Tell the body, unless something has been told already."""
        settle, self._settle = self._settle, None
        if settle is not None:
            await settle(body)
