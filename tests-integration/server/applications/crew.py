# SPDX-License-Identifier: Apache-2.0
"""An application that keeps a journal of its processes, and can be told to die.

The journal has a line for each event, in order: ``starting PID`` and ``up PID`` around a start-up, and
``down PID`` at a shutdown.
"""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

DIES = os.environ.get("CREW_DIES", "")
START_SECONDS = float(os.environ.get("CREW_START_SECONDS", "0"))


def note(event: str) -> None:
    with Path("journal").open("a") as journal:
        journal.write(f"{event} {os.getpid()}\n")


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return

    if scope["path"] == "/long":
        note("long")
        await asyncio.Event().wait()

    if scope["path"] == "/die":
        os.kill(os.getpid(), signal.SIGKILL)

    body = json.dumps({"pid": os.getpid()}).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    note("starting")
    await asyncio.sleep(START_SECONDS)
    note("up")
    await send({"type": "lifespan.startup.complete"})
    if DIES == "after-start":
        asyncio.get_running_loop().call_later(0.1, os._exit, 9)

    await receive()
    note("down")
    await send({"type": "lifespan.shutdown.complete"})
