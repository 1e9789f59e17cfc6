# SPDX-License-Identifier: Apache-2.0
"""Believe what proxies say about a request, if they are on a list, and nobody else."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pyfly.server._forwarding_headers import Forwarding, read_forwardings
from pyfly.server._trusted_networks import TrustedNetworks, forwarded_address, peer_address
from pyfly.server.asgi import Application, Receive, Scope, Send

__all__ = ["TrustedProxies"]

_ADDRESSES_REMEMBERED = 1024
_LONGEST_NODE = 64
_LARGEST_PORT = 65535
_SCHEMES = {
    "http": {"http": "http", "https": "https", "ws": "http", "wss": "https"},
    "websocket": {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"},
}
_HOST = re.compile(
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9._])?|\[(?P<six>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?"
)


class TrustedProxies:
    """Give an application the client, the scheme and the host that trusted proxies tell of.

    Headers of anybody else stay where they are, and change nothing. So do values that cannot be read.

    - The client is the address next to the last trusted proxy: the rightmost one of ``X-Forwarded-For`` that
      is not trusted itself. Its port is 0 where it is not told.
    - The scheme is the one of ``X-Forwarded-Proto``, ``http`` or ``https``.
    - ``X-Forwarded-Host`` replaces the header ``Host``.
    - ``Forwarded`` (RFC 7239) counts where none of these is there.

    Proxies have to remove or replace these headers of their clients.
    """

    def __init__(self, app: Application, trusted: Sequence[str]) -> None:
        """Wrap an application.

        Args:
            app: The application.
            trusted: Addresses and networks (CIDR) of proxies; ``unix`` for peers on a Unix socket.

        Raises:
            RefusedSettingError: An entry is none of these.
        """
        self._app = app
        self._trusted = TrustedNetworks(trusted)
        self._is_trusted_peer = lru_cache(_ADDRESSES_REMEMBERED)(self._judge_peer)
        self._sender = lru_cache(_ADDRESSES_REMEMBERED)(self._judge_sender)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the scope that came in is left as it is."""
        schemes = _SCHEMES.get(scope["type"])
        if schemes is not None:
            client = scope.get("client")
            if self._is_trusted_peer(client[0] if client else ""):
                forwardings = read_forwardings(scope["headers"])
                if forwardings:
                    scope = {**scope, **self._changes(scope, forwardings, schemes)}

        await self._app(scope, receive, send)

    def _judge_peer(self, peer: str) -> bool:
        # Servers know no address of a peer on a Unix socket.
        if not peer or peer.startswith("unix:"):
            return self._trusted.unix

        address = peer_address(peer)
        return address is not None and address in self._trusted

    def _judge_sender(self, node: str) -> tuple[tuple[str, int], bool] | None:
        found = forwarded_address(node)
        if found is None:
            return None

        address, port = found
        return (str(address), port), address in self._trusted

    def _changes(
        self, scope: Scope, forwardings: Sequence[Forwarding], schemes: dict[str, str]
    ) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        believed = forwardings[-1]
        for believed in reversed(forwardings):
            node = believed.node
            sender = self._sender(node) if node is not None and len(node) <= _LONGEST_NODE else None
            if sender is None:
                break

            changes["client"], is_proxy = sender
            if not is_proxy:
                break

        scheme = schemes.get((believed.scheme or "").lower())
        if scheme is not None:
            changes["scheme"] = scheme

        if believed.host is not None and _is_host(believed.host):
            others = [header for header in scope["headers"] if header[0] != b"host"]
            changes["headers"] = [(b"host", believed.host.encode("ascii")), *others]

        return changes


def _is_host(text: str) -> bool:
    match = _HOST.fullmatch(text)
    if match is None or int(match["port"] or 0) > _LARGEST_PORT:
        return False

    return match["six"] is None or forwarded_address(f"[{match['six']}]") is not None
