# SPDX-License-Identifier: Apache-2.0
"""An application that tells each client what it knows about it; WebSockets hear the same."""

import json
import os
from typing import Any


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return

    facts = {
        "client": scope["client"],
        "scheme": scope["scheme"],
        "hosts": [value.decode() for name, value in scope["headers"] if name == b"host"],
        "http": scope["http_version"],
        "pid": os.getpid(),
    }
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": json.dumps(facts)})
        await send({"type": "websocket.close"})
        return

    body = json.dumps(facts).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
