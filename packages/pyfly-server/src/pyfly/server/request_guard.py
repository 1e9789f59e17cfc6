# SPDX-License-Identifier: Apache-2.0
"""Refuse malformed requests before the application sees them, whatever the server library lets through."""

import logging
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final
from urllib.parse import unquote

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server._malformed_request import MULTIPLEXED, MalformedRequestError, check_request
from pyfly.server.asgi import Application, Message, Receive, Scope, Send

__all__ = ["guarded"]

_MOST_KNOWN_HOSTS: Final = 1024
_SLASH: Final = ord("/")

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


def guarded(application: Application, *, checks_values: bool = False) -> Application:
    """Return an application that answers malformed requests itself, with status 400 or 505.

    The connection of such a request over HTTP/1 is closed: nobody can tell where the next one begins. Good
    requests reach the application with the scope that the server has made. The only scope that is changed is
    the one of a target in absolute form (``GET http://host/path``), if the server has not taken it apart.

    Args:
        application: The application; scopes other than ``http`` and ``websocket`` reach it unseen.
        checks_values: Whether to look for control characters and fragments too, for servers that let them
            through.
    """
    known_hosts: set[bytes | None] = set()

    def examine(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] not in ("http", "websocket"):
            return application(scope, receive, send)

        try:
            host, path = check_request(scope, known_hosts, checks_values=checks_values)
        except MalformedRequestError as error:
            return _refuse(scope, send, error)

        if host and host not in known_hosts:
            # Hosts that clients make up must not fill the memory.
            if len(known_hosts) >= _MOST_KNOWN_HOSTS:
                known_hosts.clear()

            known_hosts.add(host)

        if path is not None:
            scope = {**scope, "path": unquote(str(path, "utf-8", "replace")), "raw_path": path}

        return application(scope, receive, send)

    def guard(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        # Nearly all requests are plain, and pay for this loop alone. The others are examined.
        plain = False
        host: bytes | None = None
        try:
            if (
                scope["http_version"] == "1.1"
                and scope["raw_path"][0] == _SLASH
                and scope["method"] != "CONNECT"
            ):
                for name, value in scope["headers"]:
                    if name == b"host":
                        if host is not None:
                            break

                        host = value
                    elif name == b"transfer-encoding":
                        break
                else:
                    plain = host in known_hosts
        except (KeyError, IndexError, TypeError):
            # A WebSocket, or a scope without a part that is optional.
            pass

        return application(scope, receive, send) if plain else examine(scope, receive, send)

    return examine if checks_values else guard


async def _refuse(scope: Scope, send: Send, error: MalformedRequestError) -> None:
    _logger.debug("request_refused", reason=error.reason, status=error.status)
    body = f"{error.reason}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if scope["http_version"] not in MULTIPLEXED:
        headers.append((b"connection", b"close"))

    messages: list[Message] = [
        {"type": "http.response.start", "status": error.status, "headers": headers},
        {"type": "http.response.body", "body": body},
    ]
    if scope["type"] == "websocket":
        if "websocket.http.response" in (scope.get("extensions") or ()):
            messages = [{**message, "type": f"websocket.{message['type']}"} for message in messages]
        else:
            messages = [{"type": "websocket.close", "code": 1002}]

    # The client may be gone already.
    with suppress(OSError):
        for message in messages:
            await send(message)
