# SPDX-License-Identifier: Apache-2.0
"""The tasks of one connection."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from hypercorn.asyncio.task_group import TaskGroup
from hypercorn.config import Config
from hypercorn.typing import AppWrapper, ASGISendEvent, Scope

from pyfly.server.adapters.hypercorn.application_messages import ApplicationMessages

__all__ = ["ConnectionTasks"]


class ConnectionTasks(TaskGroup):
    """Run the applications of one connection, and what its protocol has to do beside them.

    Args:
        loop: The event loop.
    """

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
        task = self._task_group.create_task(_answer(app, config, scope, messages, send))
        self._applications.add(task)
        task.add_done_callback(self._applications.discard)
        return messages

    def spawn(self, func: Callable[..., Awaitable[None]], *args: Any) -> None:
        """Run something beside the applications, until they end; nothing if the connection ends already."""
        running = _run(func, *args)
        try:
            task = self._task_group.create_task(running)
        except RuntimeError:
            running.close()
            return

        self._others.add(task)
        task.add_done_callback(self._others.discard)

    def cancel_applications(self) -> None:
        """Cancel the applications; the connection goes on, and tells its client."""
        for task in self._applications:
            task.cancel()

    async def end(self) -> None:
        """Wait for the applications, then stop everything else."""
        while self._applications:
            await asyncio.wait(self._applications)

        for task in self._others:
            task.cancel()


async def _answer(
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
        await messages.close()
        await send(None)


async def _run(func: Callable[..., Awaitable[None]], *args: Any) -> None:
    await func(*args)


def _unused(*args: object) -> None:
    raise AssertionError("for WSGI applications alone")
