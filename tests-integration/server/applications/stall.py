# SPDX-License-Identifier: Apache-2.0
"""An application whose answers take long, or never come.

Each request to ``/<name>`` leaves a file ``<name>-began``, so that a test knows when it has arrived.
"""

import asyncio
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

PIECE = b"x" * 65536
PIECES = 4096
FOR_EVER = 3600


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return

    name = scope["path"].lstrip("/")
    touch(f"{name}-began")
    await HANDLERS[name](receive, send)


def touch(name: str) -> None:
    Path(name).touch()


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    touch(f"stopped-{os.getpid()}")
    await send({"type": "lifespan.shutdown.complete"})


async def quick(receive: Any, send: Any) -> None:
    await answer(send, json.dumps({"pid": os.getpid()}).encode())


async def slow(receive: Any, send: Any) -> None:
    """Answer in two pieces, the second one a second later."""
    await begin(send, 2 * len(PIECE))
    await send({"type": "http.response.body", "body": PIECE, "more_body": True})
    await asyncio.sleep(1)
    await send({"type": "http.response.body", "body": PIECE})


async def waiting(receive: Any, send: Any) -> None:
    """Wait for what never comes."""
    await asyncio.Event().wait()


async def stubborn(receive: Any, send: Any) -> None:
    """Wait for what never comes, and be deaf to those who say so."""
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(FOR_EVER)


async def blocking(receive: Any, send: Any) -> None:
    """Keep the event loop from everything else."""
    time.sleep(FOR_EVER)  # noqa: ASYNC251 - the fault that the test is about


async def threaded(receive: Any, send: Any) -> None:
    """Wait for a thread that cannot be cancelled."""
    await asyncio.to_thread(time.sleep, FOR_EVER)


async def large(receive: Any, send: Any) -> None:
    """Send more than any buffer takes."""
    await begin(send, PIECES * len(PIECE))
    for _ in range(PIECES):
        await send({"type": "http.response.body", "body": PIECE, "more_body": True})

    await send({"type": "http.response.body", "body": b""})


async def upload(receive: Any, send: Any) -> None:
    """Answer when the whole body has come."""
    while (await receive()).get("more_body", False):
        pass

    await answer(send, b"taken")


async def events(receive: Any, send: Any) -> None:
    """Send events without an end."""
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    while True:
        await send({"type": "http.response.body", "body": b"data: still here\n\n", "more_body": True})
        await asyncio.sleep(0.05)


async def socket(receive: Any, send: Any) -> None:
    """Take messages for as long as they come."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def begin(send: Any, length: int) -> None:
    headers = [(b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def answer(send: Any, body: bytes) -> None:
    await begin(send, len(body))
    await send({"type": "http.response.body", "body": body})


HANDLERS = {
    handler.__name__: handler
    for handler in (quick, slow, waiting, stubborn, blocking, threaded, large, upload, events, socket)
}
