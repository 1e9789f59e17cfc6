# SPDX-License-Identifier: Apache-2.0
import json
import sys
from pathlib import Path
from typing import Any

SCRIPT = """
import asyncio
import json
import os
import sys
import time

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

sys.path.insert(0, "src")

from shop.main import app

from pyfly.config.properties.server import ServerProperties
from pyfly.server.adapters.granian.adapter import GranianServerAdapter

port = int(sys.argv[1])


async def begin(client):
    while True:
        try:
            return await client.get("/streams/state")
        except httpx.ConnectError:
            await asyncio.sleep(0.01)


async def main():
    server = GranianServerAdapter()
    properties = ServerProperties(host="127.0.0.1", port=port, graceful_timeout=30)
    serving = asyncio.create_task(server.serve_async(app, properties))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        async with asyncio.timeout(20):
            await begin(client)

        async with (
            client.stream("GET", "/streams/silent") as answer,
            connect(f"ws://127.0.0.1:{port}/streams/echo") as socket,
        ):
            started = time.monotonic()
            server.shutdown()
            text = (await answer.aread()).decode()
            try:
                await socket.recv()
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006

        await serving

    print(json.dumps({"text": text, "code": code, "seconds": time.monotonic() - started}), flush=True)
    # After WebSockets, Granian's embedded server now and then aborts while the interpreter ends.
    os._exit(0)


asyncio.run(main())
"""


def test_shutdown_ends_streams_and_closes_sockets(project: Path, launch: Any, free_port: Any) -> None:
    (project / "serve.py").write_text(SCRIPT)

    process = launch(sys.executable, "serve.py", str(free_port()), cwd=project)

    assert process.wait(deadline=60) == 0, process.output
    outcome = json.loads(process.stdout.splitlines()[-1])
    assert (outcome["text"].replace(":\n\n", ""), outcome["code"]) == ("", 1001)
    assert outcome["seconds"] < 10
