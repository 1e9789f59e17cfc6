# SPDX-License-Identifier: Apache-2.0
"""The client at the other end of an answer that takes a while."""

import asyncio
import logging
from types import TracebackType
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Send

SEND_TIMEOUT: Final = 60.0
"""Seconds that a client may take for one message, where nothing else is configured."""

logger = logging.getLogger("pyfly.web")


async def client_leaves(receive: Receive) -> bool:
    """Wait until the client goes away; what it still sends is dropped.

    Args:
        receive: The ASGI channel from the client.

    Returns:
        Whether it went away. A channel that goes on after the end of the body will never tell, and may never
        wait either: nobody listens to it any longer.
    """
    has_ended = False
    while (message := await receive())["type"] != "http.disconnect":
        if has_ended:
            return False

        has_ended = not message.get("more_body", False)

    return True


def leaving_only(receive: Receive) -> Receive:
    """Turn a channel into one that tells that the client goes away, and nothing else."""

    async def wait_for_the_end() -> Message:
        if not await client_leaves(receive):
            # It will never tell: whoever waits is cancelled when the answer is complete.
            await asyncio.Event().wait()

        return {"type": "http.disconnect"}

    return wait_for_the_end


class WhileConnected:
    """A block that ends when the client goes away.

    The current task is cancelled once, as by `asyncio.timeout`: what the block waits for can clean up and
    wait meanwhile. What the client still sends is dropped.

    Args:
        receive: The ASGI channel from the client.

    Attributes:
        ended: Whether the client went away before the block was through.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.ended = False

    async def __aenter__(self) -> "WhileConnected":
        self._task = _current_task()
        self._cancelling = self._task.cancelling()
        self._watch = asyncio.create_task(self._wait_for_the_end(), name="pyfly-client-watch")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        # It has cancelled by now, or it never will: nothing else runs between these lines.
        self._watch.cancel()
        mine = self.ended and self._task.uncancel() <= self._cancelling
        await asyncio.wait({self._watch})
        return mine and kind is not None and issubclass(kind, asyncio.CancelledError | ClientDisconnect)

    async def _wait_for_the_end(self) -> None:
        try:
            if not await client_leaves(self._receive):
                return
        except Exception:
            # A channel that fails, for a body that is too long say, tells nothing about the client.
            logger.debug("Nobody watches whether the client goes away", exc_info=True)
            return

        self.ended = True
        self._task.cancel()


class GuardedSend:
    """A channel that raises `ClientDisconnect` when the client has gone away, or takes nothing any more.

    Servers say `OSError` in the first case (ASGI 2.4). An `OSError` of the content, of a file say, stays what
    it is. It is used as a context manager, and by one task.

    Args:
        send: The ASGI channel to the client.
        seconds: How long the client may take for one message.
    """

    def __init__(self, send: Send, seconds: float) -> None:
        self._send = send
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time
        self._task: asyncio.Task[object] | None = None
        self._since: float | None = None
        self._given_up = False

    def __enter__(self) -> "GuardedSend":
        # One timer for all messages: one for each would take longer than small messages do.
        self._timer = self._loop.call_later(self._seconds, self._check)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    async def __call__(self, message: Message) -> None:
        if self._task is None:
            self._task = _current_task()

        self._since = self._time()
        try:
            await self._send(message)
        except OSError as error:
            raise ClientDisconnect from error
        except asyncio.CancelledError as error:
            if not self._given_up or self._task.uncancel() > self._cancelling:
                raise

            logger.warning("An answer was given up: its client took nothing for %g s", self._seconds)
            raise ClientDisconnect from error
        finally:
            self._since = None

    def _check(self) -> None:
        now = self._time()
        since = now if self._since is None else self._since
        if self._task is None or now - since < self._seconds:
            self._timer = self._loop.call_at(since + self._seconds, self._check)
            return

        self._given_up = True
        self._cancelling = self._task.cancelling()
        self._task.cancel()


def _current_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task is not None
    return task
