# SPDX-License-Identifier: Apache-2.0
"""A connection over HTTP/1: Uvicorn's, with limits for heads of requests and an end that loses no request."""

import asyncio
from typing import Any, Final, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from pyfly.server.adapters.uvicorn.engine_state import EngineState
from pyfly.server.connection_limit import too_many_connections

_LARGEST_HEAD: Final = 64 * 1024
"""Bytes of a head that has not come whole; one that has is for the application to judge."""

_TOO_LARGE: Final = STATUS_LINE[431] + b"content-length: 0\r\nconnection: close\r\n\r\n"


class HttpProtocol(HttpToolsProtocol):
    """Serve one connection over HTTP/1.

    A client has ``head_timeout`` seconds to send the head of its first request, and of each one after an
    answer, whole. A client that waits to hear ``100 Continue``, or sends the rest of a body, is not meant.
    """

    def __init__(
        self,
        config: Config,
        server_state: EngineState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.access_log = server_state.access_log
        self._state = server_state
        self._head_size = 0
        self._is_read_again = False

    @property
    def is_idle(self) -> bool:
        """Whether no request is being received or answered."""
        return not self._has_part_of_a_head and (self.cycle is None or self.cycle.response_complete)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base
        """Begin; a client that comes after the end is sent away."""
        super().connection_made(transport)
        if self._state.ended:
            transport.abort()
            return

        self._state.limit.admit(transport)
        self._await_head(self.loop.time() + self._state.head_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._state.limit.leave(self.transport)
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        waiting = self.timeout_keep_alive_task
        self._unset_keepalive_if_required()
        self._parse(data)
        if not self._has_part_of_a_head:
            self._head_size = 0
            if waiting is not None and self.is_idle and self._goes_on:
                # The rest of the body of a request that is answered already, or empty lines.
                self._await_head(self.loop.time() + self._state.head_timeout)

            return

        self._head_size += len(data)
        if self._head_size > _LARGEST_HEAD:
            self._refuse_head()
        elif waiting is not None and self._goes_on:
            self._await_head(waiting.when())

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the request offers a protocol that is not taken: it is read once more."""
        self._is_read_again = self.parser.should_upgrade() and not self._should_upgrade()
        if not self._is_read_again:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Tell the application that the body is complete."""
        if not self._is_read_again:
            super().on_message_complete()

    def drain(self) -> None:
        """End with the request that is being answered, if its client can still be told so."""
        if self.cycle is not None and not self.cycle.response_started:
            self.cycle.keep_alive = False

    @property
    def _has_part_of_a_head(self) -> bool:
        return self.scope is not None and (self.cycle is None or self.cycle.scope is not self.scope)

    @property
    def _goes_on(self) -> bool:
        # A connection that has become a WebSocket is none of these any more.
        return self in self.connections and not self.transport.is_closing()

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse("Invalid HTTP request received.")
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self._parse_without_offer(data[upgrade.args[0] :])

    def _parse_without_offer(self, rest: bytes) -> None:
        # A server may ignore an upgrade (RFC 9110, 7.8). httptools takes what follows the head for the other
        # protocol: a body would become the next request.
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse("CONNECT is for proxies.")
            return

        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        self._parse(b"\r\n".join([*lines, b"", rest]))

    def _refuse(self, reason: str) -> None:
        self.logger.warning(reason)
        self.send_400_response(reason)

    def _await_head(self, deadline: float) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_at(deadline, self.timeout_keep_alive_handler)

    def _refuse_head(self) -> None:
        if self._goes_on and (self.cycle is None or self.cycle.response_complete):
            self.transport.write(_TOO_LARGE)

        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        state = self._state
        state.requests += 1
        if not state.keep_alive or (state.draining and not self.pipeline):
            cycle.keep_alive = False

        if not state.limit.admit(self.transport):
            app = cast(ASGI3Application, too_many_connections)

        super()._start_asgi_task(cycle, app)

    def _should_upgrade(self) -> bool:
        return (
            self.parser.get_method() == b"GET"
            and super()._should_upgrade()
            and not any(_announces_body(*header) for header in self.headers)
            and self._state.limit.admit(self.transport)
        )


def _announces_body(name: bytes, value: bytes) -> bool:
    return name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
