# SPDX-License-Identifier: Apache-2.0
"""ASGI applications as responses: run until their head is known, and on when it may be sent.

Filters change the head of an answer after the application below them has made it, and an ASGI application
makes head and body in one go. A second task for it would have other context variables than the filters. So its
coroutine is driven by hand: it stops where it sends the head, and goes on in the same task.
"""

from asyncio import CancelledError
from collections.abc import Generator
from types import coroutine
from typing import Any, Final

from pyfly.web.adapters.starlette.bodies import remaining
from pyfly.web.binding import Exchange
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD: Final = object()


class SteppedResponse(Response):
    """The answer of an ASGI application that has not sent its head yet."""

    def __init__(self, application: "SteppedApplication", head: Message) -> None:
        self.status_code = head["status"]
        self.raw_headers = [(name.lower(), value) for name, value in head.get("headers", ())]
        self.background = None
        self._application = application
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({**self._head, "status": self.status_code, "headers": self.raw_headers})
        await self._application.finish(send)


class SteppedApplication:
    """One request to an ASGI application, stopped where it sends its head.

    Args:
        app: The application.
        exchange: The request.
    """

    def __init__(self, app: ASGIApp, exchange: Exchange) -> None:
        self._steps = app(exchange.scope, remaining(exchange), self._take).__await__()
        self._head: Message | None = None
        self._early: Send = exchange.send
        self._send: Send | None = None
        self._has_ended = False
        exchange.at_end(self._abandon)

    async def head(self) -> SteppedResponse:
        """Run until the head is known.

        Raises:
            Exception: What the application raises before its head.
            RuntimeError: It ends without an answer.
        """
        await self._go_on()
        if self._head is None:
            raise RuntimeError("The application ended without an answer")

        return SteppedResponse(self, self._head)

    async def finish(self, send: Send) -> None:
        """Go on after the head; what follows is sent at once."""
        self._send = send
        await self._go_on()

    async def _go_on(self, error: BaseException | None = None) -> None:
        try:
            self._has_ended = await _run(self._steps, error)
        except BaseException:
            self._has_ended = True
            raise

    async def _abandon(self, exchange: Exchange) -> None:
        # A filter has answered in its place: the application is told as if the client had gone away.
        if not self._has_ended:
            try:
                await self._go_on(CancelledError())
            except CancelledError:
                return

    async def _take(self, message: Message) -> None:
        if self._send is not None:
            await self._send(message)
        elif message["type"] == "http.response.start":
            self._head = message
            await _pause()
        else:
            # Hints and debugging facts may precede the head.
            await self._early(message)


@coroutine
def _pause() -> Generator[Any, Any, None]:
    yield _HEAD


@coroutine
def _run(steps: Generator[Any, Any, Any], error: BaseException | None) -> Generator[Any, Any, bool]:
    # Drives a coroutine until it pauses (False) or ends (True); what it waits for, the caller's task waits for.
    given: Any = None
    while True:
        try:
            awaited = steps.send(given) if error is None else steps.throw(error)
        except StopIteration:
            return True

        if awaited is _HEAD:
            return False

        given = error = None
        try:
            given = yield awaited
        except BaseException as thrown:
            error = thrown
