# SPDX-License-Identifier: Apache-2.0
"""WebSockets on Starlette."""

from pyfly.websocket.adapters.starlette.registrar import WebSocketRegistrar

__all__ = ["WebSocketRegistrar"]
