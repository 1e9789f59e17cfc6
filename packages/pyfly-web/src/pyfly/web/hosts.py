# SPDX-License-Identifier: Apache-2.0
"""The ``Host`` header: its syntax, and which hosts an application answers for."""

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["HostPatterns", "parse_host"]

_NAME: Final = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_HOST: Final = re.compile(
    rf"(?P<host>{_NAME})\.?(?::(?P<port>[0-9]{{0,5}}))?|(?P<ip>\[[0-9A-Fa-f:.]+\])(?::(?P<ip_port>[0-9]{{0,5}}))?"
)
_LONGEST: Final = 261  # a host name of 253 characters, its dot, and a port


def parse_host(value: str) -> tuple[str, str] | None:
    """Split a host and port as RFC 9110, 7.2, has them in ``Host``.

    Only what appears in names that are in use is taken: letters, digits, ``-``, ``_`` and dots, or an IPv6
    address in brackets. Users, paths, blanks, lists and percent-encoding are refused.

    Returns:
        The host in lower case without a dot at its end, and the port or an empty text; ``None`` if the value
        is something else.
    """
    found = _HOST.fullmatch(value) if len(value) <= _LONGEST else None
    if found is None:
        return None

    host = (found["host"] or found["ip"]).lower()
    port = found["port"] or found["ip_port"] or ""
    if not port:
        return host, ""

    return (host, str(int(port))) if int(port) < 65536 else None


class HostPatterns:
    """Hosts that an application answers for.

    Args:
        patterns: Hosts. ``*.example.com`` stands for every host below ``example.com``, ``*`` for all. A host
            with a port stands for that port only, one without for any.

    Raises:
        ValueError: One of them is no host and no pattern.
    """

    __slots__ = ("_any", "_endings", "_hosts", "_with_port")

    def __init__(self, patterns: Sequence[str]) -> None:
        self._hosts: set[str] = set()
        self._with_port: set[tuple[str, str]] = set()
        self._endings: list[tuple[str, str]] = []
        self._any = "*" in patterns
        for pattern in patterns:
            if pattern != "*":
                self._add(pattern)

    def _add(self, pattern: str) -> None:
        below = pattern.startswith("*.")
        parsed = parse_host(pattern[2:] if below else pattern)
        if parsed is None:
            raise ValueError(
                f"expected a host such as shop.example.com, *.example.com or localhost:8000, got {pattern!r}"
            )

        host, port = parsed
        if below:
            self._endings.append((f".{host}", port))
        elif port:
            self._with_port.add(parsed)
        else:
            self._hosts.add(host)

    def allow(self, host: str, port: str) -> bool:
        """Tell whether a host, as `parse_host` gives it, is one of them."""
        if self._any or host in self._hosts or (host, port) in self._with_port:
            return True

        return any(host.endswith(ending) and wanted in ("", port) for ending, wanted in self._endings)
