# SPDX-License-Identifier: Apache-2.0
"""One WebSocket endpoint, compiled: what happens from the handshake to the end of the connection."""

import logging
from dataclasses import replace
from functools import partial
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
from pyfly.websocket.disconnect import WebSocketDisconnect
from pyfly.websocket.endpoints import SocketEndpoint
from pyfly.websocket.handler import WebSocketSession
from pyfly.websocket.parameters import compile_session_parameters
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect as StarletteDisconnect

_KIND: Final = "websocket"
_SECURE: Final = frozenset({"wss", "https"})
_LONGEST_REASON: Final = 123
_POLICY_VIOLATION: Final = 1008
_INTERNAL_ERROR: Final = 1011

logger = logging.getLogger("pyfly.websocket.adapters.starlette")


class SocketPlan:
    """Serve the connections of one endpoint; an ASGI application for WebSocket scopes.

    Args:
        endpoint: What the controller declares.
        controller: The controller bean.
        settings: What all WebSockets have in common.

    Attributes:
        endpoint: What the controller declares.

    Raises:
        RouteDefinitionError: A parameter of the handler cannot be bound.
    """

    def __init__(self, endpoint: SocketEndpoint, controller: BeanHandle, settings: SocketSettings) -> None:
        parameters = compile_session_parameters(endpoint, _session_of, {RequestContext: _request_context_of})
        self._positional = tuple(it.bind for it in parameters if not it.keyword_only)
        self._named = tuple((it.name, it.bind) for it in parameters if it.keyword_only)
        self.endpoint = endpoint
        self._controller = controller
        self._method = endpoint.name
        self._name = f"{endpoint.controller.__name__}.{endpoint.name}"
        self._path_names = endpoint.template.names
        self._settings = settings
        self._options = replace(settings.options, subprotocols=endpoint.subprotocols)
        self._farewell = Farewell(endpoint.controller, settings.close_timeout)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, errors included."""
        if (await receive())["type"] != "websocket.connect":
            return

        handshake = Handshake.of(scope, receive, send)
        refusal = self._refusal(handshake.exchange)
        if refusal is not None:
            logger.warning("%s refuses a connection: %s", self._name, refusal)
            await handshake.turn_away(refusal, send)
        elif RequestContext.current() is None:
            async with RequestContext.scope():
                await self._serve(handshake, receive, send)
        else:
            await self._serve(handshake, receive, send)

    def _refusal(self, exchange: Exchange) -> Exception | None:
        settings = self._settings
        if settings.connections.stopping:
            return ServiceUnavailableException("The server stops", code="SERVER_STOPS")

        if settings.connections.count(_KIND) >= settings.max_connections:
            return ServiceUnavailableException(
                "Too many connections are open", code="TOO_MANY_CONNECTIONS", context={"retry_after": 5}
            )

        origin = exchange.header(b"origin")
        secure = exchange.scope.get("scheme") in _SECURE
        if not settings.origins.allows(origin, host=exchange.header(b"host"), secure=secure):
            return ForbiddenException("Pages of this origin may not connect", code="ORIGIN_NOT_ALLOWED")

        return None

    async def _serve(self, handshake: Handshake, receive: Receive, send: Send) -> None:
        settings, exchange = self._settings, handshake.exchange
        scope = exchange.scope
        socket = AsgiSocket(scope, receive, send, queue_size=settings.queue_size, allows=self._options.allows)
        session = WebSocketSession(socket, self._options)
        exchange.request = session
        exchange.path_values = tuple(str(scope["path_params"][name]) for name in self._path_names)
        supervisor = SocketSupervisor(socket, self._name, settings.close_timeout)
        settings.connections.add(supervisor, _KIND, scope)
        controller: list[Any] = []
        try:
            error = await supervisor.run(self._handle(exchange, controller))
            await self._conclude(error, handshake, session, socket, send)
        finally:
            if session.accepted and controller:
                await self._farewell.say(controller[0], session)

            await supervisor.finish_closing()
            settings.connections.discard(supervisor)

    async def _handle(self, exchange: Exchange, controller: list[Any]) -> None:
        bean = self._controller.ready()
        if bean is None:
            bean = await self._controller.fetch()

        controller.append(bean)
        arguments = [bind(exchange) for bind in self._positional]
        method = getattr(bean, self._method)
        if self._named:
            method = partial(method, **{name: bind(exchange) for name, bind in self._named})

        await method(*arguments)

    async def _conclude(
        self,
        error: Exception | None,
        handshake: Handshake,
        session: WebSocketSession,
        socket: AsgiSocket,
        send: Send,
    ) -> None:
        if isinstance(error, WebSocketDisconnect | StarletteDisconnect):
            error = None

        if session.accepted:
            if error is not None:
                logger.warning("%s failed", self._name, exc_info=error)

            await socket.close(*_ending(error))
        elif error is None:
            await socket.close(_POLICY_VIOLATION)
        elif not socket.ended.done():
            await handshake.refuse(error, send)


def _ending(error: Exception | None) -> tuple[int, str]:
    if error is None:
        return 1000, ""

    if is_expected_error(error):
        return _POLICY_VIOLATION, str(error).encode()[:_LONGEST_REASON].decode("utf-8", "ignore")

    return _INTERNAL_ERROR, ""


def _session_of(exchange: Exchange) -> Any:
    return exchange.request


def _request_context_of(exchange: Exchange) -> RequestContext | None:
    return RequestContext.current()
