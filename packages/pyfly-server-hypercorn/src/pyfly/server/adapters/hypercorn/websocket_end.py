# SPDX-License-Identifier: Apache-2.0
"""The end of a WebSocket when its server goes."""

from typing import Final

from hypercorn.protocol.ws_stream import ASGIWebsocketState, WSStream

_SERVICE_RESTART: Final = 1012


async def tell_of_the_end(stream: WSStream) -> bool:
    """Tell a client that its WebSocket ends; return False if it has not been opened yet."""
    if stream.state is ASGIWebsocketState.HANDSHAKE:
        return False

    if stream.state is ASGIWebsocketState.CONNECTED:
        await stream.app_send({"type": "websocket.close", "code": _SERVICE_RESTART, "reason": None})

    return True
