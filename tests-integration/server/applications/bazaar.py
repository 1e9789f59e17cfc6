# SPDX-License-Identifier: Apache-2.0
"""A web application that tells how a request came, takes uploads, and keeps streams and sockets open."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.sse import SseEvent, sse_mapping
from pyfly.websocket import WebSocketSession, websocket_mapping


@rest_controller
class Bazaar:
    def __init__(self) -> None:
        self.taken = asyncio.Event()

    @get_mapping("/facts")
    async def facts(self, request: Request) -> dict[str, object]:
        """Tell how the request came, from which port of the client, and which process answers."""
        scope = request.scope
        return {
            "http": scope["http_version"],
            "scheme": scope["scheme"],
            "client": scope["client"][1],
            "pid": os.getpid(),
        }

    @post_mapping("/upload")
    async def upload(self, request: Request) -> dict[str, object]:
        """Read a body piece by piece."""
        size, digest = 0, hashlib.sha256()
        async for chunk in request.stream():
            size += len(chunk)
            digest.update(chunk)

        return {"size": size, "sha256": digest.hexdigest()}

    @sse_mapping("/prices")
    async def prices(self) -> AsyncIterator[SseEvent]:
        """Name a price, and another one once somebody has taken the first."""
        self.taken.clear()
        yield SseEvent("nine", id=1)
        await self.taken.wait()
        yield SseEvent("seven", id=2)

    @post_mapping("/take")
    async def take(self) -> None:
        self.taken.set()

    @websocket_mapping("/haggle")
    async def haggle(self, session: WebSocketSession) -> None:
        """Send each message back until the client says that it is enough."""
        await session.accept()
        async for message in session:
            if message == "enough":
                await session.close(4000, "as you like")
            elif isinstance(message, bytes):
                await session.send_bytes(message[::-1])
            else:
                await session.send_text(message.upper())


@pyfly_application(name="bazaar", scan_packages=["shop.main"])
class Application: ...


pyfly = PyFlyApplication(Application)


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    await pyfly.startup()
    try:
        yield
    finally:
        await pyfly.shutdown()


app = create_app(title="bazaar", context=pyfly.context, lifespan=lifespan)
