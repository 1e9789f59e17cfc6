# SPDX-License-Identifier: Apache-2.0
"""An application that tells how it is served, and that can fail in several ways."""

import asyncio
import json
import os
import time
from pathlib import Path

FAILURE = os.environ.get("SHOP_FAILURE", "")
if FAILURE == "import":
    raise ImportError("the shop is closed")


def touch(name):
    Path(name).touch()


def note_start():
    with open("starts", "a") as starts:
        starts.write(f"{os.getpid()}\n")


async def lifespan(receive, send):
    await receive()
    if FAILURE == "slow-start":
        touch("starting")
        await asyncio.sleep(30)
    if FAILURE == "exception":
        try:
            raise ConnectionError("the till does not answer")
        except ConnectionError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
    if FAILURE == "message":
        await send({"type": "lifespan.startup.failed", "message": "the till is empty"})
        return
    note_start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    touch(f"stopped-{os.getpid()}")
    await send({"type": "lifespan.shutdown.complete"})


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    if scope["path"] == "/slow":
        touch("slow-request")
        await asyncio.sleep(1)
    if scope["path"] == "/die":
        os._exit(9)
    if scope["path"] == "/block":
        time.sleep(0.2)  # noqa: ASYNC251 - what a bad handler does
    loop = type(asyncio.get_running_loop()).__module__.partition(".")[0]
    facts = {
        "http": scope["http_version"],
        "loop": loop,
        "pid": os.getpid(),
        "scheme": scope["scheme"],
        "environment": dict(os.environ),
    }
    body = json.dumps(facts).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
