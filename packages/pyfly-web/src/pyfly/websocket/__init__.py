# SPDX-License-Identifier: Apache-2.0
"""WebSockets as methods of controllers, free of any HTTP framework."""

from pkgutil import extend_path

from pyfly.websocket.decorators import websocket_mapping
from pyfly.websocket.disconnect import WebSocketDisconnect
from pyfly.websocket.handler import WebSocketHandler, WebSocketSession
from pyfly.websocket.raw_socket import RawSocket
from pyfly.websocket.registry import Broadcast, SessionRegistry
from pyfly.websocket.session_options import SessionOptions

__all__ = [
    "Broadcast",
    "RawSocket",
    "SessionOptions",
    "SessionRegistry",
    "WebSocketDisconnect",
    "WebSocketHandler",
    "WebSocketSession",
    "websocket_mapping",
]
__path__ = extend_path(__path__, __name__)
