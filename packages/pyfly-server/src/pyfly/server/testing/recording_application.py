# SPDX-License-Identifier: Apache-2.0
"""An ASGI application that tells what happens to it."""

import asyncio
from typing import Any

from pyfly.server.asgi import Message, Receive, Scope, Send
from pyfly.server.before_stop import BEFORE_STOP

__all__ = ["RecordingApplication"]


class RecordingApplication:
    """Answer ``ok``; below ``/slow`` after `release` is set; ``/fail`` not at all.

    Args:
        failure: What its start fails with.
        message: What it says about a start that fails without an exception.

    Attributes:
        events: What has happened, in order: ``started``, ``request``, ``before stop``, ``stopped``.
        in_flight: Set when a slow request has come.
        release: Lets slow requests be answered.
        scopes: The scopes of requests.
        cancelled: How many slow requests were cancelled.
    """

    def __init__(self, failure: Exception | None = None, message: str | None = None) -> None:
        self.events: list[str] = []
        self.in_flight = asyncio.Event()
        self.release = asyncio.Event()
        self.scopes: list[Scope] = []
        self.cancelled = 0
        self._failure = failure
        self._message = message

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run as ASGI 3.0."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return

        self.events.append("request")
        self.scopes.append(scope)
        if scope["path"].startswith("/slow"):
            await self._wait()
        elif scope["path"] == "/fail":
            raise RuntimeError("the application failed")

        await send(_start(b"2"))
        await send({"type": "http.response.body", "body": b"ok"})

    async def _wait(self) -> None:
        self.in_flight.set()
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if self._failure is not None:
            try:
                raise self._failure
            except Exception:
                await send({"type": "lifespan.startup.failed", "message": "a traceback"})
                raise

        if self._message is not None:
            await send({"type": "lifespan.startup.failed", "message": self._message})
            return

        state: dict[str, Any] = scope["state"]
        state["shop"] = "open"
        state[BEFORE_STOP].append(self._say_goodbye)
        self.events.append("started")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.events.append("stopped")
        await send({"type": "lifespan.shutdown.complete"})

    async def _say_goodbye(self) -> None:
        self.events.append("before stop")


def _start(length: bytes) -> Message:
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]}
