# SPDX-License-Identifier: Apache-2.0
"""One WebSocket endpoint, compiled: what happens from the handshake to the end of the connection."""

import logging
from dataclasses import replace
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, Final

from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import ForbiddenException, ServiceUnavailableException, is_expected_error
from pyfly.web.adapters.starlette.beans import BeanHandle
from pyfly.web.adapters.starlette.handshakes import Handshake
from pyfly.web.binding import Exchange
from pyfly.websocket.adapters.starlette.asgi_socket import AsgiSocket
from pyfly.websocket.adapters.starlette.farewell import Farewell
from pyfly.websocket.adapters.starlette.settings import SocketSettings
from pyfly.websocket.adapters.starlette.supervision import SocketSupervisor
from pyfly.websocket.endpoints import SocketEndpoint
from pyfly.websocket.handler import WebSocketSession
from pyfly.websocket.parameters import compile_session_parameters
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect as StarletteDisconnect
