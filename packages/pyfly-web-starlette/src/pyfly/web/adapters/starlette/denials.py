# SPDX-License-Identifier: Apache-2.0
"""Refusals of WebSocket handshakes."""

from typing import Final

from pyfly.web.adapters.starlette.answers import Answer, response_of
from pyfly.web.adapters.starlette.recorded_response import complete_body
from starlette.responses import Response
from starlette.types import Scope, Send

_POLICY_VIOLATION: Final = 1008


async def deny_handshake(answer: Answer | Response, scope: Scope, send: Send) -> None:
    """Answer a handshake with something else than a connection.

    A server that cannot send an answer of the application to a handshake sends 403 in its place.

    Args:
        answer: The answer.
        scope: The handshake.
        send: The channel to the client.
    """
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": ""})
        return

    response = response_of(answer)
    start = {
        "type": "websocket.http.response.start",
        "status": response.status_code,
        "headers": response.raw_headers,
    }
    await send(start)
    await send({"type": "websocket.http.response.body", "body": complete_body(response) or b""})
