# SPDX-License-Identifier: Apache-2.0
"""ASGI applications as responses: run until their head is known, and on when it may be sent.

Filters change the head of an answer after the application below them has made it, and an ASGI application
makes head and body in one go. A second task for it would have other context variables than the filters. So
its coroutine is driven by hand: it stops where it sends the head, and goes on in the same task.

The application may have tasks of its own, and one of those may send the head. Then that task stops, while the
coroutine goes on waiting for it.
"""

from asyncio import CancelledError, Future, current_task, get_running_loop
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
        self._steps = _Steps(app(exchange.scope, remaining(exchange), self._take).__await__())
        self._task = current_task()
        self._head: Message | None = None
        self._early: Send = exchange.send
        self._send: Send | None = None
        self._may_go_on: Future[None] | None = None
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
        if self._may_go_on is not None and not self._may_go_on.done():
            self._may_go_on.set_result(None)

        await self._go_on()

    async def _go_on(self, error: BaseException | None = None) -> None:
        try:
            self._has_ended = await self._steps.run(error)
        except BaseException:
            self._has_ended = True
            raise

    async def _abandon(self, exchange: Exchange) -> None:
        # A filter has answered in its place: the application is told as if the client had gone away.
        if self._may_go_on is not None:
            self._may_go_on.cancel()

        if not self._has_ended:
            try:
                await self._go_on(CancelledError())
            except CancelledError:
                return

    async def _take(self, message: Message) -> None:
        if self._send is not None:
            await self._send(message)
        elif message["type"] != "http.response.start":
            # Hints and debugging facts may precede the head.
            await self._early(message)
        elif current_task() is self._task:
            self._head = message
            await _pause()
        else:
            self._head = message
            self._may_go_on = get_running_loop().create_future()
            self._steps.interrupt()
            await self._may_go_on


class _Steps:
    """A coroutine that is driven by hand, in the place of a task.

    Args:
        steps: The iterator of the coroutine.
    """

    def __init__(self, steps: Generator[Any, Any, Any]) -> None:
        self._steps = steps
        self._awaited: Any = None
        self._wake: Future[None] | None = None
        self._is_interrupted = False

    def interrupt(self) -> None:
        """Have `run` return although what the coroutine waits for is not there yet."""
        self._is_interrupted = True
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    @coroutine
    def run(self, error: BaseException | None = None) -> Generator[Any, Any, bool]:
        """Run until the coroutine sends its head, is interrupted, or ends.

        Args:
            error: What to raise where it stands.

        Returns:
            Whether it has ended.
        """
        if error is None and self._awaited is not None:
            error = yield from self._wait()

        self._awaited = None if error is not None else self._awaited
        while error is not None or not self._is_interrupted:
            try:
                awaited = self._steps.send(None) if error is None else self._steps.throw(error)
            except StopIteration:
                return True

            error = None
            if awaited is _HEAD:
                return False

            if awaited is None:
                try:
                    yield
                except BaseException as thrown:
                    error = thrown
            else:
                self._awaited = awaited
                error = yield from self._wait()

        self._is_interrupted = False
        return False

    def _wait(self) -> Generator[Any, Any, BaseException | None]:
        # Waits for a future of the coroutine as its task would, or until somebody interrupts.
        awaited = self._awaited
        awaited._asyncio_future_blocking = False
        wake = self._wake = awaited.get_loop().create_future()
        awaited.add_done_callback(self._awake)
        try:
            yield from wake
        except BaseException as thrown:
            # A task that is cancelled cancels what it waits for, and then hears of it there.
            if awaited.done() or not isinstance(thrown, CancelledError) or not awaited.cancel(*thrown.args):
                self._awaited = None
                return thrown

            return (yield from self._wait())
        finally:
            awaited.remove_done_callback(self._awake)

        if awaited.done():
            self._awaited = None

        return None

    def _awake(self, awaited: Any) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)


@coroutine
def _pause() -> Generator[Any, Any, None]:
    yield _HEAD
