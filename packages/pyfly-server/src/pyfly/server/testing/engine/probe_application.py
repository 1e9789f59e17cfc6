# SPDX-License-Identifier: Apache-2.0
"""An ASGI application that shows how a server treats it."""

import asyncio
import json
from typing import Final

from pyfly.server.asgi import Receive, Scope, Send

__all__ = ["ProbeApplication"]

_PIECE: Final = b"x" * 65536


class ProbeApplication:
    """Answer in as many ways as there are paths.

    ``/slow`` answers once `release` is set, ``/waiting`` once the client is gone, ``/flood`` does not end,
    ``/length`` tells how long the body of the request is, ``/unread`` answers at once without reading it,
    ``/facts`` tells about the scope, ``/failing`` raises, ``/injecting`` has a line break in a header. Other
    paths answer ``ok``. WebSockets send back what they get.

    Attributes:
        entered: Set when a request to ``/slow``, ``/waiting`` or ``/flood`` has come.
        release: Lets ``/slow`` go on.
        scopes: The scopes of all requests and WebSockets.
        left: The paths of requests and WebSockets whose handling has ended.
        cancelled: The paths of those that were cancelled.
        disconnects: What WebSockets were told about their end.
    """

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.release = asyncio.Event()
        self.scopes: list[Scope] = []
        self.left: list[str] = []
        self.cancelled: list[str] = []
        self.disconnects: list[int] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        self.scopes.append(scope)
        try:
            if scope["type"] == "websocket":
                await self._echo(receive, send)
            else:
                await self._answer(scope, receive, send)
        except asyncio.CancelledError:
            self.cancelled.append(scope["path"])
            raise
        finally:
            self.left.append(scope["path"])

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/slow":
            self.entered.set()
            await self.release.wait()
        elif path == "/waiting":
            await _read(receive)
            self.entered.set()
            while (await receive())["type"] != "http.disconnect":
                pass
        elif path == "/failing":
            raise LookupError("lost")
        elif path == "/injecting":
            await _send(send, b"ok", (b"x-name", b"a\r\nx-injected: yes"))
            return
        elif path == "/flood":
            await self._flood(send)
            return
        elif path == "/length":
            await _send(send, str(len(await _read(receive))).encode())
            return
        elif path == "/facts":
            await _send(send, _facts(scope))
            return
        elif path != "/unread":
            await _read(receive)

        await _send(send, b"ok")

    async def _flood(self, send: Send) -> None:
        self.entered.set()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": _PIECE, "more_body": True})
            await asyncio.sleep(0)

    async def _echo(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.connect":
                await send({"type": "websocket.accept"})
            elif message["type"] == "websocket.receive":
                await send({"type": "websocket.send", "text": message["text"]})
            else:
                self.disconnects.append(message["code"])
                return


def _facts(scope: Scope) -> bytes:
    facts = {
        name: scope[name] for name in ("http_version", "scheme", "method", "path", "client", "server")
    } | {"state": {name: str(value) for name, value in scope["state"].items()}}
    return json.dumps(facts).encode()


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


async def _send(send: Send, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    own = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": body})
