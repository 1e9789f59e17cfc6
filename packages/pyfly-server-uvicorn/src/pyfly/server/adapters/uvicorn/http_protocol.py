# SPDX-License-Identifier: Apache-2.0
"""A connection over HTTP/1: Uvicorn's, with limits for heads and framing, and an end that loses nothing."""

import asyncio
from typing import Any, Final, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from pyfly.server.adapters.uvicorn.cut_requests import request_logger
from pyfly.server.adapters.uvicorn.engine_state import EngineState
from pyfly.server.connection_limit import too_many_connections

__all__ = ["HttpProtocol"]

_LARGEST_HEAD: Final = 64 * 1024
"""Bytes of a head, and of what frames a body without a byte of it: chunk extensions, trailers."""
_MOST_HEADERS: Final = 256
_PATIENCE: Final = 1.0
"""Seconds of draining after which half a head is not waited for any more."""

_TOO_LARGE: Final = STATUS_LINE[431] + b"content-length: 0\r\nconnection: close\r\n\r\n"


class HttpProtocol(HttpToolsProtocol):
    """Serve one connection over HTTP/1.

    A client has ``head_timeout`` seconds for the head of its first request, and for that of a further one
    from its first byte on. Between requests it may be silent for the keep-alive time-out.
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
        self.logger = request_logger
        self._state = server_state
        self._head_timer: asyncio.TimerHandle | None = None
        self._received = 0
        self._overhead = 0
        self._has_progressed = False
        self._is_beyond_limit = False
        self._is_read_again = False
        self._is_too_large = False
        self._is_deaf = False

    @property
    def is_idle(self) -> bool:
        """Whether no request is being received or answered."""
        if self._is_answering:
            return False

        return not self._has_part_of_a_head or self._state.has_drained_for(_PATIENCE)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base
        """Begin; a client that comes after the end is sent away."""
        super().connection_made(transport)
        if self._state.ended:
            transport.abort()
            return

        self._await_head()
        if not self._state.limit.admit(transport):
            self._is_beyond_limit = True
            self.app = cast(ASGI3Application, too_many_connections)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._state.limit.leave(self.transport)
        self._unset_keepalive_if_required()
        self._await_no_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        if self._is_deaf:
            return

        timer = self.timeout_keep_alive_task
        self._unset_keepalive_if_required()
        self._has_progressed = False
        self._received = len(data)
        self._parse(data)
        cycle = self.cycle
        if (
            self._has_progressed
            and cycle is not None
            and cycle.scope is self.scope
            and not cycle.response_complete
        ):
            # Nearly all requests come whole, and pay for no more than this.
            self._overhead = 0
        else:
            self._limit_what_waits(timer)

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the request offers a protocol that is not taken: it is read once more."""
        self._has_progressed = True
        if self._head_timer is not None:
            self._await_no_head()

        size = self._overhead + self._received
        if len(self.headers) > _MOST_HEADERS or (size > _LARGEST_HEAD and self._head_size() > _LARGEST_HEAD):
            self._is_too_large = True
            raise httptools.HttpParserError("the head is too large")

        self._is_read_again = self.parser.should_upgrade() and not self._should_upgrade()
        if not self._is_read_again:
            self._begin_answer()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._has_progressed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Tell the application that the body is complete."""
        if self._is_read_again or self._has_part_of_a_head:
            return

        self.cycle.more_body = False
        if not self.cycle.response_complete:
            self.cycle.message_event.set()

    def drain(self) -> None:
        """End with the request that is being answered, if its client can still be told so."""
        if self.cycle is not None and not self.cycle.response_started:
            self.cycle.keep_alive = False

    @property
    def _has_part_of_a_head(self) -> bool:
        return self.scope is not None and (self.cycle is None or self.cycle.scope is not self.scope)

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def _goes_on(self) -> bool:
        # A connection that has become a WebSocket is none of these any more.
        return self in self.connections and not self.transport.is_closing()

    def _begin_answer(self) -> None:
        if self._is_beyond_limit and self._has_place():
            self.app = self.config.loaded_app

        before = self.cycle
        super().on_headers_complete()
        cycle = self.cycle
        if cycle is before:
            # A WebSocket is answered elsewhere.
            return

        # What comes behind a body must not pass for a header of the request.
        self.headers = []
        if self._state.ends_connections:
            cycle.keep_alive = False
            if before is not None and self._state.keep_alive:
                # The answer before it is not the last one any more.
                before.keep_alive = before.keep_alive or not before.response_started

    def _has_place(self) -> bool:
        self._is_beyond_limit = not self._state.limit.admit(self.transport)
        return not self._is_beyond_limit

    def _limit_what_waits(self, timer: asyncio.TimerHandle | None) -> None:
        self._overhead = 0 if self._has_progressed else self._overhead + self._received
        if self._overhead > _LARGEST_HEAD:
            self._is_too_large = True
            self._refuse()

        if not self._goes_on:
            self._await_no_head()
        elif self._has_part_of_a_head:
            if self._head_timer is None:
                self._await_head()
        elif timer is not None and not self._is_answering:
            # The rest of a body that is answered already is a sign of life; empty lines are none.
            deadline = self.loop.time() + self.timeout_keep_alive if self.cycle.more_body else timer.when()
            self.timeout_keep_alive_task = self.loop.call_at(deadline, self.timeout_keep_alive_handler)

    def _await_head(self) -> None:
        timeout = self._state.head_timeout
        if timeout is not None:
            self._head_timer = self.loop.call_later(timeout, self._head_is_late)

    def _await_no_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._is_deaf = True
        if self._is_answering:
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse()
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
            self._refuse()
            return

        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        # The old one may be through with this connection (Connection: close).
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._parse(b"\r\n".join([*lines, b"", rest]))

    def _refuse(self) -> None:
        self._is_deaf = True
        if self.transport.is_closing():
            return

        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if cycle.scope is not self.scope:
                # A request before it is being answered: the connection ends with that answer.
                cycle.keep_alive = False
                return

            if cycle.response_started:
                self.transport.close()
                return

        if self._is_too_large:
            self.transport.write(_TOO_LARGE)
            self.transport.close()
        else:
            self.logger.debug("Invalid HTTP request received.")
            self.send_400_response("Invalid HTTP request received.")

    def _should_upgrade(self) -> bool:
        return (
            self.parser.get_method() == b"GET"
            and super()._should_upgrade()
            and not any(_announces_body(*header) for header in self.headers)
            and (not self._is_beyond_limit or self._has_place())
        )


def _announces_body(name: bytes, value: bytes) -> bool:
    return name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
