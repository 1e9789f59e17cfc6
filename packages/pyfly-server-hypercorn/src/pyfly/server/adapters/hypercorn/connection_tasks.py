# SPDX-License-Identifier: Apache-2.0
"""The tasks of one connection, and the messages of clients on their way into the application."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from hypercorn.asyncio.task_group import TaskGroup
from hypercorn.config import Config
from hypercorn.typing import AppWrapper, ASGIReceiveEvent, ASGISendEvent, Scope

_LIMIT: Final = 10
_ENDS: Final = frozenset({"http.disconnect", "websocket.disconnect"})


class ApplicationMessages:
    """Hold what the client has sent until the application asks for it.

    Hypercorn's own queue blocks for ever what it has for an application that reads no more.
    """

    def __init__(self) -> None:
        self._messages: deque[tuple[ASGIReceiveEvent, Callable[[], None] | None]] = deque()
        self._arrived = asyncio.Event()
        self._taken = asyncio.Event()
        self._end: ASGIReceiveEvent | None = None
        self._is_closed = False

    async def __call__(self, message: ASGIReceiveEvent) -> None:
        """Add a message; one with content waits until there is room."""
        self.offer(message)
        while self._has_content(message) and len(self._messages) > _LIMIT and not self._is_closed:
            self._taken.clear()
            await self._taken.wait()

    def offer(self, message: ASGIReceiveEvent, taken: Callable[[], None] | None = None) -> None:
        """Add a message without waiting.

        Args:
            message: The message.
            taken: Called once the application has it, or is not going to ask for it.
        """
        if self._is_closed:
            if taken is not None:
                taken()
        else:
            self._messages.append((message, taken))
            self._arrived.set()

    async def get(self) -> ASGIReceiveEvent:
        """Return the next message; after the end of the connection, that end again and again."""
        while not self._messages:
            if self._end is not None:
                return self._end

            self._arrived.clear()
            await self._arrived.wait()

        message, taken = self._messages.popleft()
        self._taken.set()
        if message["type"] in _ENDS:
            self._end = message

        if taken is not None:
            taken()

        return message

    def close(self) -> None:
        """Drop what there is: the application has ended."""
        self._is_closed = True
        self._taken.set()
        while self._messages:
            _, taken = self._messages.popleft()
            if taken is not None:
                taken()

    @staticmethod
    def _has_content(message: ASGIReceiveEvent) -> bool:
        return bool(cast(dict[str, Any], message).get("more_body")) or message["type"] == "websocket.receive"


class ConnectionTasks(TaskGroup):
    """Run the applications of one connection, and what its protocol has to do beside them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._applications: set[asyncio.Task[None]] = set()
        self._others: set[asyncio.Task[None]] = set()

    async def spawn_app(
        self,
        app: AppWrapper,
        config: Config,
        scope: Scope,
        send: Callable[[ASGISendEvent | None], Awaitable[None]],
    ) -> ApplicationMessages:
        """Run the application for a request."""
        messages = ApplicationMessages()
        task = self._task_group.create_task(self._answer(app, config, scope, messages, send))
        self._applications.add(task)
        task.add_done_callback(self._applications.discard)
        return messages

    def spawn(self, func: Callable[..., Awaitable[None]], *args: Any) -> None:
        """Run something beside the applications; it ends after them."""
        task = self._task_group.create_task(_awaited(func(*args)))
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def end(self) -> None:
        """Wait for the applications, then stop everything else."""
        while self._applications:
            await asyncio.wait(self._applications)

        for task in self._others:
            task.cancel()

    async def _answer(
        self,
        app: AppWrapper,
        config: Config,
        scope: Scope,
        messages: ApplicationMessages,
        send: Callable[[ASGISendEvent | None], Awaitable[None]],
    ) -> None:
        try:
            await app(scope, messages.get, cast(Any, send), _unused, _unused)
        except Exception:
            await config.log.exception("Exception in ASGI application")
        finally:
            messages.close()
            await send(None)


async def _awaited(step: Awaitable[None]) -> None:
    await step


def _unused(*args: object) -> None:
    raise AssertionError("for WSGI applications alone")
