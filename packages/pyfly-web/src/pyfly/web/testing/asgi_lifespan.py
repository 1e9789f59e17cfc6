# SPDX-License-Identifier: Apache-2.0
"""The start and the stop of an application, as a server asks for them."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from pyfly.web.testing.asgi_client import DEADLINE, AsgiApp, AsgiClient


class LifespanFailed(Exception):
    """Report that an application said it could not start or stop.

    Attributes:
        message: What it said.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@asynccontextmanager
async def running(app: AsgiApp) -> AsyncIterator[AsgiClient]:
    """Start an application by its lifespan, give a client, and stop it after the block.

    Raises:
        LifespanFailed: It did not start, or did not stop.
        TimeoutError: It did not do so in time.
    """
    life = _Life()
    scope = {
        "type": "lifespan",
        "asgi": {"version": "3.0", "spec_version": "2.0"},
        "state": life.state,
    }
    task = asyncio.ensure_future(app(scope, life.receive, life.send))
    try:
        await life.ask(task, "startup")
        yield AsgiClient(app, state=life.state)
        await life.ask(task, "shutdown")
        async with asyncio.timeout(DEADLINE):
            await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def lifespan_failure(app: AsgiApp) -> LifespanFailed:
    """Start and stop an application, one of which has to fail, and return how it failed.

    Raises:
        AssertionError: Neither fails.
    """
    try:
        async with running(app):
            pass
    except LifespanFailed as failure:
        return failure

    raise AssertionError("the application has started and stopped")


class _Life:
    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        self._asked: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue(2)
        self._answered: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue(2)

    async def receive(self) -> MutableMapping[str, Any]:
        return await self._asked.get()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self._answered.put(message)

    async def ask(self, task: asyncio.Future[None], what: str) -> None:
        await self._asked.put({"type": f"lifespan.{what}"})
        answer = asyncio.ensure_future(self._answered.get())
        try:
            async with asyncio.timeout(DEADLINE):
                waiting: set[asyncio.Future[Any]] = {answer, task}
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if not answer.done():
                    task.result()
                    raise LifespanFailed(f"the application ended without an answer to {what}")

            message = answer.result()
        finally:
            answer.cancel()

        if message["type"] == f"lifespan.{what}.failed":
            # The application raises what it has told: that is the cause.
            await asyncio.wait({task}, timeout=DEADLINE)
            cause = task.exception() if task.done() else None
            raise LifespanFailed(message.get("message", "")) from cause

        assert message["type"] == f"lifespan.{what}.complete", message
