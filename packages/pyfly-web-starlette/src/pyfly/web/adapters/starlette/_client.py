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
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
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
            while (await self._receive())["type"] != "http.disconnect":
                pass
        except Exception:
            # A channel that fails, for a body that is too long say, tells nothing about the client.
            logger.debug("Nobody watches whether the client goes away", exc_info=True)
            return

        self.ended = True
        self._task.cancel()


def telling(send: Send, seconds: float) -> Send:
    """Wrap a channel so that it says `ClientDisconnect` when the client has gone away or takes nothing.

    Servers say `OSError` in the first case (ASGI 2.4). An `OSError` of the content, of a file say, stays what
    it is.

    Args:
        send: The ASGI channel to the client.
        seconds: How long the client may take for one message.
    """

    async def send_telling(message: Message) -> None:
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                await send(message)
        except OSError as error:
            if limit.expired():
                logger.warning("An answer was given up: its client took nothing for %g s", seconds)

            raise ClientDisconnect from error

    return send_telling
