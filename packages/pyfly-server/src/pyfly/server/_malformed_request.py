# SPDX-License-Identifier: Apache-2.0
"""What makes a request malformed: whatever two parties on its way could understand differently.

Server libraries differ in where they see the end of a body, which host a request is for, or which version it
has. A proxy in front may take yet another view, and see one request where the server sees two (request
smuggling). The rules are those of RFC 9110, RFC 9112 and RFC 9113; hosts have the syntax that the web layer
takes too.
"""

import re
from collections.abc import Container
from ipaddress import IPv6Address
from itertools import chain
from typing import Final

from pyfly.server.asgi import Scope

MULTIPLEXED: Final = frozenset({"2", "3"})
"""The versions of HTTP that have frames, as servers write them."""

_HTTP_1_0: Final = frozenset({"1.0", "1"})
_OF_CONNECTIONS: Final = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"upgrade"})
_CHECKED: Final = frozenset({b"host", b"content-length", b"transfer-encoding", b"te", *_OF_CONNECTIONS})

_LONGEST_HOST: Final = 261  # a host name of 253 characters, its dot, and a port
_LARGEST_PORT: Final = 65535
_LONGEST_LENGTH: Final = 18  # digits; no body is that large
_NAME: Final = rb"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?"
_HOST: Final = re.compile(rb"(?:" + _NAME + rb"|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{0,5}))?")
_ABSOLUTE: Final = re.compile(rb"https?://(?P<authority>[^/?#]+)(?P<path>/.*)?", re.IGNORECASE | re.DOTALL)
_TARGET: Final = re.compile(rb"[\x21\x22\x24-\x7e]*")
_METHOD: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_WITHOUT_CONTROLS: Final = bytes(
    ord("?") if byte == 0x7F or (byte < 0x20 and byte != 0x09) else byte for byte in range(256)
)


class MalformedRequestError(Exception):
    """Report a request that has to be refused.

    Attributes:
        reason: What is wrong with it, as a sentence for the client.
        status: The status to answer with.
    """

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


def check_request(
    scope: Scope, known_hosts: Container[bytes | None], *, checks_values: bool
) -> tuple[bytes | None, bytes | None]:
    """Check the head of a request.

    Args:
        scope: The scope of an ``http`` or a ``websocket`` connection.
        known_hosts: Hosts that are well-formed.
        checks_values: Whether to look for control characters and fragments.

    Returns:
        The host, and the percent-encoded path of a target in absolute form; None for each that is not there.

    Raises:
        MalformedRequestError: The request is to be refused.
    """
    version = scope["http_version"]
    multiplexed = version in MULTIPLEXED
    old = version in _HTTP_1_0
    if version != "1.1" and not multiplexed and not old:
        raise MalformedRequestError("This server speaks HTTP/1.0 and HTTP/1.1.", 505)

    host = length = coding = None
    for name, value in scope["headers"]:
        if name not in _CHECKED:
            continue

        if name == b"host":
            if host is not None:
                raise MalformedRequestError("There are several Host headers.")

            host = value
        elif name == b"content-length":
            if length is not None:
                raise MalformedRequestError("There are several Content-Length headers.")

            length = value
        elif multiplexed and (name != b"te" or value.lower() != b"trailers"):
            raise MalformedRequestError("There is a header that only HTTP/1 has.")
        elif name == b"transfer-encoding":
            if coding is not None:
                raise MalformedRequestError("There are several Transfer-Encoding headers.")

            coding = value

    if host not in known_hosts and (host or not old):
        _check_host(host)

    if length is not None or coding is not None:
        _check_body(length, coding, old)

    if scope["type"] == "websocket" and not multiplexed:
        _check_handshake(length, coding, old)

    if checks_values:
        _check_characters(scope)

    return host, _read_path(scope, host, multiplexed)


def _check_host(host: bytes | None) -> None:
    if not host:
        raise MalformedRequestError("The Host header is missing.")

    match = _HOST.fullmatch(host) if len(host) <= _LONGEST_HOST else None
    if match is None or int(match["port"] or 0) > _LARGEST_PORT or not _is_address(match["six"]):
        raise MalformedRequestError("The Host header is malformed.")


def _is_address(text: bytes | None) -> bool:
    try:
        return text is None or bool(IPv6Address(str(text, "ascii")))
    except ValueError:
        return False


def _check_body(length: bytes | None, coding: bytes | None, old: bool) -> None:
    if length is not None and (len(length) > _LONGEST_LENGTH or not length.isdigit()):
        raise MalformedRequestError("The Content-Length header is malformed.")

    if coding is None:
        return

    if length is not None:
        raise MalformedRequestError("There are a Content-Length and a Transfer-Encoding header.")

    if old:
        raise MalformedRequestError("HTTP/1.0 has no Transfer-Encoding header.")

    if coding.lower() != b"chunked":
        raise MalformedRequestError("The Transfer-Encoding header is not chunked.")


def _check_handshake(length: bytes | None, coding: bytes | None, old: bool) -> None:
    if old:
        raise MalformedRequestError("WebSockets need HTTP/1.1.")

    if coding is not None or int(length or 0) > 0:
        raise MalformedRequestError("The handshake of a WebSocket has no body.")


def _check_characters(scope: Scope) -> None:
    headers = b"".join(chain.from_iterable(scope["headers"]))
    if headers.translate(_WITHOUT_CONTROLS) != headers:
        raise MalformedRequestError("There is a control character in a header.")

    target = (scope.get("raw_path") or b"") + scope.get("query_string", b"")
    if _TARGET.fullmatch(target) is None:
        raise MalformedRequestError("The request target is malformed.")

    if _METHOD.fullmatch(scope.get("method", "GET")) is None:
        raise MalformedRequestError("The method is malformed.")


def _read_path(scope: Scope, host: bytes | None, multiplexed: bool) -> bytes | None:
    method = scope.get("method")
    if method == "CONNECT":
        raise MalformedRequestError("This server is no proxy.")

    target = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    if target.startswith(b"/") or (target == b"*" and method == "OPTIONS"):
        return None

    absolute = None if multiplexed else _ABSOLUTE.fullmatch(target)
    if absolute is None:
        raise MalformedRequestError("The request target is malformed.")

    if host is not None and absolute["authority"].lower() != host.lower():
        raise MalformedRequestError("The request target and the Host header differ.")

    return absolute["path"] or b"/"
