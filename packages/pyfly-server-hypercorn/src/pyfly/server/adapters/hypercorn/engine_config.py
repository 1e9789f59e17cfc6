# SPDX-License-Identifier: Apache-2.0
"""Hypercorn's configuration, made from settings of the engine."""

import logging
import sys
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from hypercorn.config import Config
from hypercorn.logging import Logger
from hypercorn.typing import ResponseSummary, WWWScope

from pyfly.server.engine import EngineSettings

__all__ = ["EngineConfig"]

_LARGEST_HEAD: Final = 64 * 1024


class EngineConfig(Config):
    """Configure Hypercorn, without handlers of logs and files of its own.

    Args:
        settings: How connections are answered.
        quic_port: The UDP port of HTTP/3, which answers over other versions tell of; None without HTTP/3.
    """

    h11_max_incomplete_size = _LARGEST_HEAD
    h2_max_header_list_size = _LARGEST_HEAD
    keep_alive_max_requests = sys.maxsize
    websocket_ping_interval = 20.0

    def __init__(self, settings: EngineSettings, *, quic_port: int | None) -> None:
        self.backlog = settings.backlog
        self.errorlog = logging.getLogger("hypercorn.error")
        self.accesslog = logging.getLogger("hypercorn.access") if settings.access_log else None
        self.access_log_format = '%(client)s - "%(method)s %(target)s %(protocol)s" %(status)s'
        self.logger_class = _AccessLog
        if quic_port is not None:
            self.alt_svc_headers = [f'h3=":{quic_port}"; ma=3600']

        self._headers: dict[str, list[tuple[bytes, bytes]]] = {}
        self._headers_second = 0

    def response_headers(self, protocol: str) -> list[tuple[bytes, bytes]]:
        """Return the headers that each answer gets; they are made once a second."""
        second = int(time.time())
        if second != self._headers_second:
            self._headers.clear()
            self._headers_second = second

        if protocol not in self._headers:
            self._headers[protocol] = super().response_headers(protocol)

        return self._headers[protocol]


class _AccessLog(Logger):
    def atoms(
        self, request: WWWScope, response: ResponseSummary | None, request_time: float
    ) -> Mapping[str, str]:
        client = request["client"]
        query = request["query_string"].decode("latin-1")
        is_http = request["type"] == "http"
        return {
            "client": f"{client[0]}:{client[1]}" if client else "",
            "method": request["method"] if request["type"] == "http" else "GET",
            "target": quote(request["path"]) + (f"?{query}" if query else ""),
            "protocol": f"HTTP/{request['http_version']}" if is_http else "WebSocket",
            "status": "-" if response is None else str(response["status"]),
        }
